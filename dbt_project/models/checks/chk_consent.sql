-- One row per subject and form of procedures: the first dated record of that form, and the date of consent. For ELI02.
-- One row a form, not one a record: a consent dated too late is one defect, not one for every sample taken before it.
{% set procedures = [
    ('vs', 'vital sign', 'vsdt'),
    ('ex', 'infusion', 'exstdt'),
    ('sledai', 'SLEDAI-2K', 'sledt'),
    ('bilag', 'BILAG-2004', 'bildt'),
    ('pga', 'PGA', 'pgadt'),
    ('lb', 'laboratory sample', 'lbdt'),
] %}

with

{%- for form, kind, day in procedures %}

    first_{{ form }} as (
        select
            records.usubjid,
            min(records.{{ day }}) as performed_dt,
            count(*) filter (where records.{{ day }} < subjects.rficdt) as records_before_consent
        from {{ ref('stg_' ~ form) }} as records
        inner join {{ ref('stg_dm') }} as subjects on records.usubjid = subjects.usubjid
        where records.{{ day }} is not null
        group by records.usubjid
    ),
{%- endfor %}

first_procedures as (
    {%- for form, kind, day in procedures %}
        select
            usubjid,
            '{{ form }}' as form,
            '{{ kind }}' as kind,
            '{{ day }}c' as date_column,
            performed_dt,
            records_before_consent
        from first_{{ form }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- Which record it was, where it was too early: of several on the day, always the same one.
too_early as (
    {%- for form, kind, day in procedures %}
        select
            records.usubjid,
            '{{ form }}' as form,
            min(records.row_id) as row_id,
            min_by(records.visit, records.row_id) as visit
        from {{ ref('stg_' ~ form) }} as records
        inner join first_{{ form }} as first_days
            on records.usubjid = first_days.usubjid and records.{{ day }} = first_days.performed_dt
        where first_days.records_before_consent > 0
        group by records.usubjid
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    too_early.row_id,
    subjects.siteid,
    first_procedures.usubjid,
    too_early.visit,
    first_procedures.usubjid || ' | ' || first_procedures.form as record_key,
    first_procedures.form,
    first_procedures.kind,
    first_procedures.date_column,
    first_procedures.performed_dt,
    subjects.rficdt,
    first_procedures.records_before_consent
from first_procedures
inner join {{ ref('stg_dm') }} as subjects on first_procedures.usubjid = subjects.usubjid
left join too_early
    on first_procedures.usubjid = too_early.usubjid and first_procedures.form = too_early.form
