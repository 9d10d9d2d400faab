{#-
    What the SDTM-shaped tables (models/sdtm) have in common: the records of a form that are in use, dates as ISO 8601
    texts, study days. What a value means is decided in staging; how a domain is put together belongs in its model.
-#}

{#- The usable rows of a form with the delivered texts beside the typed values, and each subject's day 0. -#}
{% macro sdtm_records(form) -%}
select
        rows_of_form.*,
        subjects.trtsdt
    from {{ ref('typed_' ~ form) }} as rows_of_form
    inner join {{ ref('int_day0') }} as subjects on rows_of_form.usubjid = subjects.usubjid
    where rows_of_form.quarantine_rule is null
{%- endmacro %}

{#- The same with the visit's number in the plan; none for a label that can't be read. -#}
{% macro sdtm_visit_records(form) -%}
select
        rows_of_form.*,
        visits.visitnum,
        subjects.trtsdt
    from {{ ref('typed_' ~ form) }} as rows_of_form
    inner join {{ ref('int_day0') }} as subjects on rows_of_form.usubjid = subjects.usubjid
    left join {{ ref('planned_visits') }} as visits on rows_of_form.visit = visits.visit
    where rows_of_form.quarantine_rule is null
{%- endmacro %}

{#- A delivered date as it came, whole or partial, with or without a time; NULL for what is no date in ISO 8601. -#}
{% macro sdtm_dtc(text) -%}
    case
        when regexp_full_match({{ text }}, '(19|20)\d{2}') then {{ text }}
        when
            regexp_full_match({{ text }}, '(19|20)\d{2}-\d{2}') and try_cast({{ text }} || '-01' as date) is not null
            then {{ text }}
        when {{ read_day(text) }} is not null then {{ text }}
    end
{%- endmacro %}

{#- The study day of a whole date, 1 on the day of the first infusion and never 0. -#}
{% macro sdtm_day(day) -%}
    {{ study_day(days_between('records.trtsdt', 'records.' ~ day)) }}
{%- endmacro %}

{#- A record's number within its subject and domain, always the same for the same records. -#}
{% macro sdtm_seq(order) -%}
    cast(row_number() over (partition by records.usubjid order by {{ order }}, records.row_id) as integer)
{%- endmacro %}
