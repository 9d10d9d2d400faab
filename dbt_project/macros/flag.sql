{#- A flag of ADaM that is always Y or N: what is unknown is N. Results that may stay unknown use yes_no. -#}
{% macro flag(condition) -%}
    case when {{ condition }} then 'Y' else 'N' end
{%- endmacro %}
