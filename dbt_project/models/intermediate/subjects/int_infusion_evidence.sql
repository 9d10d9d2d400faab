-- Every delivered row that shows an infusion, usable or not, and its day where that can be used. Which infusions the
-- analysis counts does not belong here (int_recorded_infusions).
-- Every delivered row is asked, the quarantined ones too: a subject whose only trace of an infusion cannot be used must
-- be held, never be counted as never infused. So a dose that cannot be read, or a dose beside an occurrence that cannot
-- be read, is evidence as well.
with delivered as (
    select
        row_id,
        usubjid,
        exstdt,
        case when quarantine_rule is null then exstdt end as usable_dt
    from {{ ref('typed_ex') }}
    where
        (exoccur = 'Y' and (exdose > 0 or (exdose is null and exdose_delivered is not null)))
        or (exoccur is null and exdose > 0)
),

usable_days as (
    select distinct
        usubjid,
        usable_dt
    from delivered
    where usable_dt is not null
)

-- A copy of a usable row shows no other infusion: its day is known from that row.
select
    delivered.row_id,
    delivered.usubjid,
    usable_days.usable_dt as infusion_dt
from delivered
left join usable_days on delivered.usubjid = usable_days.usubjid and delivered.exstdt = usable_days.usable_dt
