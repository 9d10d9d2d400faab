-- DS: informed consent as a milestone, and the ends of study and of treatment as events of disposition.
with ends as (
    {{ sdtm_records('ds') }}
),

subjects as (
    {{ sdtm_records('dm') }}
),

records as (
    select
        usubjid,
        row_id,
        trtsdt,
        'INFORMED CONSENT OBTAINED' as dsdecod,
        'PROTOCOL MILESTONE' as dscat,
        cast(null as varchar) as dsscat,
        rficdtc_delivered as dtc,
        rficdt as dt
    from subjects
    where rficdtc_delivered is not null
    union all
    select
        usubjid,
        row_id,
        trtsdt,
        dsdecod,
        'DISPOSITION EVENT' as dscat,
        case dscat when 'STUDY' then 'STUDY PARTICIPATION' when 'TREATMENT' then 'STUDY TREATMENT' end as dsscat,
        dsdtc_delivered as dtc,
        dsdt as dt
    from ends
    where dsdecod is not null
)

select
    {{ studyid() }} as studyid,
    'DS' as domain,
    records.usubjid,
    {{ sdtm_seq('records.dtc nulls last, records.dscat desc, records.dsscat, records.dsdecod') }} as dsseq,
    records.dsdecod as dsterm,
    records.dsdecod,
    records.dscat,
    records.dsscat,
    {{ sdtm_dtc('records.dtc') }} as dsstdtc,
    {{ sdtm_day('dt') }} as dsstdy,
    records.row_id as srcid
from records
