{#- Small helpers of the frames for rules (models/checks). What a derivation needs belongs elsewhere. -#}

{#- The last moment of a day, for an end known only to the day. -#}
{% macro end_of_day(day) -%}
    cast({{ day }} as timestamp) + interval '23 hours 59 minutes 59 seconds'
{%- endmacro %}

{#- The columns of form bilag that hold a grade. -#}
{% macro bilag_columns() -%}
    {{ return([
        'bilconst', 'bilmuco', 'bilneuro', 'bilmusc', 'bilcard', 'bilgast', 'bilopht', 'bilrenal', 'bilhaem',
    ]) }}
{%- endmacro %}

{#- The SLEDAI-2K items that a laboratory result bears on: those of the seed lab_tests. -#}
{% macro sledai_laboratory_items() -%}
    {{ return([12, 13, 14, 20, 21, 23, 24]) }}
{%- endmacro %}

{#- A number with decimals as a person writes it: 0.5 and 100, not 0.500000 and 100.000000. -#}
{% macro shortest_number(number) -%}
    rtrim(rtrim(cast({{ number }} as varchar), '0'), '.')
{%- endmacro %}

{#- The visit label of a row as read, or as delivered where it can't be read; NULL where the form has no visits. -#}
{% macro visit_label(rows, form) -%}
    {%- if form in ['sv', 'vs', 'ex', 'sledai', 'bilag', 'pga', 'lb'] -%}
        coalesce({{ rows }}.visit, {{ rows }}.visit_delivered)
    {%- else -%}
        cast(null as varchar)
    {%- endif -%}
{%- endmacro %}
