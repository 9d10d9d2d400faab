-- AE: one row per adverse event as reported. Terms are not coded: there is no AEDECOD.
with records as (
    {{ sdtm_records('ae') }}
)

select
    {{ studyid() }} as studyid,
    'AE' as domain,
    records.usubjid,
    {{ sdtm_seq('records.aestdtc_delivered nulls last, records.aeseq') }} as aeseq,
    records.aeseq as aespid,
    records.aeterm,
    records.aecat,
    records.aesev,
    records.aeser,
    case records.aeacn
        when 'NONE' then 'DOSE NOT CHANGED'
        when 'INTERRUPTED' then 'DRUG INTERRUPTED'
        when 'WITHDRAWN' then 'DRUG WITHDRAWN'
    end as aeacn,
    records.aerel,
    case records.aeout
        when 'RECOVERED' then 'RECOVERED/RESOLVED'
        when 'ONGOING' then 'NOT RECOVERED/NOT RESOLVED'
        else records.aeout
    end as aeout,
    case when records.aeout = 'FATAL' then 'Y' end as aesdth,
    {{ sdtm_dtc('records.aestdtc_delivered') }} as aestdtc,
    {{ sdtm_dtc('records.aeendtc_delivered') }} as aeendtc,
    {{ sdtm_day('aestdt') }} as aestdy,
    {{ sdtm_day('aeendt') }} as aeendy,
    records.row_id as srcid
from records
