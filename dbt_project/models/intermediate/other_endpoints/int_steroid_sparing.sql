-- Steroid sparing at the end of the trial, one row per subject: was more than the limit at baseline, and has been at or
-- below it, and reduced enough, on every day of the period? Doses as in int_visit_steroids.
-- The sum can only rise where a record starts, so those days and the first of the period are the only ones to look at.
with periods as (
    select
        baseline.usubjid,
        baseline.number_of_days,
        baseline.total_14_days,
        {{ days_after('subjects.trtsdt', 'parameters.sparing_first_day') }} as first_day,
        {{ days_after('subjects.trtsdt', 'parameters.sparing_last_day') }} as last_day
    from {{ ref('int_steroid_baseline') }} as baseline
    inner join {{ ref('int_endpoint_subjects') }} as subjects
        on baseline.scenario = subjects.scenario and baseline.usubjid = subjects.usubjid
    cross join {{ ref('int_other_endpoint_parameters') }} as parameters
    where baseline.scenario = 'PRIMARY'
),

days_to_look_at as (
    select
        usubjid,
        first_day as day
    from periods
    union
    select
        doses.usubjid,
        doses.first_day as day
    from {{ ref('int_steroid_doses') }} as doses
    inner join periods on doses.usubjid = periods.usubjid
    where doses.scenario = 'PRIMARY' and doses.first_day between periods.first_day and periods.last_day
),

daily as (
    select
        days.usubjid,
        days.day,
        sum(doses.dose_14_days) as dose_14_days
    from days_to_look_at as days
    left join {{ ref('int_steroid_doses') }} as doses
        on
            doses.scenario = 'PRIMARY'
            and days.usubjid = doses.usubjid
            and days.day between doses.first_day and doses.last_day
    group by days.usubjid, days.day
),

highest as (
    select
        usubjid,
        cast(coalesce(max(dose_14_days), 0) as decimal(38, 12)) as dose_14_days
    from daily
    group by usubjid
)

-- Everything times 14, the number of baseline days and 100: no division, so nothing is rounded before the comparison.
select
    periods.usubjid,
    highest.dose_14_days,
    periods.total_14_days > parameters.steroid_low_mg * 14 * periods.number_of_days as above_at_baseline,
    highest.dose_14_days <= parameters.steroid_low_mg * 14
    and highest.dose_14_days * periods.number_of_days * 100
    <= periods.total_14_days * (100 - parameters.sparing_reduction_percent) as spared
from periods
inner join highest on periods.usubjid = highest.usubjid
cross join {{ ref('int_other_endpoint_parameters') }} as parameters
