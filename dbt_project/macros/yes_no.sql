{#- Y, N, or NULL where the condition is unknown: three-valued logic stays three-valued on its way into a table. -#}
{% macro yes_no(condition) -%}
    case when {{ condition }} then 'Y' when not ({{ condition }}) then 'N' end
{%- endmacro %}
