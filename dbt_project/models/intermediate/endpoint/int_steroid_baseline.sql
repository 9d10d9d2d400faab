-- The baseline steroid dose of every subject: the mean over the baseline days, a day without steroid counting 0.
-- `total_14_days` is the exact sum behind it (daily doses times 14, over those days), for comparing without dividing.
with baseline_days as (
    select
        subjects.scenario,
        subjects.siteid,
        subjects.usubjid,
        {{ days_after('subjects.trtsdt', 'parameters.steroid_baseline_first_day') }} as first_day,
        {{ days_after('subjects.trtsdt', 'parameters.steroid_baseline_last_day') }} as last_day,
        parameters.steroid_baseline_last_day - parameters.steroid_baseline_first_day + 1 as number_of_days
    from {{ ref('int_medication_subjects') }} as subjects
    inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
),

doses_on_those_days as (
    select
        baseline_days.scenario,
        baseline_days.siteid,
        baseline_days.usubjid,
        baseline_days.number_of_days,
        doses.dose_14_days,
        greatest(doses.first_day, baseline_days.first_day) as first_day,
        least(doses.last_day, baseline_days.last_day) as last_day
    from baseline_days
    left join {{ ref('int_steroid_doses') }} as doses
        on
            baseline_days.scenario = doses.scenario
            and baseline_days.usubjid = doses.usubjid
            and doses.counts_at_baseline
            and baseline_days.last_day >= doses.first_day
            and baseline_days.first_day <= doses.last_day
),

summed as (
    select
        scenario,
        siteid,
        usubjid,
        number_of_days,
        cast(
            coalesce(sum(dose_14_days * ({{ days_between('first_day', 'last_day') }} + 1)), 0) as decimal(38, 12)
        ) as total_14_days
    from doses_on_those_days
    group by scenario, siteid, usubjid, number_of_days
)

select
    scenario,
    siteid,
    usubjid,
    number_of_days,
    total_14_days,
    {{ divide_half_away('total_14_days', 'number_of_days * 14', 4) }} as blsteroid
from summed
