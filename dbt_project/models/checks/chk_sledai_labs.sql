-- One row per usable SLEDAI-2K record with a full date: each answer that a laboratory result bears on, beside whether
-- any result this close to it is abnormal (EFF07), and whether the nearest is (EFF10). NULL: there is none, or nobody
-- can tell.
-- Which test bears on which item, and from which limit on, is said by the seed lab_tests.
{% set items = sledai_laboratory_items() %}

with parameters as (
    select
        parameter,
        value,
        unit
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

tests as (
    select
        tests.testcd,
        tests.sledai_item as item,
        tests.sledai_side as side,
        parameters.value as fixed_limit,
        {{ shortest_number('parameters.value') }} || ' ' || parameters.unit as fixed_limit_written
    from {{ ref('lab_tests') }} as tests
    left join parameters on tests.sledai_parameter = parameters.parameter
    where tests.sledai_item is not null
),

-- Read twice rather than kept: 1.7 million rows with their texts, of which hardly any is needed the second time.
-- A result counts in its standard unit; zero is zero in any. Limits of normal that are reversed are no limits (LAB01).
compared as not materialized (
    select
        results.usubjid,
        results.lbdt,
        results.lbtestcd,
        results.lborres,
        results.lborresu,
        tests.item,
        tests.side,
        tests.fixed_limit_written,
        coalesce(results.lbstresn, case when results.lborresn = 0 then 0 end) as result,
        case
            when tests.fixed_limit is not null then tests.fixed_limit
            when results.lbstnrlo > results.lbstnrhi then null
            when tests.side = 'BELOW' then results.lbstnrlo
            else results.lbstnrhi
        end as abnormal_limit,
        case when tests.side = 'BELOW' then results.lbnrlo else results.lbnrhi end as limit_delivered
    from {{ ref('stg_lb') }} as results
    inner join tests on results.lbtestcd = tests.testcd
    where results.lbdt is not null
),

-- 2 abnormal, 1 nobody can tell, 0 normal: of several results the highest says what can be said of all of them.
judged as not materialized (
    select
        *,
        case
            when result is null or abnormal_limit is null then 1
            when side = 'BELOW' and result < abnormal_limit then 2
            when side = 'ABOVE' and result > abnormal_limit then 2
            else 0
        end as state
    from compared
),

-- A day first: a join of every result to every record would be ten times as long.
days as (
    select
        usubjid,
        lbdt,
    {%- for item in items %}
        max(state) filter (where item = {{ item }}) as state{{ item }}{{ ',' if not loop.last }}
    {%- endfor %}
    from judged
    group by usubjid, lbdt
),

closeness as (
    select cast(max(value) filter (where parameter = 'lab_item_days') as integer) as days from parameters
),

dated as (
    select records.*
    from {{ ref('typed_sledai') }} as records
    where records.quarantine_rule is null and records.sledt is not null
),

-- Two visits can be less than twice as far apart, so that a no is held against the nearest results only. The days in
-- hundreds, less the state: the smallest is the nearest day, of two as near the one that says more.
near as (
    select
        dated.row_id,
    {%- for item in items %}
        max(days.state{{ item }}) as state{{ item }},
        min(
            100 * abs({{ days_between('dated.sledt', 'days.lbdt') }}) + 2 - days.state{{ item }}
        ) % 100 as nearest{{ item }}{{ ',' if not loop.last }}
    {%- endfor %}
    from dated
    inner join days on dated.usubjid = days.usubjid
    cross join closeness
    where abs({{ days_between('dated.sledt', 'days.lbdt') }}) <= closeness.days
    group by dated.row_id
),

-- The results behind an answer they contradict: of each test the nearest one, the abnormal ones where there are such.
contradictions as (
    {%- for item in items %}
        select
            dated.row_id,
            dated.usubjid,
            dated.sledt,
            {{ item }} as item,
            dated.sledai{{ item }} as answer
        from dated
        inner join near on dated.row_id = near.row_id
        where
            (dated.sledai{{ item }} = 1 and near.state{{ item }} = 0)
            or (dated.sledai{{ item }} = 0 and near.nearest{{ item }} = 0)
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

results_of_contradictions as (
    select * from judged
    where usubjid in (select contradictions.usubjid from contradictions)
),

nearest as (
    select
        contradictions.row_id,
        contradictions.item,
        judged.lbtestcd || ' ' || concat_ws(' ', judged.lborres, judged.lborresu) || ' on '
        || cast(judged.lbdt as varchar) || ' (abnormal ' || lower(judged.side) || ' '
        || coalesce(
            judged.fixed_limit_written,
            concat_ws(' ', {{ shortest_number('judged.limit_delivered') }}, judged.lborresu)
        ) || ')' as written
    from contradictions
    inner join results_of_contradictions as judged
        on
            contradictions.usubjid = judged.usubjid
            and contradictions.item = judged.item
            and judged.state = case when contradictions.answer = 1 then 0 else 2 end
    cross join closeness
    where abs({{ days_between('contradictions.sledt', 'judged.lbdt') }}) <= closeness.days
    qualify
        row_number() over (
            partition by contradictions.row_id, contradictions.item, judged.lbtestcd
            order by abs({{ days_between('contradictions.sledt', 'judged.lbdt') }}), judged.lbdt, judged.lborres
        ) = 1
),

explained as (
    select
        row_id,
    {%- for item in items %}
        string_agg(written, ', ' order by written) filter (where item = {{ item }})
            as results{{ item }}{{ ',' if not loop.last }}
    {%- endfor %}
    from nearest
    group by row_id
)

select
    dated.row_id,
    dated.siteid,
    dated.usubjid,
    coalesce(dated.visit, dated.visit_delivered) as visit,
    dated.record_key,
    'sledai' as form,
{%- for item in items %}
    dated.sledai{{ item }},
    case near.state{{ item }} when 2 then true when 0 then false end as abnormal{{ item }},
    case near.nearest{{ item }} when 0 then true when 2 then false end as nearest_abnormal{{ item }},
    explained.results{{ item }}{{ ',' if not loop.last }}
{%- endfor %}
from dated
left join near on dated.row_id = near.row_id
left join explained on dated.row_id = explained.row_id
