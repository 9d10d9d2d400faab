-- Numeric laboratory results whose limits of normal or unit are in question: one row per subject, test and problem, the
-- first such result of the subject. It holds only what is wrong. For LAB01 and LAB02.
-- Limits and units are the laboratory's, so that a defect mostly comes with every result: told once per subject and
-- test, which is the key.
with limits_in_question as (
    select
        results.row_id,
        results.siteid,
        results.usubjid,
        results.subjid,
        results.visit,
        results.record_key,
        results.lbtestcd,
        results.lbdt,
        results.lborresu,
        results.lbnrlo,
        results.lbnrhi,
        cast(null as varchar) as first_unit,
        case when results.lbnrlo > results.lbnrhi then 'LIMITS REVERSED' else 'LIMITS MISSING' end as problem,
        -- A limit that is there but can't be read is another finding (VAL03).
        nullif(concat_ws(
            ' and no ',
            case when tests.limits_needed <> 'UPPER' and results.lbnrlo_delivered is null then 'lower limit' end,
            case when tests.limits_needed <> 'LOWER' and results.lbnrhi_delivered is null then 'upper limit' end
        ), '') as lacking
    from {{ ref('typed_lb') }} as results
    inner join {{ ref('lab_tests') }} as tests on results.lbtestcd = tests.testcd
    where
        results.quarantine_rule is null
        and results.lborresn is not null
        and tests.limits_needed <> 'NONE'
        and (
            (tests.limits_needed <> 'UPPER' and results.lbnrlo_delivered is null)
            or (tests.limits_needed <> 'LOWER' and results.lbnrhi_delivered is null)
            or results.lbnrlo > results.lbnrhi
        )
),

-- Hardly any subject has two units of one test: only those are looked at closer.
with_several_units as (
    select
        usubjid,
        lbtestcd
    from {{ ref('typed_lb') }}
    where quarantine_rule is null and lborresn is not null and lbtestcd is not null
    group by usubjid, lbtestcd
    having min(lower(lborresu)) <> max(lower(lborresu))
),

-- Spelled otherwise is the same unit; one that the protocol does not know is another finding (VAL06).
results_in_units as (
    select
        results.row_id,
        results.siteid,
        results.usubjid,
        results.subjid,
        results.visit,
        results.record_key,
        results.lbtestcd,
        results.lbdt,
        results.lborresu,
        results.lbnrlo,
        results.lbnrhi,
        units.factor,
        first_value(results.lborresu) over in_time as first_unit,
        first_value(units.factor) over in_time as first_factor
    from {{ ref('typed_lb') }} as results
    inner join with_several_units as several
        on results.usubjid = several.usubjid and results.lbtestcd = several.lbtestcd
    inner join {{ ref('unit_conversions') }} as units
        on results.lbtestcd = units.testcd and lower(results.lborresu) = lower(units.unit)
    where units.domain = 'lb' and results.quarantine_rule is null and results.lborresn is not null
    window in_time as (
        partition by results.usubjid, results.lbtestcd
        order by results.lbdt nulls last, results.record_key, results.row_id
    )
),

in_question as (
    select * from limits_in_question
    union all by name
    select
        * exclude (factor, first_factor),
        'OTHER UNIT' as problem,
        cast(null as varchar) as lacking
    from results_in_units
    where factor <> first_factor
)

select
    in_question.row_id,
    in_question.siteid,
    in_question.usubjid,
    in_question.visit,
    in_question.subjid || ' | ' || in_question.lbtestcd as record_key,
    'lb' as form,
    in_question.lbtestcd,
    in_question.lbdt,
    in_question.lborresu,
    in_question.lbnrlo,
    in_question.lbnrhi,
    in_question.first_unit,
    in_question.problem,
    in_question.lacking
from in_question
qualify
    row_number() over (
        partition by in_question.usubjid, in_question.lbtestcd, in_question.problem
        order by in_question.lbdt nulls last, in_question.record_key, in_question.row_id
    ) = 1
