{#-
    Whether a daily dose is at most so many mg: not, where what is known exceeds it already; unknown, where something of it
    is unknown. `dose` has the columns dose_14_days and some_unknown. Nothing is divided, so nothing is rounded before.
-#}
{% macro dose_at_most(dose, limit) -%}
    case
        when {{ dose }}.dose_14_days > {{ limit }} * 14 then false
        when not {{ dose }}.some_unknown then true
    end
{%- endmacro %}
