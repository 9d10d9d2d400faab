-- One row per visit that took place or was missed: its protocol day beside its window, the visit planned before it, and
-- other visits of its date; of a missed one how it is known to be. For VIS01 to VIS04.
-- Dates that cannot be (VIS06) say nothing about the order of visits; nor does a label that cannot be read (VAL02).
with visits as (
    select
        visits.row_id,
        visits.siteid,
        visits.usubjid,
        subjects.subjid,
        visits.visit,
        visits.visitnum,
        visits.status,
        visits.trtsdt,
        visits.svdt,
        visits.window_first_day,
        visits.window_last_day,
        case
            when
                visits.status = 'DONE' and visits.visit is not null
                and coalesce(visits.svdt <= in_force.delivered, true)
                and coalesce(extract(year from visits.svdt) >= subjects.brthyr, true)
                then visits.svdt
        end as possible_dt
    from {{ ref('int_visits') }} as visits
    inner join {{ ref('stg_dm') }} as subjects on visits.usubjid = subjects.usubjid
    left join {{ source('raw', 'in_force') }} as in_force on visits.siteid = in_force.siteid and in_force.form = 'sv'
    where visits.status in ('DONE', 'MISSED')
),

-- The visit planned before, of those that have a date, and the last record before, for a visit that has none.
planned_before as (
    select
        usubjid,
        visit,
        last_value(row_id ignore nulls) over earlier as row_before,
        last_value(case when possible_dt is not null then visit end ignore nulls) over earlier as visit_before,
        last_value(possible_dt ignore nulls) over earlier as dt_before
    from visits
    where window_first_day is not null
    window earlier as (partition by usubjid order by visitnum rows between unbounded preceding and 1 preceding)
),

shared_dates as (
    select
        usubjid,
        possible_dt,
        max(visitnum) as last_visitnum
    from visits
    where possible_dt is not null
    group by usubjid, possible_dt
    having count(*) > 1
),

-- Told once for a date, at the last visit of the plan: ET and UNS come after all others.
shared_with as (
    select
        visits.usubjid,
        shared_dates.possible_dt,
        shared_dates.last_visitnum,
        string_agg(visits.visit, ', ' order by visits.visitnum)
        filter (where visits.visitnum < shared_dates.last_visitnum) as same_date_visits
    from shared_dates
    inner join visits
        on shared_dates.usubjid = visits.usubjid and shared_dates.possible_dt = visits.possible_dt
    group by visits.usubjid, shared_dates.possible_dt, shared_dates.last_visitnum
),

-- Records that another rule has found: one of them may be the visit that has no other.
found_otherwise as (
    select
        usubjid,
        visit,
        svdt
    from {{ ref('typed_sv') }}
    where quarantine_rule is not null or visit is null
),

perhaps_recorded as (
    select distinct
        visits.usubjid,
        visits.visit
    from visits
    inner join found_otherwise on visits.usubjid = found_otherwise.usubjid
    where
        visits.row_id is null
        and (
            found_otherwise.visit = visits.visit
            or (
                found_otherwise.visit is null
                and coalesce(
                    {{ days_between('visits.trtsdt', 'found_otherwise.svdt') }}
                    between visits.window_first_day and visits.window_last_day,
                    true
                )
            )
        )
)

select
    coalesce(visits.row_id, planned_before.row_before, day0.day0_row_id) as row_id,
    visits.siteid,
    visits.usubjid,
    visits.visit,
    coalesce(delivered.record_key, visits.subjid || ' | ' || visits.visit) as record_key,
    'sv' as form,
    visits.svdt,
    delivered.svdtc_delivered,
    case
        when visits.status = 'DONE' and visits.window_first_day is not null
            then {{ days_between('visits.trtsdt', 'visits.svdt') }}
    end as protday,
    visits.window_first_day,
    visits.window_last_day,
    case
        when visits.status = 'DONE' then null
        when visits.row_id is null and perhaps_recorded.usubjid is null then 'there is no record of it'
        when delivered.svoccur = 'N' then 'it is recorded as not done'
        when
            visits.row_id is not null
            and delivered.svoccur_delivered is null
            and delivered.svdtc_delivered is null
            then 'its record says neither when nor whether it took place'
    end as missed_how,
    delivered.svreasnd,
    case when visits.possible_dt is not null then planned_before.visit_before end as previous_visit,
    case when visits.possible_dt is not null then planned_before.dt_before end as previous_dt,
    shared_with.same_date_visits
from visits
inner join {{ ref('int_day0') }} as day0 on visits.usubjid = day0.usubjid
left join {{ ref('typed_sv') }} as delivered on visits.row_id = delivered.row_id
left join planned_before on visits.usubjid = planned_before.usubjid and visits.visit = planned_before.visit
left join shared_with
    on
        visits.usubjid = shared_with.usubjid
        and visits.possible_dt = shared_with.possible_dt
        and visits.visitnum = shared_with.last_visitnum
left join perhaps_recorded on visits.usubjid = perhaps_recorded.usubjid and visits.visit = perhaps_recorded.visit
