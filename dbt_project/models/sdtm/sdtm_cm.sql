-- CM: one row per medication, with its name as reported and, where the dictionary knows it, the preferred name.
with delivered as (
    {{ sdtm_records('cm') }}
),

-- Marked ongoing beside a date on which it ended: the date says more.
records as (
    select
        *,
        cmongo = 'Y' and {{ sdtm_dtc('cmendtc_delivered') }} is null as goes_on
    from delivered
)

select
    {{ studyid() }} as studyid,
    'CM' as domain,
    records.usubjid,
    {{ sdtm_seq('records.cmstdtc_delivered nulls last, records.cmseq') }} as cmseq,
    records.cmseq as cmspid,
    records.cmtrt,
    case when drugs.name is not null then records.cm_name end as cmdecod,
    records.cmclas as cmcat,
    records.cmindc,
    records.cmdose,
    records.cmdosu,
    records.cmdosfrq,
    case records.cmroute
        when 'IV' then 'INTRAVENOUS'
        when 'IM' then 'INTRAMUSCULAR'
        when 'SC' then 'SUBCUTANEOUS'
        else records.cmroute
    end as cmroute,
    {{ sdtm_dtc('records.cmstdtc_delivered') }} as cmstdtc,
    {{ sdtm_dtc('records.cmendtc_delivered') }} as cmendtc,
    {{ sdtm_day('cmstdt') }} as cmstdy,
    {{ sdtm_day('cmendt') }} as cmendy,
    case when records.goes_on then 'ONGOING' end as cmenrtpt,
    case when records.goes_on then 'LATEST DELIVERY OF THE SITE' end as cmentpt,
    records.row_id as srcid
from records
left join {{ ref('drug_dictionary') }} as drugs on upper(records.cmtrt) = drugs.name
