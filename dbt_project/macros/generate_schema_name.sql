{#- A model's schema is its layer's name, without dbt's usual prefix: analysis.adsl, not main_analysis.adsl. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name or target.schema }}
{%- endmacro %}
