-- Laboratory results: one row per usable result with a date and a value, in the standard unit. Which result is the
-- baseline, which one an analysis visit uses and how it lies against the limits was decided in int_lab_records.
with parameters as (
    select distinct
        tests.testcd as paramcd,
        tests.label || ' (' || units.standard_unit || ')' as param
    from {{ ref('lab_tests') }} as tests
    inner join {{ ref('unit_conversions') }} as units on units.domain = 'lb' and tests.testcd = units.testcd
),

results as (
    select
        *,
        max(lbstresn) filter (where is_baseline) over by_test as base,
        max(anrind) filter (where is_baseline) over by_test as bnrind
    from {{ ref('int_lab_records') }}
    {{ where_site_changed('siteid') }}
    window by_test as (partition by siteid, usubjid, lbtestcd)
)

select
    {{ studyid() }} as studyid,
    results.siteid,
    results.usubjid,
    results.lbtestcd as paramcd,
    parameters.param,
    results.adt,
    results.protday,
    {{ study_day('results.protday') }} as ady,
    results.visit,
    results.avisit,
    results.avisitn,
    results.lbstresn as aval,
    results.lbstresc as avalc,
    case when results.lbstresn is not null then results.lbstresu end as avalu,
    results.lbstnrlo as anrlo,
    results.lbstnrhi as anrhi,
    results.anrind,
    results.base,
    results.bnrind,
    cast(case when results.protday > 0 then results.lbstresn - results.base end as decimal(28, 10)) as chg,
    case when results.protday > 0 then results.bnrind || ' to ' || results.anrind end as shift1,
    case when results.is_baseline then 'Y' end as ablfl,
    case when results.chosen then 'Y' end as anl01fl,
    results.row_id as srcid
from results
inner join parameters on results.lbtestcd = parameters.paramcd
order by usubjid, paramcd, adt, srcid
