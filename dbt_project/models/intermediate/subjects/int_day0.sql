-- Day 0 of each subject: the date of the infusion given at visit D0, and whether the subject is held because other
-- evidence shows an infusion while that one cannot be used. What is counted from day 0 does not belong here.
with day0_infusions as (
    -- Given means: recorded as given, with a dose. The unit of the dose does not matter for the day.
    select
        usubjid,
        row_id,
        exstdt,
        exstdtm
    from {{ ref('stg_ex') }}
    where visit = 'D0' and exoccur = 'Y' and exdose > 0 and exstdt is not null
),

infused_subjects as (
    select distinct usubjid from {{ ref('int_infusion_evidence') }}
)

select
    subjects.siteid,
    subjects.usubjid,
    day0_infusions.exstdt as trtsdt,
    day0_infusions.exstdtm as trtsdtm,
    infused_subjects.usubjid is not null as infused,
    infused_subjects.usubjid is not null and day0_infusions.usubjid is null as held,
    day0_infusions.row_id as day0_row_id
from {{ ref('stg_dm') }} as subjects
left join infused_subjects on subjects.usubjid = infused_subjects.usubjid
left join day0_infusions on subjects.usubjid = day0_infusions.usubjid
