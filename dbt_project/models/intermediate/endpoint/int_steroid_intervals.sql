-- The daily dose of systemic steroids (prednisone equivalent) of every treated subject as intervals: a new one begins
-- where a record begins or has ended, on the first and after the last baseline day, on day 0, on the day from which the
-- rule on increases holds, and after the last day on which medication is known. Days without a record are intervals of
-- 0. Which records count, and for how much, was decided in int_steroid_doses; doses are kept per 14 days, so that
-- nothing is rounded before it is compared.
with subjects as (
    select
        subjects.siteid,
        subjects.usubjid,
        subjects.trtsdt,
        subjects.eosdt,
        subjects.known_until,
        {{ days_after('subjects.trtsdt', 'parameters.steroid_baseline_first_day') }} as baseline_first_day,
        {{ days_after('subjects.trtsdt', 'parameters.steroid_baseline_last_day') }} as baseline_last_day,
        {{ days_after('subjects.trtsdt', 'parameters.steroid_rule_day') }} as rule_first_day
    from {{ ref('int_medication_subjects') }} as subjects
    inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
    where subjects.scenario = 'PRIMARY'
),

doses as (
    select
        usubjid,
        row_id,
        first_day,
        last_day,
        dose_14_days,
        counts_at_baseline
    from {{ ref('int_steroid_doses') }}
    where scenario = 'PRIMARY'
),

-- What a record of unknown dose would add is not known: nothing is summed up, and no dose is called low.
unknown_doses as (
    select
        usubjid,
        first_day,
        last_day
    from {{ ref('int_steroid_records') }}
    where scenario = 'PRIMARY' and dose_14_days is null
),

-- While the study runs, a record beyond the site cut says something of its own days alone, as it does for the endpoint:
-- up to its end, or of the day it starts.
recorded_days as (
    select
        usubjid,
        max(last_day) as last_day
    from (
        select
            usubjid,
            last_day
        from doses
        union all
        select
            usubjid,
            last_day
        from unknown_doses
    ) as records
    group by usubjid
),

-- From the earliest record (the first baseline day, where none is earlier) to the end of the study, or to the site cut
-- while it runs.
known_spans as (
    select
        subjects.usubjid,
        least(subjects.baseline_first_day, min(doses.first_day)) as first_day,
        subjects.eosdt,
        coalesce(subjects.eosdt, greatest(subjects.trtsdt, subjects.known_until)) as known_last_day
    from subjects
    left join doses on subjects.usubjid = doses.usubjid
    group by
        subjects.usubjid, subjects.trtsdt, subjects.eosdt, subjects.known_until, subjects.baseline_first_day
),

spans as (
    select
        known_spans.usubjid,
        known_spans.first_day,
        known_spans.known_last_day,
        coalesce(known_spans.eosdt, greatest(known_spans.known_last_day, recorded_days.last_day)) as last_day
    from known_spans
    left join recorded_days on known_spans.usubjid = recorded_days.usubjid
),

days_of_change as (
    select
        usubjid,
        first_day as day
    from spans
    union
    select
        usubjid,
        {{ days_after('known_last_day', '1') }} as day
    from spans
    union
    select
        usubjid,
        baseline_first_day as day
    from subjects
    union
    select
        usubjid,
        {{ days_after('baseline_last_day', '1') }} as day
    from subjects
    union
    select
        usubjid,
        trtsdt as day
    from subjects
    union
    select
        usubjid,
        rule_first_day as day
    from subjects
    union
    select
        usubjid,
        first_day as day
    from doses
    union
    select
        usubjid,
        {{ days_after('last_day', '1') }} as day
    from doses
    union
    select
        usubjid,
        first_day as day
    from unknown_doses
    union
    select
        usubjid,
        {{ days_after('last_day', '1') }} as day
    from unknown_doses
),

intervals as (
    select
        days.usubjid,
        days.day as astdt,
        days.day <= spans.known_last_day as is_known,
        coalesce(
            {{ days_after('lead(days.day) over (partition by days.usubjid order by days.day)', '-1') }}, spans.last_day
        ) as aendt
    from days_of_change as days
    inner join spans on days.usubjid = spans.usubjid
    where days.day between spans.first_day and spans.last_day
),

-- A route that nobody can read counts from day 0 on and not before, as for the endpoint. The record that stands for
-- a sum is the one that started last, the larger dose first.
given as (
    select
        intervals.usubjid,
        intervals.astdt,
        doses.row_id,
        doses.dose_14_days,
        row_number() over (
            partition by intervals.usubjid, intervals.astdt
            order by doses.first_day desc, doses.dose_14_days desc, doses.row_id asc
        ) as place
    from intervals
    inner join subjects on intervals.usubjid = subjects.usubjid
    inner join doses
        on
            intervals.usubjid = doses.usubjid
            and intervals.astdt between doses.first_day and doses.last_day
            and (doses.counts_at_baseline or intervals.astdt >= subjects.trtsdt)
),

summed as (
    select
        usubjid,
        astdt,
        sum(dose_14_days) as dose_14_days,
        count(*) as records,
        max(case when place = 1 then row_id end) as row_id
    from given
    group by usubjid, astdt
),

unknown as (
    select
        intervals.usubjid,
        intervals.astdt,
        count(*) as records
    from intervals
    inner join unknown_doses
        on
            intervals.usubjid = unknown_doses.usubjid
            and intervals.astdt between unknown_doses.first_day and unknown_doses.last_day
    group by intervals.usubjid, intervals.astdt
)

select
    subjects.siteid,
    subjects.usubjid,
    intervals.astdt,
    intervals.aendt,
    {{ days_between('subjects.trtsdt', 'intervals.astdt') }} as first_protday,
    {{ days_between('subjects.trtsdt', 'intervals.aendt') }} as last_protday,
    cast(coalesce(summed.dose_14_days, 0) as decimal(38, 12)) as dose_14_days,
    cast(coalesce(summed.records, 0) as integer) as records,
    cast(coalesce(unknown.records, 0) as integer) as unknown_records,
    summed.row_id,
    intervals.astdt >= subjects.trtsdt as from_day_0,
    intervals.astdt between subjects.baseline_first_day and subjects.baseline_last_day as is_baseline,
    intervals.astdt >= subjects.rule_first_day as rule_holds
from intervals
inner join subjects on intervals.usubjid = subjects.usubjid
left join summed on intervals.usubjid = summed.usubjid and intervals.astdt = summed.astdt
left join unknown on intervals.usubjid = unknown.usubjid and intervals.astdt = unknown.astdt
where intervals.is_known or summed.usubjid is not null or unknown.usubjid is not null
