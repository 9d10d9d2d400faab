-- The plan beside what happened: one row per subject with a known day 0 and planned infusion (14 each), with the record
-- of the same visit label and the status. Doses and weights come in int_infusions.
with planned_infusions as (
    select
        day0.siteid,
        day0.usubjid,
        day0.trtsdt,
        visits.visit,
        visits.plannum,
        visits.target_day,
        visits.window_first_day,
        visits.window_last_day,
        {{ days_after('day0.trtsdt', 'visits.target_day') }} as target_dt,
        -- Once this day lies before the site cut, a record would have been entered.
        {{ days_after('day0.trtsdt', 'visits.window_last_day + parameters.entry_lag_days') }} as entry_due_dt
    from {{ ref('int_day0') }} as day0
    cross join {{ ref('planned_visits') }} as visits
    cross join {{ ref('int_dosing_parameters') }} as parameters
    where day0.trtsdt is not null and visits.plannum is not null
)

select
    planned.siteid,
    planned.usubjid,
    planned.trtsdt,
    planned.visit,
    planned.plannum,
    planned.target_day,
    planned.window_first_day,
    planned.window_last_day,
    planned.target_dt,
    recorded.row_id,
    case
        -- What is recorded counts, even after the end of study or treatment.
        when recorded.is_given then 'GIVEN'
        when recorded.is_recorded_not_given then 'MISSED'
        -- Due on the day the study or the treatment ends is due.
        when planned.target_dt > disposition.trt_end_dt then 'NOT DUE'
        when planned.entry_due_dt < site_cut.sitecutdt then 'MISSED'
        else 'PENDING'
    end as status
from planned_infusions as planned
inner join {{ ref('int_disposition') }} as disposition on planned.usubjid = disposition.usubjid
left join {{ ref('int_site_cut') }} as site_cut on planned.siteid = site_cut.siteid
left join {{ ref('int_recorded_infusions') }} as recorded
    on planned.usubjid = recorded.usubjid and planned.plannum = recorded.plannum
