-- SV: one row per recorded visit, done or not. A visit that is due and has no record is no row here, but in adsv.
with records as (
    {{ sdtm_visit_records('sv') }}
)

select
    {{ studyid() }} as studyid,
    'SV' as domain,
    records.usubjid,
    records.visitnum,
    records.visit,
    case when records.visitnum < 90 then 'Y' end as svpresp,
    case when records.visitnum < 90 then records.svoccur end as svoccur,
    records.svreasnd as svreasoc,
    planned.target_day + 1 as visitdy,
    {{ sdtm_dtc('records.svdtc_delivered') }} as svstdtc,
    {{ sdtm_dtc('records.svdtc_delivered') }} as svendtc,
    {{ sdtm_day('svdt') }} as svstdy,
    {{ sdtm_day('svdt') }} as svendy,
    records.row_id as srcid
from records
left join {{ ref('planned_visits') }} as planned on records.visit = planned.visit
