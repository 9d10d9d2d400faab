-- The visits of each subject: one row per planned visit, whether or not it took place, and one per visit beyond the
-- plan (ET, UNS, a label that cannot be read). Infusions have their own status, in int_planned_infusions.
with planned_visits as (
    select
        visit,
        visitnum,
        target_day,
        window_first_day,
        window_last_day
    from {{ ref('planned_visits') }}
    where tie_rank = 1
),

-- A date is enough to call a visit done when its occurrence was left blank or cannot be read.
recorded_visits as (
    select
        siteid,
        usubjid,
        row_id,
        visit,
        svdt,
        coalesce(svoccur = 'Y', svdt is not null) as is_done,
        coalesce(svoccur = 'N', false) as is_recorded_not_done
    from {{ ref('stg_sv') }}
),

expected_visits as (
    select
        day0.siteid,
        day0.usubjid,
        planned_visits.visit,
        planned_visits.visitnum,
        planned_visits.target_day,
        planned_visits.window_first_day,
        planned_visits.window_last_day,
        day0.trtsdt,
        {{ days_after('day0.trtsdt', 'planned_visits.target_day') }} as target_dt,
        -- Once this day lies before the site cut, a record would have been entered.
        {{ days_after('day0.trtsdt', 'planned_visits.window_last_day + parameters.entry_lag_days') }} as entry_due_dt
    from {{ ref('int_day0') }} as day0
    cross join planned_visits
    cross join {{ ref('int_dosing_parameters') }} as parameters
),

visits_of_the_plan as (
    select
        expected.siteid,
        expected.usubjid,
        expected.visit,
        expected.visitnum,
        expected.target_day,
        expected.window_first_day,
        expected.window_last_day,
        expected.trtsdt,
        recorded.svdt,
        recorded.row_id,
        case
            when recorded.is_done then 'DONE'
            when recorded.is_recorded_not_done then 'MISSED'
            -- Without a day 0 nobody knows what was due when.
            when expected.trtsdt is null then null
            -- Due on the day the study ends is due.
            when expected.target_dt > disposition.eosdt then 'NOT DUE'
            when expected.entry_due_dt < site_cut.sitecutdt then 'MISSED'
            else 'PENDING'
        end as status
    from expected_visits as expected
    inner join {{ ref('int_disposition') }} as disposition on expected.usubjid = disposition.usubjid
    left join {{ ref('int_site_cut') }} as site_cut on expected.siteid = site_cut.siteid
    left join recorded_visits as recorded
        on expected.usubjid = recorded.usubjid and expected.visit = recorded.visit
),

visits_beyond_the_plan as (
    select
        recorded.siteid,
        recorded.usubjid,
        recorded.visit,
        labels.visitnum,
        cast(null as integer) as target_day,
        cast(null as integer) as window_first_day,
        cast(null as integer) as window_last_day,
        day0.trtsdt,
        recorded.svdt,
        recorded.row_id,
        case
            when recorded.is_done then 'DONE'
            when recorded.is_recorded_not_done then 'MISSED'
        end as status
    from recorded_visits as recorded
    inner join {{ ref('int_day0') }} as day0 on recorded.usubjid = day0.usubjid
    left join {{ ref('planned_visits') }} as labels on recorded.visit = labels.visit
    left join planned_visits on recorded.visit = planned_visits.visit
    where planned_visits.visit is null
)

select * from visits_of_the_plan
union all
select * from visits_beyond_the_plan
