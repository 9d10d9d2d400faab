-- One row per subject with a dated procedure: the first of them beside the date of consent, and how many of which form
-- are dated before it. For ELI02.
-- One row a subject, at its row of dm: a consent dated too late is one defect, not one for every form or sample.
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

first_of_forms as (
    {%- for form, kind, day in procedures %}
        select
            usubjid,
            {{ loop.index }} as position,
            '{{ form }}' as form,
            '{{ kind }}' as kind,
            performed_dt,
            records_before_consent
        from first_{{ form }}
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

first_of_subjects as (
    select
        usubjid,
        min(performed_dt) as performed_dt,
        min_by(kind, (performed_dt, position)) as kind,
        cast(sum(records_before_consent) as integer) as records_before_consent,
        string_agg(form || ' ' || records_before_consent, ', ' order by position) filter (
            where records_before_consent > 0
        ) as forms_before_consent
    from first_of_forms
    group by usubjid
)

select
    subjects.row_id,
    subjects.siteid,
    subjects.usubjid,
    cast(null as varchar) as visit,
    subjects.subjid as record_key,
    'dm' as form,
    first_of_subjects.kind,
    first_of_subjects.performed_dt,
    subjects.rficdt,
    first_of_subjects.records_before_consent,
    first_of_subjects.forms_before_consent
from first_of_subjects
inner join {{ ref('stg_dm') }} as subjects on first_of_subjects.usubjid = subjects.usubjid
