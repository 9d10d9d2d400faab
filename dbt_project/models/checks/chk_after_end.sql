-- One row per subject, end and form: what is dated after the end, and the first record that is. The end is the end of
-- study (form ex, infusions given) or the death (all forms with dates). For DSP02 and DSP05.
-- One row a form, not one a record: an end dated too early is one defect, not one for every record after it.
{% set dated_forms = [
    ('sv', 'visit', 'svdt', 'svdt', "coalesce(svoccur, 'Y') <> 'N'"),
    ('vs', 'visit', 'vsdt', 'vsdt', 'true'),
    ('ex', 'visit', 'exstdt', 'exstdt', "coalesce(exoccur, 'Y') <> 'N'"),
    ('sledai', 'visit', 'sledt', 'sledt', 'true'),
    ('bilag', 'visit', 'bildt', 'bildt', 'true'),
    ('pga', 'visit', 'pgadt', 'pgadt', 'true'),
    ('lb', 'visit', 'lbdt', 'lbdt', 'true'),
    ('mh', 'cast(null as varchar)', 'mhendt', 'greatest(mhstdt_min, mhendt_min)', 'true'),
    ('cm', 'cast(null as varchar)', 'cmendt', 'greatest(cmstdt_min, cmendt_min)', 'true'),
    ('ae', 'cast(null as varchar)', 'aeendt', 'greatest(aestdt_min, aeendt_min)', 'true'),
    ('ds', 'cast(null as varchar)', 'dsdt', 'dsdt', 'true'),
] %}

-- An end without a date counts from the day after the last record, so nothing can lie after it.
with ends_of_study as (
    select
        siteid,
        usubjid,
        'end of study' as what_ended,
        eosdt as end_dt
    from {{ ref('int_disposition') }}
    where has_eos and not eosdt_imputed and coalesce(eosdecod <> 'DEATH', true)
),

deaths as (
    select
        siteid,
        usubjid,
        'death' as what_ended,
        min(dsdt) as end_dt
    from {{ ref('stg_ds') }}
    where dscat = 'STUDY' and dsdecod = 'DEATH' and dsdt is not null
    group by siteid, usubjid
),

-- Of a period, the latest day that is certain: a start or an end known in part counts as the earliest it can be.
dated_records as (
    select
        ends_of_study.*,
        'ex' as form,
        'exstdtc' as date_column,
        infusions.row_id,
        infusions.visit,
        infusions.exstdt as record_dt
    from {{ ref('int_recorded_infusions') }} as infusions
    inner join ends_of_study on infusions.usubjid = ends_of_study.usubjid
    where infusions.is_given and infusions.exstdt is not null

    {%- for form, visit, column, day, is_done in dated_forms %}

        union all

        select
            deaths.*,
            '{{ form }}' as form,
            '{{ column }}c' as date_column,
            records.row_id,
            {{ 'records.visit' if visit == 'visit' else visit }} as visit,
            {{ day }} as record_dt
        from {{ ref('stg_' ~ form) }} as records
        inner join deaths on records.usubjid = deaths.usubjid
        where {{ day }} is not null and {{ is_done }}
    {%- endfor %}
)

select
    coalesce(min_by(row_id, (record_dt, row_id)) filter (where record_dt > end_dt), min(row_id)) as row_id,
    siteid,
    usubjid,
    min_by(visit, (record_dt, row_id)) filter (where record_dt > end_dt) as visit,
    usubjid || ' | ' || what_ended || ' | ' || form as record_key,
    form,
    what_ended,
    any_value(date_column) as date_column,
    any_value(end_dt) as end_dt,
    min(record_dt) filter (where record_dt > end_dt) as first_dt_after,
    cast(count(*) filter (where record_dt > end_dt) as integer) as records_after
from dated_records
group by siteid, usubjid, what_ended, form
