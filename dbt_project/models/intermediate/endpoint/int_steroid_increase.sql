-- The first day, from the protocol day on which the rule begins, on which the summed daily steroid dose exceeds the
-- larger of factor x baseline and baseline + 5 mg. One row per subject who has such a day.
-- The sum can only rise where a record starts, so those days and the rule's first day are the only ones to look at.
with days_to_look_at as (
    select
        subjects.scenario,
        subjects.usubjid,
        {{ days_after('subjects.trtsdt', 'parameters.steroid_rule_day') }} as day
    from {{ ref('int_medication_subjects') }} as subjects
    inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
    union
    select
        doses.scenario,
        doses.usubjid,
        doses.first_day as day
    from {{ ref('int_steroid_doses') }} as doses
    inner join {{ ref('int_medication_subjects') }} as subjects
        on doses.scenario = subjects.scenario and doses.usubjid = subjects.usubjid
    inner join {{ ref('int_endpoint_parameters') }} as parameters on doses.scenario = parameters.scenario
    where doses.first_day > {{ days_after('subjects.trtsdt', 'parameters.steroid_rule_day') }}
),

daily as (
    select
        days.scenario,
        days.usubjid,
        days.day,
        sum(doses.dose_14_days) as dose_14_days
    from days_to_look_at as days
    inner join {{ ref('int_steroid_doses') }} as doses
        on
            days.scenario = doses.scenario
            and days.usubjid = doses.usubjid
            and days.day between doses.first_day and doses.last_day
    group by days.scenario, days.usubjid, days.day
),

-- Everything times 14 and times the number of baseline days: no division, so nothing is rounded before the comparison.
exceeding as (
    select
        daily.scenario,
        daily.usubjid,
        min(daily.day) as icedt
    from daily
    inner join {{ ref('int_steroid_baseline') }} as baseline
        on daily.scenario = baseline.scenario and daily.usubjid = baseline.usubjid
    inner join {{ ref('int_endpoint_parameters') }} as parameters on daily.scenario = parameters.scenario
    where
        daily.dose_14_days * baseline.number_of_days > parameters.steroid_increase_factor * baseline.total_14_days
        and daily.dose_14_days * baseline.number_of_days
        > baseline.total_14_days + parameters.steroid_increase_mg * 14 * baseline.number_of_days
    group by daily.scenario, daily.usubjid
)

-- The dose is a sum; the record that stands for it is the one that started last, the larger dose first.
select
    exceeding.scenario,
    exceeding.usubjid,
    exceeding.icedt,
    doses.row_id
from exceeding
inner join {{ ref('int_steroid_doses') }} as doses
    on
        exceeding.scenario = doses.scenario
        and exceeding.usubjid = doses.usubjid
        and exceeding.icedt between doses.first_day and doses.last_day
qualify
    row_number() over (
        partition by exceeding.scenario, exceeding.usubjid
        order by doses.first_day desc, doses.dose_14_days desc, doses.row_id asc
    ) = 1
