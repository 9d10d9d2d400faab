{#-
    Arithmetic on calendar days, the only place where an engine's own way of doing it stands.
    What a day means for the trial (windows, lags, look-backs) belongs in seeds and models.
-#}

{#- The day this many days after (before, when negative) another. -#}
{% macro days_after(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{#- How many days lie between two days: 0 for the same day. -#}
{% macro days_between(earlier, later) -%}
    cast({{ later }} - {{ earlier }} as integer)
{%- endmacro %}

{#- CDISC study day from the protocol day: the first infusion is day 1, the day before it day -1, and 0 is not used. -#}
{% macro study_day(protocol_day) -%}
    case when {{ protocol_day }} >= 0 then {{ protocol_day }} + 1 else {{ protocol_day }} end
{%- endmacro %}

{#- The same day of the month so many months later (earlier, when negative); the month's last day where it has none. -#}
{% macro months_after(day, months) -%}
    cast({{ day }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}
