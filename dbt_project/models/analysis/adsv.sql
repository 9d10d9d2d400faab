-- adsv: one row per subject and planned visit, and per visit beyond the plan. The status comes from int_visits; here
-- its date is set against day 0.
with visits as (
    select
        siteid,
        usubjid,
        visit,
        visitnum,
        target_day,
        window_first_day,
        window_last_day,
        status,
        row_id,
        -- A visit that did not take place has no date, whatever was entered for it.
        case when status = 'DONE' then svdt end as svdt,
        case when status = 'DONE' then {{ days_between('trtsdt', 'svdt') }} end as protday
    from {{ ref('int_visits') }}
)

select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    visit,
    visitnum,
    target_day as visitdy,
    svdt,
    protday,
    {{ study_day('protday') }} as ady,
    protday - target_day as daysoff,
    status,
    {{ flag('protday between window_first_day and window_last_day') }} as inwinfl,
    row_id as srcid
from visits
order by usubjid, visitnum nulls last, svdt nulls last, srcid nulls last
