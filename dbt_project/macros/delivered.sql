{#-
    From raw rows to usable rows: which rows are current, what their key is, and which of them must be kept out of
    the analysis (quarantine). What a value means is not decided here, see typing.sql.
-#}

{#- The forms a site delivers, in the order of the contract. -#}
{% macro forms() -%}
    {{ return(['dm', 'acr', 'ie', 'mh', 'sv', 'vs', 'ex', 'sledai', 'bilag', 'pga', 'lb', 'cm', 'ae', 'ds']) }}
{%- endmacro %}

{#- sledai01 to sledai24. -#}
{% macro sledai_item_columns() -%}
    {%- set columns = [] -%}
    {%- for number in range(1, 25) -%}
        {%- do columns.append('sledai%02d' % number) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{% macro studyid() %}'MRBS'{% endmacro %}

{% macro subject() -%}
    delivered.siteid,
        {{ studyid() }} || '-' || delivered.siteid || '-' || delivered.subjid as usubjid,
        delivered.subjid
{%- endmacro %}

{#-
    The current rows of a form as trimmed text, with their key. At the visit UNS, which may repeat, the date belongs to
    the key (date_at_uns names its column). How a row reads hangs on nothing but the row, the seeds and this code, so it
    is read once: a build that finds the table of an earlier one adds the rows that are new (docs/adr/0011).
-#}
{% macro delivered_rows(form, columns, key, date_at_uns=none) -%}
trimmed as (
    select
        row_id,
        siteid,
        {%- for column in columns %}
        {{ trimmed(column) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('raw', form) }} as raw_rows
    where
        closed_load is null
        {%- if is_incremental() %}
        and not exists (select true from {{ this }} as known where known.row_id = raw_rows.row_id)
        {%- endif %}
),

delivered as (
    select
        row_id,
        siteid,
        {{ columns | join(', ') }},
        concat_ws(
            ' | '
            {%- for column in key %}, coalesce({{ column }}, ''){% endfor %}
            {%- if date_at_uns %}, case when visit = 'UNS' then coalesce({{ date_at_uns }}, '') end{% endif %}
        ) as record_key,
        nullif(concat_ws(
            ', '
            {%- for column in key %}, case when {{ column }} is null then '{{ column }}' end{% endfor %}
            {%- if date_at_uns %},
            case when visit = 'UNS' and {{ date_at_uns }} is null then '{{ date_at_uns }}' end
            {%- endif %}
        ), '') as blank_key_columns
    from trimmed
)
{%- endmacro %}

{#- The key of a row and which parts of it are blank, to stand at the end of its columns. -#}
{% macro key_as_delivered() -%}
    delivered.record_key,
        delivered.blank_key_columns
{%- endmacro %}

{#- Before new rows are added to those read by an earlier build: rows that are not current any more go. -#}
{% macro forget_closed_rows() -%}
{% if is_incremental() -%}
delete from {{ this }} as known
where not exists (
    select true from {{ this.database }}.raw.{{ this.identifier | replace('read_', '') }} as raw_rows
    where raw_rows.row_id = known.row_id and raw_rows.closed_load is null
)
{%- endif %}
{%- endmacro %}

{#-
    The largest published tables keep the rows of sites that have no news since the last publication (docs/adr/0012):
    before a build the rows of the others go, and the query makes only those.
-#}
{% macro forget_changed_sites() -%}
{% if is_incremental() -%}
delete from {{ this }} where siteid in (select siteid from {{ target.database }}.derivation.changed_sites)
{%- endif %}
{%- endmacro %}

{#- The sites stand in the query one by one: so DuckDB looks for them before it ranks rows, and not after. -#}
{% macro where_site_changed(siteid) -%}
{% if is_incremental() and execute -%}
{%- set sites = run_query('select siteid from ' ~ target.database ~ '.derivation.changed_sites order by siteid') -%}
where {{ siteid }} in (null
    {%- for site in sites.columns[0].values() %}, '{{ site | replace("'", "''") }}'{% endfor -%}
)
{%- endif %}
{%- endmacro %}

{#-
    Which rows of a form are kept out of the analysis, and why, as a CTE named verdicts_<form>:
    VAL01 the key is incomplete; VAL07 the key is there more than once (of identical copies the one with the lowest row
    id is used, of differing rows none, as nobody can tell which is right); VAL08 the subject has no usable row in dm.
    Where leaving an event out could make a responder (ds, cm), differing rows are all used.
    Only rows whose key repeats are compared value by value, so the cost follows the defects.
-#}
{% macro verdicts_of(form, differing_rows_are_used=false) -%}
{{ form }}_repeated_keys as (
    select
        siteid,
        record_key,
        count(*) as rows_with_key
    from {{ ref('read_' ~ form) }}
    where blank_key_columns is null
    group by siteid, record_key
    having count(*) > 1
),

{{ form }}_repeated_rows as (
    select rows_read.*
    from {{ ref('read_' ~ form) }} as rows_read
    inner join {{ form }}_repeated_keys as repeated_keys
        on rows_read.siteid = repeated_keys.siteid and rows_read.record_key = repeated_keys.record_key
    where rows_read.blank_key_columns is null
),

-- Each content once, by the copy with the lowest row id.
{{ form }}_contents as (
    select
        * exclude (row_id),
        min(row_id) as row_id
    from {{ form }}_repeated_rows
    group by all
),

{{ form }}_copies as (
    select
        repeated_rows.row_id,
        repeated_keys.rows_with_key,
        contents.row_id is null as is_copy,
        contents_of_key.contents > 1 as rows_differ
    from {{ form }}_repeated_rows as repeated_rows
    inner join {{ form }}_repeated_keys as repeated_keys
        on repeated_rows.siteid = repeated_keys.siteid and repeated_rows.record_key = repeated_keys.record_key
    inner join (
        select
            siteid,
            record_key,
            count(*) as contents
        from {{ form }}_contents
        group by siteid, record_key
    ) as contents_of_key
        on repeated_rows.siteid = contents_of_key.siteid and repeated_rows.record_key = contents_of_key.record_key
    left join {{ form }}_contents as contents on repeated_rows.row_id = contents.row_id
),

verdicts_{{ form }} as (
    select
        rows_read.row_id,
        '{{ form }}' as form,
        case
            when rows_read.blank_key_columns is not null then 'VAL01'
            {%- if not differing_rows_are_used %}
            when copies.rows_differ then 'VAL07'
            {%- endif %}
            when copies.is_copy then 'VAL07'
            {%- if form != 'dm' %}
            when subjects.subjid is null then 'VAL08'
            {%- endif %}
        end as quarantine_rule,
        case
            when rows_read.blank_key_columns is not null
                then 'The key is incomplete: ' || rows_read.blank_key_columns || ' is blank.'
            {%- if not differing_rows_are_used %}
            when copies.rows_differ
                then 'One of ' || copies.rows_with_key || ' differing rows with the same key; none of them is used.'
            {%- endif %}
            when copies.is_copy then 'An identical copy of a row that is used.'
            {%- if form != 'dm' %}
            when subjects.subjid is null then 'Subject ' || rows_read.subjid || ' has no usable row in dm.'
            {%- endif %}
        end as quarantine_reason
    from {{ ref('read_' ~ form) }} as rows_read
    left join {{ form }}_copies as copies on rows_read.row_id = copies.row_id
    {%- if form != 'dm' %}
    left join {{ ref('stg_dm') }} as subjects
        on rows_read.siteid = subjects.siteid and rows_read.subjid = subjects.subjid
    {%- endif %}
    where quarantine_rule is not null
)
{%- endmacro %}

{#- The rows of a form as read, each with the verdict on it. -#}
{% macro judged_rows(form) -%}
with verdicts as (
    select
        row_id,
        quarantine_rule,
        quarantine_reason
    from {{ ref('verdicts_dm' if form == 'dm' else 'verdicts') }}
    where form = '{{ form }}'
)

select
    rows_read.* exclude (blank_key_columns),
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from {{ ref('read_' ~ form) }} as rows_read
left join verdicts on rows_read.row_id = verdicts.row_id
{%- endmacro %}
