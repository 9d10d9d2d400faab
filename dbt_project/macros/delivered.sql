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
    The current rows of a form as trimmed text, with their key, and which of them are kept out of the analysis, and why:
    VAL01 the key is incomplete; VAL07 the key is there more than once (of identical copies the one with the lowest row
    id is used, of differing rows none, as nobody can tell which is right); VAL08 the subject has no usable row in dm.
    Where leaving an event out could make a responder (ds, cm), differing rows are all used. At the visit UNS, which may
    repeat, the date belongs to the key (date_at_uns names its column).
    Only rows whose key repeats are compared value by value, so the cost follows the defects; and the verdict is found
    while the row is read: joined to it afterwards, by row id, it took as long as reading it.
-#}
{% macro delivered_rows(form, columns, key, date_at_uns=none, differing_rows_are_used=false) -%}
trimmed as (
    select
        row_id,
        siteid,
        {%- for column in columns %}
        {{ trimmed(column) }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('raw', form) }}
    where closed_load is null
),

keyed as (
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
),

repeated_keys as (
    select
        siteid,
        record_key,
        count(*) as rows_with_key
    from keyed
    where blank_key_columns is null
    group by siteid, record_key
    having count(*) > 1
),

repeated_rows as (
    select
        keyed.row_id,
        keyed.siteid,
        keyed.record_key,
        repeated_keys.rows_with_key,
        concat_ws(chr(31){% for column in columns %}, coalesce(keyed.{{ column }}, ''){% endfor %}) as content
    from keyed
    inner join repeated_keys
        on keyed.siteid = repeated_keys.siteid and keyed.record_key = repeated_keys.record_key
    where keyed.blank_key_columns is null
),

copies as (
    select
        row_id,
        rows_with_key,
        min(content) over (partition by siteid, record_key)
        <> max(content) over (partition by siteid, record_key) as rows_differ,
        row_number() over (partition by siteid, record_key, content order by row_id) as copy_number
    from repeated_rows
),

delivered as (
    select
        keyed.row_id,
        keyed.siteid,
        {%- for column in columns %}
        keyed.{{ column }},
        {%- endfor %}
        keyed.record_key,
        case
            when keyed.blank_key_columns is not null then 'VAL01'
            {%- if not differing_rows_are_used %}
            when copies.rows_differ then 'VAL07'
            {%- endif %}
            when copies.copy_number > 1 then 'VAL07'
            {%- if form != 'dm' %}
            when subjects.subjid is null then 'VAL08'
            {%- endif %}
        end as quarantine_rule,
        case
            when keyed.blank_key_columns is not null
                then 'The key is incomplete: ' || keyed.blank_key_columns || ' is blank.'
            {%- if not differing_rows_are_used %}
            when copies.rows_differ
                then 'One of ' || copies.rows_with_key || ' differing rows with the same key; none of them is used.'
            {%- endif %}
            when copies.copy_number > 1 then 'An identical copy of a row that is used.'
            {%- if form != 'dm' %}
            when subjects.subjid is null then 'Subject ' || keyed.subjid || ' has no usable row in dm.'
            {%- endif %}
        end as quarantine_reason
    from keyed
    left join copies on keyed.row_id = copies.row_id
    {%- if form != 'dm' %}
    left join {{ ref('stg_dm') }} as subjects
        on keyed.siteid = subjects.siteid and keyed.subjid = subjects.subjid
    {%- endif %}
)
{%- endmacro %}

{#- What delivered_rows found out about a row, to stand at the end of its columns. -#}
{% macro verdict() -%}
    delivered.record_key,
        delivered.quarantine_rule,
        delivered.quarantine_reason
{%- endmacro %}
