{#- Whole minutes from one time to another; seconds that do not make a full minute are left out. Days: day_arithmetic. -#}
{% macro minutes_between(from_time, until_time) -%}
    cast(date_sub('minute', {{ from_time }}, {{ until_time }}) as integer)
{%- endmacro %}
