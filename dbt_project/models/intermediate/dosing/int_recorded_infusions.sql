-- Every usable infusion record of every subject, held ones too: was it given, how long did it run, how long after the
-- one before. How it stands against the plan comes in int_planned_infusions, its dose in int_infusions.
with records as (
    select
        ex.siteid,
        ex.usubjid,
        ex.row_id,
        ex.visit,
        labels.plannum,
        labels.visitnum,
        -- Given: recorded as given, with a dose. Recorded as given with no dose, or 0, is not given.
        coalesce(ex.exoccur = 'Y' and ex.exdose > 0, false) as is_given,
        coalesce(ex.exoccur = 'N' or (ex.exoccur = 'Y' and coalesce(ex.exdose, 0) <= 0), false)
            as is_recorded_not_given,
        ex.exstdt,
        ex.exstdtm,
        ex.exendtm,
        ex.exdose_mg,
        ex.exadj
    from {{ ref('stg_ex') }} as ex
    left join {{ ref('planned_visits') }} as labels on ex.visit = labels.visit
),

days_since_previous as (
    select
        row_id,
        {{ days_between('lag(exstdt) over given_before', 'exstdt') }} as intervl
    from records
    where is_given and exstdt is not null
    window given_before as (
        partition by usubjid
        order by exstdt asc, exstdtm asc nulls last, visitnum asc nulls last, row_id asc
    )
)

select
    records.siteid,
    records.usubjid,
    records.row_id,
    records.visit,
    records.plannum,
    records.is_given,
    records.is_recorded_not_given,
    records.exstdt,
    records.exstdtm,
    records.exendtm,
    records.exdose_mg,
    records.exadj,
    -- An end before the start leaves the duration unknown (and is a finding).
    case when records.exendtm >= records.exstdtm then {{ minutes_between('records.exstdtm', 'records.exendtm') }} end
        as duration,
    days_since_previous.intervl
from records
left join days_since_previous on records.row_id = days_since_previous.row_id
