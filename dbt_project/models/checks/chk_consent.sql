-- One row per subject and form of procedures: the first dated record of that form, and the date of consent. For ELI02.
-- One row a form, not one a record: a consent dated too late is one defect, not one for every sample taken before it.
with procedures as (
    select
        row_id,
        siteid,
        usubjid,
        visit,
        'vs' as form,
        'vital sign' as kind,
        'vsdtc' as date_column,
        vsdt as performed_dt
    from {{ ref('stg_vs') }}
    union all
    select
        row_id,
        siteid,
        usubjid,
        visit,
        'ex' as form,
        'infusion' as kind,
        'exstdtc' as date_column,
        exstdt as performed_dt
    from {{ ref('stg_ex') }}
    union all
    select
        row_id,
        siteid,
        usubjid,
        visit,
        'sledai' as form,
        'SLEDAI-2K' as kind,
        'sledtc' as date_column,
        sledt as performed_dt
    from {{ ref('stg_sledai') }}
    union all
    select
        row_id,
        siteid,
        usubjid,
        visit,
        'bilag' as form,
        'BILAG-2004' as kind,
        'bildtc' as date_column,
        bildt as performed_dt
    from {{ ref('stg_bilag') }}
    union all
    select
        row_id,
        siteid,
        usubjid,
        visit,
        'pga' as form,
        'PGA' as kind,
        'pgadtc' as date_column,
        pgadt as performed_dt
    from {{ ref('stg_pga') }}
    union all
    select
        row_id,
        siteid,
        usubjid,
        visit,
        'lb' as form,
        'laboratory sample' as kind,
        'lbdtc' as date_column,
        lbdt as performed_dt
    from {{ ref('stg_lb') }}
),

first_procedures as (
    select
        procedures.row_id,
        procedures.siteid,
        procedures.usubjid,
        procedures.visit,
        procedures.form,
        procedures.kind,
        procedures.date_column,
        procedures.performed_dt,
        subjects.rficdt,
        count(*) filter (where procedures.performed_dt < subjects.rficdt)
            over (partition by procedures.usubjid, procedures.form) as records_before_consent
    from procedures
    inner join {{ ref('stg_dm') }} as subjects on procedures.usubjid = subjects.usubjid
    where procedures.performed_dt is not null
    qualify row_number() over (
        partition by procedures.usubjid, procedures.form
        order by procedures.performed_dt, procedures.row_id
    ) = 1
)

select
    row_id,
    siteid,
    usubjid,
    visit,
    usubjid || ' | ' || form as record_key,
    form,
    kind,
    date_column,
    performed_dt,
    rficdt,
    records_before_consent
from first_procedures
