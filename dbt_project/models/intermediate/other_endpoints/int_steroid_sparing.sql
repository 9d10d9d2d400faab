-- Steroid sparing at the end of the trial, one row per subject: was more than the limit at baseline, and has been at or
-- below it, and reduced enough, on every day of the period? Doses as in int_visit_steroids.
-- The sum can only rise where a record starts, so those days and the first of the period are the only ones to look at.
with periods as (
    select
        baseline.usubjid,
        baseline.number_of_days,
        baseline.total_14_days,
        subjects.known_until,
        {{ days_after('subjects.trtsdt', 'parameters.sparing_first_day') }} as first_day,
        -- After the end of the study nobody looks any more.
        least(
            {{ days_after('subjects.trtsdt', 'parameters.sparing_last_day') }},
            coalesce(subjects.eosdt, {{ days_after('subjects.trtsdt', 'parameters.sparing_last_day') }})
        ) as last_day
    from {{ ref('int_steroid_baseline') }} as baseline
    inner join {{ ref('int_medication_subjects') }} as subjects
        on baseline.scenario = subjects.scenario and baseline.usubjid = subjects.usubjid
    cross join {{ ref('int_other_endpoint_parameters') }} as parameters
    where baseline.scenario = 'PRIMARY'
),

records as (
    select
        records.usubjid,
        records.first_day,
        records.last_day,
        records.dose_14_days
    from {{ ref('int_steroid_records') }} as records
    inner join periods on records.usubjid = periods.usubjid
    where
        records.scenario = 'PRIMARY'
        and records.first_day <= periods.last_day
        and records.last_day >= periods.first_day
),

days_to_look_at as (
    select
        usubjid,
        first_day as day
    from periods
    union
    select
        records.usubjid,
        records.first_day as day
    from records
    inner join periods on records.usubjid = periods.usubjid
    where records.first_day > periods.first_day
),

daily as (
    select
        days.usubjid,
        days.day,
        sum(records.dose_14_days) as dose_14_days,
        count(records.usubjid) > count(records.dose_14_days) as some_unknown
    from days_to_look_at as days
    left join records
        on days.usubjid = records.usubjid and days.day between records.first_day and records.last_day
    group by days.usubjid, days.day
),

highest as (
    select
        periods.usubjid,
        cast(coalesce(max(daily.dose_14_days), 0) as decimal(38, 12)) as dose_14_days,
        coalesce(periods.last_day > periods.known_until, true)
        or count(*) filter (where daily.some_unknown) > 0 as some_unknown
    from periods
    inner join daily on periods.usubjid = daily.usubjid
    group by periods.usubjid, periods.last_day, periods.known_until
)

-- Everything times 14, the number of baseline days and 100: no division, so nothing is rounded before the comparison.
select
    periods.usubjid,
    case when not highest.some_unknown then highest.dose_14_days end as dose_14_days,
    periods.total_14_days > parameters.steroid_low_mg * 14 * periods.number_of_days as above_at_baseline,
    {{ dose_at_most('highest', 'parameters.steroid_low_mg') }}
    and case
        when
            highest.dose_14_days * periods.number_of_days * 100
            > periods.total_14_days * (100 - parameters.sparing_reduction_percent)
            then false
        when not highest.some_unknown then true
    end as spared
from periods
inner join highest on periods.usubjid = highest.usubjid
cross join {{ ref('int_other_endpoint_parameters') }} as parameters
