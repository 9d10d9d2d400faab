{#-
    Reading delivered text. Each macro writes the typed column and, beside it, the text it was read from
    (<column>_delivered). Reading is strict: what cannot be read is NULL, never guessed, and never stops the build.
    What only DuckDB has (regexp_full_match, try_cast, last_day) stays in this file. No trial logic belongs here.
    All of them read from the CTE `delivered`, see delivered_rows.
-#}

{#- Text without blanks around it (tabs, line ends, no-break and ideographic spaces too); NULL when nothing is left. -#}
{% macro trimmed(column) -%}
    nullif(trim({{ column }}, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)), '')
{%- endmacro %}

{#- A code: exactly one of its codelist, case included. -#}
{% macro code(column, codelist) -%}
    case when {{ in_codelist(column, codelist) }} then delivered.{{ column }} end as {{ column }},
        delivered.{{ column }} as {{ column }}_delivered
{%- endmacro %}

{#- An answer coded 1 or 0, as a number. -#}
{% macro answer(column) -%}
    case when {{ in_codelist(column, 'PRESENT') }} then try_cast(delivered.{{ column }} as integer) end as {{ column }},
        delivered.{{ column }} as {{ column }}_delivered
{%- endmacro %}

{% macro in_codelist(column, codelist) -%}
    delivered.{{ column }} in (select code from {{ ref('codelists') }} where codelist = '{{ codelist }}')
{%- endmacro %}

{#-
    The number that a text states: digits, one point, a sign; no exponent, no thousands separator. More than nine digits
    before the point are no measurement, and more than six after it would be rounded: neither is read. The type is wider than 18 digits on purpose: DuckDB multiplies two decimals of
    up to 18 digits into 18 digits, and one absurd value would then overflow and stop the whole build. Text is read into
    18 digits first all the same: reading it straight into 20 took 30 times as long (4.4 against 0.15 microseconds).
-#}
{% macro read_number(text) -%}
    case
            when regexp_full_match({{ text }}, '[+-]?0*\d{1,9}(\.\d{1,6}0*)?')
                then cast(try_cast({{ text }} as decimal(18, 6)) as decimal(20, 6))
        end
{%- endmacro %}

{% macro number(column) -%}
    {{ read_number('delivered.' ~ column) }} as {{ column }},
        delivered.{{ column }} as {{ column }}_delivered
{%- endmacro %}

{#- A number with room for ten decimals, because what it is rescaled to is compared with a limit. -#}
{% macro exact_number(column) -%}
    case
            when regexp_full_match(delivered.{{ column }}, '[+-]?0*\d{1,9}(\.\d{1,6}0*)?')
                then try_cast(delivered.{{ column }} as decimal(28, 10))
        end as {{ column }},
        delivered.{{ column }} as {{ column }}_delivered
{%- endmacro %}

{#- A whole number of at most six digits; 34.0 is one, 34.5 is not. -#}
{% macro whole_number(column) -%}
    case
            when regexp_full_match(delivered.{{ column }}, '[+-]?0*\d{1,6}(\.0+)?')
                then try_cast(delivered.{{ column }} as integer)
        end as {{ column }},
        delivered.{{ column }} as {{ column }}_delivered
{%- endmacro %}

{#-
    Whether a text has the shape of a full date, with or without a time of day. A year outside 1900-2099 is no date of
    this trial; an end in 9999 or a birth in 0001 would also carry differences of dates beyond what a number holds.
-#}
{% macro has_full_date(text) -%}
    regexp_full_match({{ text }}, '(19|20)\d{2}-\d{2}-\d{2}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?')
{%- endmacro %}

{#- The day of a full date; an impossible one (30 February) is none. -#}
{% macro read_day(text) -%}
    case when {{ has_full_date(text) }} then try_cast(substr({{ text }}, 1, 10) as date) end
{%- endmacro %}

{#- A column that needs a full date: svdtc becomes svdt. -#}
{% macro full_date(column) -%}
    {{ read_day('delivered.' ~ column) }} as {{ column[:-1] }},
        delivered.{{ column }} as {{ column }}_delivered
{%- endmacro %}

{#- A full date that may carry a time: exstdtc becomes exstdt and, where a time was given, exstdtm. -#}
{% macro date_and_time(column) -%}
    {%- set text = 'delivered.' ~ column -%}
    {{ read_day(text) }} as {{ column[:-1] }},
        case
            when {{ has_full_date(text) }} and length({{ text }}) > 10 then try_cast({{ text }} as timestamp)
        end as {{ column[:-1] }}m,
        {{ text }} as {{ column }}_delivered
{%- endmacro %}

{#- A date that may be known only to its month or year: cmstdtc becomes cmstdt (full dates only) and the earliest
    and latest day it can be, cmstdt_min and cmstdt_max. -#}
{% macro partial_date(column) -%}
    {%- set text = 'delivered.' ~ column -%}
    {%- set is_month = "regexp_full_match(" ~ text ~ ", '(19|20)\\d{2}-\\d{2}')" -%}
    {%- set is_year = "regexp_full_match(" ~ text ~ ", '(19|20)\\d{2}')" -%}
    {{ read_day(text) }} as {{ column[:-1] }},
        case
            when {{ is_year }} then try_cast({{ text }} || '-01-01' as date)
            when {{ is_month }} then try_cast({{ text }} || '-01' as date)
            else {{ read_day(text) }}
        end as {{ column[:-1] }}_min,
        case
            when {{ is_year }} then try_cast({{ text }} || '-12-31' as date)
            when {{ is_month }} then last_day(try_cast({{ text }} || '-01' as date))
            else {{ read_day(text) }}
        end as {{ column[:-1] }}_max,
        {{ text }} as {{ column }}_delivered
{%- endmacro %}

{#- A value in its standard unit; NULL when the unit is not known (the join to `known_units` found none). Most values
    arrive in it already and are only widened: dividing a long decimal down to its scale takes 2 microseconds each. -#}
{% macro in_standard_unit(value, type) -%}
    case
            when known_units.factor = 1 and known_units.subtract_first = 0 then try_cast({{ value }} as {{ type }})
            else try_cast(({{ value }} - known_units.subtract_first) * known_units.factor as {{ type }})
        end
{%- endmacro %}

{#- The units of one form, spelled without case. -#}
{% macro known_units(domain) -%}
known_units as (
    select
        testcd,
        lower(unit) as unit_spelled,
        standard_unit,
        factor,
        subtract_first
    from {{ ref('unit_conversions') }}
    where domain = '{{ domain }}'
)
{%- endmacro %}

{#- Whether the unit of a number is in the table; NULL where there is no number to convert. -#}
{% macro unit_is_known(there_is_a_number) -%}
    case when {{ there_is_a_number }} then known_units.unit_spelled is not null end
{%- endmacro %}
