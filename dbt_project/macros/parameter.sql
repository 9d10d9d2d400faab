{#- One number out of the protocol's parameters, for models that turn the seed's rows into columns. -#}
{% macro parameter(name) -%}
    max(value) filter (where parameter = '{{ name }}')
{%- endmacro %}
