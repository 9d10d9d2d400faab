-- One row per usable answer to an eligibility criterion, infused or not, beside what the data say of that criterion.
-- For ELI06 and ELI11. What the data do not settle (or no form asks for) says nothing, so it contradicts no answer.
with limits as (
    select
        {{ parameter('acr_criteria_min') }} as acr_criteria_min,
        {{ parameter('age_over') }} as age_over,
        {{ parameter('sledai_active_min') }} as sledai_active_min
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

-- A subject without any criterion recorded has no known number of them.
of_the_whole_subject as (
    select
        subjects.usubjid,
        case subjects.form when 'acr' then 'INC01' when 'dm' then 'INC02' when 'sledai' then 'INC03' end as ietestcd,
        case
            when subjects.form = 'acr' and subjects.criteria_met >= limits.acr_criteria_min then 'Y'
            when
                subjects.form = 'acr'
                and subjects.criteria_met_at_most < limits.acr_criteria_min
                and subjects.criteria_met_at_most > 0
                then 'N'
            when subjects.form = 'dm' and subjects.age > limits.age_over then 'Y'
            when subjects.form = 'dm' and coalesce(subjects.age, subjects.age_at_most) <= limits.age_over then 'N'
            -- Active is half of the criterion: activity does not make it true, inactivity makes it untrue.
            when subjects.form = 'sledai' and subjects.sledai < limits.sledai_active_min then 'N'
        end as data_say,
        case subjects.form
            when 'acr' then subjects.criteria_met || ' ACR criteria are recorded as met'
            when 'dm'
                then
                    'the age is ' || case when subjects.age is null then 'at most ' else '' end
                    || coalesce(subjects.age, subjects.age_at_most)
            when 'sledai' then 'SLEDAI-2K at baseline is ' || subjects.sledai
        end as evidence
    from {{ ref('chk_eligibility') }} as subjects
    cross join limits
    where subjects.form in ('acr', 'dm', 'sledai')
),

laboratory as (
    select
        usubjid,
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
        lbtestcd || ' at screening is ' || result_delivered as evidence
    from {{ ref('chk_eligibility_labs') }}
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
        ) as evidence
    from laboratory
    group by usubjid, ietestcd
),

-- That nothing is recorded says nothing.
of_the_history as (
    select
        usubjid,
        criterion as ietestcd,
        'Y' as data_say,
        min('the form ' || form || ' has ' || what || ' ' || when_delivered) as evidence
    from {{ ref('chk_eligibility_history') }}
    where verdict = 'INSIDE'
    group by usubjid, criterion

    union all

    select distinct
        usubjid,
        'EXC03' as ietestcd,
        'Y' as data_say,
        'the form mh has an immunodeficiency' as evidence
    from {{ ref('typed_mh') }}
    where quarantine_rule is null and mhcat = 'IMMUNODEFICIENCY'
),

evidence as (
    select * from of_the_whole_subject
    where data_say is not null
    union all
    select * from of_the_laboratory
    where data_say is not null
    union all
    select * from of_the_history
)

select
    answers.row_id,
    answers.siteid,
    answers.usubjid,
    cast(null as varchar) as visit,
    answers.record_key,
    'ie' as form,
    day0.infused,
    answers.ietestcd,
    criteria.ietest,
    lower(criteria.iecat) as kind,
    answers.ieorres,
    criteria.eligible_answer,
    case when evidence.data_say <> answers.ieorres then evidence.evidence end as contradiction
from {{ ref('typed_ie') }} as answers
inner join {{ ref('eligibility_criteria') }} as criteria on answers.ietestcd = criteria.ietestcd
inner join {{ ref('int_day0') }} as day0 on answers.usubjid = day0.usubjid
left join evidence on answers.usubjid = evidence.usubjid and answers.ietestcd = evidence.ietestcd
where answers.quarantine_rule is null
