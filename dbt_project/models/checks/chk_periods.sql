-- One row per usable record that has a start and an end: infusions, history, medications and adverse events. For VIS07.
-- A partial start is taken as the earliest moment it can be and a partial end as the latest, so that only what cannot
-- be is found.
select
    row_id,
    siteid,
    usubjid,
    visit,
    record_key,
    'ex' as form,
    'infusion' as kind,
    'exendtc' as end_column,
    exstdtc_delivered as start_delivered,
    exendtc_delivered as end_delivered,
    coalesce(exstdtm, cast(exstdt as timestamp)) as earliest_start,
    coalesce(exendtm, {{ end_of_day('exendt') }}) as latest_end
from {{ ref('typed_ex') }}
where quarantine_rule is null

{%- for form, kind in [
    ('mh', 'history entry'), ('cm', 'medication'), ('ae', 'adverse event')
] %}

    union all

    select
        row_id,
        siteid,
        usubjid,
        cast(null as varchar) as visit,
        record_key,
        '{{ form }}' as form,
        '{{ kind }}' as kind,
        '{{ form }}endtc' as end_column,
        {{ form }}stdtc_delivered as start_delivered,
        {{ form }}endtc_delivered as end_delivered,
        cast({{ form }}stdt_min as timestamp) as earliest_start,
        {{ end_of_day(form ~ 'endt_max') }} as latest_end
    from {{ ref('typed_' ~ form) }}
    where quarantine_rule is null
{%- endfor %}
