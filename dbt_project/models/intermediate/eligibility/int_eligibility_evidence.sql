-- What the data say of an eligibility criterion, one row per subject and criterion of which they say anything:
-- whether its sentence is true of the subject (Y, N), and the record that says so. What they do not settle, or no
-- form asks for, has no row. What only seems to say so has a `question` that the site alone can answer: the rules hold
-- its answer against such a record, and adie does not overrule it.
-- `evidence` is for the site, in its own values; `reason` is published, and holds nothing
-- a site typed.
with limits as (
    select
        {{ parameter('acr_criteria_min') }} as acr_criteria_min,
        {{ parameter('age_over') }} as age_over,
        {{ parameter('sledai_active_min') }} as sledai_active_min
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

acr_criteria as (
    select count(*) as criteria
    from {{ ref('codelists') }}
    where codelist = 'ACRCRIT'
),

-- No answer to a criterion is no evidence that it is not met: too few are left only when enough are answered with N.
judged_as_a_whole as (
    select
        facts.*,
        acr_criteria.criteria as all_criteria,
        case facts.form when 'acr' then 'INC01' when 'dm' then 'INC02' when 'sledai' then 'INC03' end as ietestcd,
        case
            when facts.form = 'acr' and facts.criteria_met >= limits.acr_criteria_min then 'Y'
            when
                facts.form = 'acr'
                and acr_criteria.criteria - facts.criteria_not_met < limits.acr_criteria_min
                then 'N'
            when facts.form = 'dm' and facts.age > limits.age_over then 'Y'
            when facts.form = 'dm' and coalesce(facts.age, facts.age_at_most) <= limits.age_over then 'N'
            -- Active is half of the criterion: activity does not make it true, inactivity makes it untrue.
            when facts.form = 'sledai' and facts.sledai < limits.sledai_active_min then 'N'
        end as data_say
    from {{ ref('int_eligibility_facts') }} as facts
    cross join limits
    cross join acr_criteria
),

of_the_whole_subject as (
    select
        usubjid,
        ietestcd,
        data_say,
        case form
            when 'acr'
                then
                    case data_say
                        when 'Y' then criteria_met || ' ACR criteria are recorded as met'
                        else criteria_not_met || ' of ' || all_criteria || ' ACR criteria are recorded as not met'
                    end
            when 'dm'
                then 'the age is ' || case when age is null then 'at most ' else '' end || coalesce(age, age_at_most)
            when 'sledai' then 'SLEDAI-2K at baseline is ' || sledai
        end as evidence,
        form,
        coalesce(case data_say when 'Y' then met_row_id when 'N' then not_met_row_id end, row_id) as row_id
    from judged_as_a_whole
    where data_say is not null
),

laboratory as (
    select
        usubjid,
        row_id,
        case lbtestcd
            when 'IGG' then 'EXC04'
            when 'IGA' then 'EXC05'
            when 'HIV' then 'EXC11'
            when 'HBSAG' then 'EXC12'
            when 'HBCAB' then 'EXC12'
            when 'HCVAB' then 'EXC13'
        end as ietestcd,
        lbtestcd,
        coalesce(result < lowest_allowed, serology = 'POSITIVE') as excludes,
        lbtestcd || ' at screening is ' || result_delivered as evidence,
        lbtestcd || ' at screening is ' || coalesce(serology, {{ shortest_number('result') }} || ' ' || result_unit)
            as reason
    from {{ ref('int_eligibility_labs') }}
),

-- Hepatitis B is one criterion and two tests: either excludes, and only both together clear.
of_the_laboratory as (
    select
        usubjid,
        ietestcd,
        case
            when bool_or(excludes) then 'Y'
            when count(*) = case ietestcd when 'EXC12' then 2 else 1 end then 'N'
        end as data_say,
        coalesce(
            string_agg(evidence, ' and ' order by lbtestcd) filter (where excludes),
            string_agg(evidence, ' and ' order by lbtestcd)
        ) as evidence,
        coalesce(
            string_agg(reason, ' and ' order by lbtestcd) filter (where excludes),
            string_agg(reason, ' and ' order by lbtestcd)
        ) as reason,
        coalesce(min_by(row_id, lbtestcd) filter (where excludes), min_by(row_id, lbtestcd)) as row_id
    from laboratory
    group by usubjid, ietestcd
),

-- That nothing is recorded says nothing. The registry excepts some malignancies and means a primary immunodeficiency
-- alone, and no column of mh tells these apart.
inside as (
    select
        usubjid,
        criterion as ietestcd,
        'the form ' || form || ' has ' || what || ' ' || when_delivered as evidence,
        what || ' ' || window_in_words as reason,
        case criterion
            when 'EXC01' then 'the history has ' || what || ' ' || window_in_words || ': is it one of the exceptions?'
        end as question,
        form,
        row_id
    from {{ ref('int_eligibility_history') }}
    where verdict = 'INSIDE'
    union all
    select
        usubjid,
        'EXC03' as ietestcd,
        'the form mh has an immunodeficiency' as evidence,
        'an immunodeficiency is in the history' as reason,
        'the history has an immunodeficiency: is it a primary one?' as question,
        'mh' as form,
        row_id
    from {{ ref('typed_mh') }}
    where quarantine_rule is null and mhcat = 'IMMUNODEFICIENCY'
),

of_the_history as (
    select *
    from inside
    qualify row_number() over (partition by usubjid, ietestcd order by evidence, row_id) = 1
)

select
    usubjid,
    ietestcd,
    data_say,
    evidence,
    evidence as reason,
    cast(null as varchar) as question,
    form,
    row_id
from of_the_whole_subject
union all
select
    usubjid,
    ietestcd,
    data_say,
    evidence,
    reason,
    null as question,
    'lb' as form,
    row_id
from of_the_laboratory
where data_say is not null
union all
select
    usubjid,
    ietestcd,
    'Y' as data_say,
    evidence,
    reason,
    question,
    form,
    row_id
from of_the_history
