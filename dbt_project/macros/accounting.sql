{#-
    Telling people where rows are: the values that may be shown of a quarantined row, and rows counted form by form.
    Nothing here decides which rows are used.
-#}

{#- The quarantined rows of one form with the coded values that could be read (`columns`); never free text. -#}
{% macro quarantined_rows(form, columns) -%}
select
        row_id,
        siteid,
        usubjid,
        '{{ form }}' as form,
        record_key,
        nullif(concat_ws(
            '; '
            {%- for column in columns %},
            '{{ column }} ' || {{ column }}
            {%- endfor %}
        ), '') as coded_values,
        quarantine_rule,
        quarantine_reason
    from {{ ref('typed_' ~ form) }}
    where quarantine_rule is not null
{%- endmacro %}

{#- Rows per site and form, over all forms of a layer (raw, or stg for staging). -#}
{% macro rows_per_form(layer, condition='true') -%}
{%- for form in forms() %}
    select
        siteid,
        '{{ form }}' as form,
        count(*) as rows_counted
    from {{ source('raw', form) if layer == 'raw' else ref(layer ~ '_' ~ form) }}
    where {{ condition }}
    group by siteid
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}
{%- endmacro %}

{#- The current rows of all forms. -#}
{% macro current_rows() -%}
{%- for form in forms() %}
    select
        row_id,
        '{{ form }}' as form
    from {{ source('raw', form) }}
    where closed_load is null
    {%- if not loop.last %}
    union all
    {%- endif %}
{%- endfor %}
{%- endmacro %}
