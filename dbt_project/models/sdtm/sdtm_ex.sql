-- EX: one row per infusion that was given: recorded as given, with a dose. Infusions not given stand in adex.
with records as (
    {{ sdtm_visit_records('ex') }}
)

select
    {{ studyid() }} as studyid,
    'EX' as domain,
    records.usubjid,
    {{ sdtm_seq('records.exstdtc_delivered nulls last') }} as exseq,
    'BELIMUMAB' as extrt,
    records.exdose,
    records.exdosu,
    'ONCE' as exdosfrq,
    'INTRAVENOUS' as exroute,
    records.exlot,
    nullif(records.exadj, 'NONE') as exadj,
    records.visitnum,
    records.visit,
    {{ sdtm_dtc('records.exstdtc_delivered') }} as exstdtc,
    {{ sdtm_dtc('records.exendtc_delivered') }} as exendtc,
    {{ sdtm_day('exstdt') }} as exstdy,
    {{ sdtm_day('exendt') }} as exendy,
    records.row_id as srcid
from records
where records.exoccur = 'Y' and records.exdose > 0
