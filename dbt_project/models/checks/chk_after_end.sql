-- One row per subject and end: what is dated after the end, and the first record that is. The end is the end of study
-- (form ex, infusions given) or the death (all forms with dates). For DSP02 and DSP05.
-- One row an end, not one a form or a record: an end dated too early is one defect, not one for every record after it.
-- After a death the row is that of the death, which is one against many.
{% set dated_forms = [
    ('sv', 'visit', 'svdt', "coalesce(svoccur, 'Y') <> 'N'"),
    ('vs', 'visit', 'vsdt', 'true'),
    ('ex', 'visit', 'exstdt', "coalesce(exoccur, 'Y') <> 'N'"),
    ('sledai', 'visit', 'sledt', 'true'),
    ('bilag', 'visit', 'bildt', 'true'),
    ('pga', 'visit', 'pgadt', 'true'),
    ('lb', 'visit', 'lbdt', 'true'),
    ('mh', 'cast(null as varchar)', 'greatest(mhstdt_min, mhendt_min)', 'true'),
    ('cm', 'cast(null as varchar)', 'greatest(cmstdt_min, cmendt_min)', 'true'),
    ('ae', 'cast(null as varchar)', 'greatest(aestdt_min, aeendt_min)', 'true'),
    ('ds', 'cast(null as varchar)', 'dsdt', 'true'),
] %}

-- An end without a date counts from the day after the last record, so nothing can lie after it.
with ends_of_study as (
    select
        siteid,
        usubjid,
        'end of study' as what_ended,
        eosdt as end_dt,
        cast(null as varchar) as end_row_id
    from {{ ref('int_disposition') }}
    where has_eos and not eosdt_imputed and coalesce(eosdecod <> 'DEATH', true)
),

deaths as (
    select
        siteid,
        usubjid,
        'death' as what_ended,
        min(dsdt) as end_dt,
        min_by(row_id, (dsdt, row_id)) as end_row_id
    from {{ ref('stg_ds') }}
    where dscat = 'STUDY' and dsdecod = 'DEATH' and dsdt is not null
    group by siteid, usubjid
),

-- Of a period, the latest day that is certain: a start or an end known in part counts as the earliest it can be.
dated_records as (
    select
        ends_of_study.*,
        'ex' as form,
        0 as position,
        infusions.row_id,
        infusions.visit,
        infusions.exstdt as record_dt
    from {{ ref('int_recorded_infusions') }} as infusions
    inner join ends_of_study on infusions.usubjid = ends_of_study.usubjid
    where infusions.is_given and infusions.exstdt is not null

    {%- for form, visit, day, is_done in dated_forms %}

        union all

        select
            deaths.*,
            '{{ form }}' as form,
            {{ loop.index }} as position,
            records.row_id,
            {{ 'records.visit' if visit == 'visit' else visit }} as visit,
            {{ day }} as record_dt
        from {{ ref('stg_' ~ form) }} as records
        inner join deaths on records.usubjid = deaths.usubjid
        where {{ day }} is not null and {{ is_done }}
    {%- endfor %}
),

by_form as (
    select
        siteid,
        usubjid,
        what_ended,
        end_dt,
        end_row_id,
        form,
        position,
        min(row_id) as first_row_id,
        min_by(row_id, (record_dt, row_id)) filter (where record_dt > end_dt) as row_id_after,
        min_by(visit, (record_dt, row_id)) filter (where record_dt > end_dt) as visit_after,
        min(record_dt) filter (where record_dt > end_dt) as first_dt_after,
        count(*) filter (where record_dt > end_dt) as records_after
    from dated_records
    group by siteid, usubjid, what_ended, end_dt, end_row_id, form, position
)

select
    coalesce(any_value(end_row_id), min(row_id_after), min(first_row_id)) as row_id,
    siteid,
    usubjid,
    min(visit_after) filter (where what_ended = 'end of study') as visit,
    usubjid || ' | ' || what_ended || ' | ' || case when what_ended = 'death' then 'ds' else 'ex' end as record_key,
    case when what_ended = 'death' then 'ds' else 'ex' end as form,
    what_ended,
    any_value(end_dt) as end_dt,
    min(first_dt_after) as first_dt_after,
    cast(sum(records_after) as integer) as records_after,
    string_agg(form || ' ' || records_after, ', ' order by position) filter (where records_after > 0) as forms_after
from by_form
group by siteid, usubjid, what_ended
