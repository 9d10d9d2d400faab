-- DM: one row per subject in dm that nothing keeps out. The reference start is the first infusion at D0 (day 0); of a
-- held subject it is unknown. Birth is known to the year. The last infusion is the one that began last.
with records as (
    {{ sdtm_records('dm') }}
),

infusions as (
    select
        usubjid,
        case
            when exendt is not null then {{ sdtm_dtc('exendtc_delivered') }} else {{ sdtm_dtc('exstdtc_delivered') }}
        end as last_dtc
    from {{ ref('typed_ex') }}
    where quarantine_rule is null and exoccur = 'Y' and exdose > 0
    qualify row_number() over (
        partition by usubjid
        order by exstdt desc nulls last, exstdtc_delivered desc nulls last, row_id asc
    ) = 1
),

-- The earliest whole date, else what is known of it.
deaths as (
    select
        usubjid,
        coalesce(arg_min(dsdtc_delivered, dsdt), min({{ sdtm_dtc('dsdtc_delivered') }})) as death_dtc
    from {{ ref('typed_ds') }}
    where quarantine_rule is null and dscat = 'STUDY' and dsdecod = 'DEATH'
    group by usubjid
)

select
    {{ studyid() }} as studyid,
    'DM' as domain,
    records.usubjid,
    records.subjid,
    cast(records.trtsdt as varchar) as rfstdtc,
    case
        when records.trtsdt is not null and not ends.eosdt_imputed then cast(ends.eosdt as varchar)
    end as rfendtc,
    day0.exstdtc_delivered as rfxstdtc,
    infusions.last_dtc as rfxendtc,
    {{ sdtm_dtc('records.rficdtc_delivered') }} as rficdtc,
    case when not ends.eosdt_imputed then cast(ends.eosdt as varchar) end as rfpendtc,
    deaths.death_dtc as dthdtc,
    case when deaths.usubjid is not null then 'Y' end as dthfl,
    records.siteid,
    cast(records.brthyr as varchar) as brthdtc,
    records.age,
    case when records.age is not null then 'YEARS' end as ageu,
    records.sex,
    records.race,
    case when subjects.infused then 'BEL10' end as armcd,
    case when subjects.infused then 'Belimumab 10 mg/kg' end as arm,
    case when subjects.infused then 'BEL10' end as actarmcd,
    case when subjects.infused then 'Belimumab 10 mg/kg' end as actarm,
    case
        when subjects.infused then null
        when ends.has_eos then 'SCREEN FAILURE'
        else 'NOT ASSIGNED'
    end as armnrs,
    records.row_id as srcid
from records
inner join {{ ref('int_day0') }} as subjects on records.usubjid = subjects.usubjid
inner join {{ ref('int_disposition') }} as ends on records.usubjid = ends.usubjid
left join {{ ref('typed_ex') }} as day0 on subjects.day0_row_id = day0.row_id
left join infusions on records.usubjid = infusions.usubjid
left join deaths on records.usubjid = deaths.usubjid
