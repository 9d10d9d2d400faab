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
