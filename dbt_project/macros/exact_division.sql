{#-
    Division of decimals without floating point, rounded half away from zero.

    DuckDB divides two decimals as DOUBLE, and binary floating point moves exact halves to either side: a deviation of
    10.005 % could be published as 10.00 or 10.01. Here both numbers become whole multiples of 10^-13 (a weight has at
    most ten decimal places, a dose per kilogram three) and integers are divided. For a comparison with a limit there is
    no need to divide at all: multiply the other side instead.
-#}

{#- A decimal as a whole number of units of 10^-13. Splitting it first keeps every step within 38 digits. -#}
{% macro whole_units(number) -%}
    (
        cast(trunc(cast({{ number }} as decimal(38, 13))) as hugeint) * 10000000000000
        + cast(
            (cast({{ number }} as decimal(38, 13)) - trunc(cast({{ number }} as decimal(38, 13)))) * 10000000000000
            as hugeint
        )
    )
{%- endmacro %}

{#-
    dividend / divisor to `places` decimal places, as decimal(28, places): 0.125 becomes 0.13 and -0.125 becomes -0.13.
    NULL when either is NULL or the divisor is 0.
-#}
{% macro divide_half_away(dividend, divisor, places) -%}
    cast(
        cast(
            sign({{ dividend }}) * sign({{ divisor }})
            * (
                (2 * {{ 10 ** places }} * abs({{ whole_units(dividend) }}) + abs({{ whole_units(divisor) }}))
                // nullif(2 * abs({{ whole_units(divisor) }}), 0)
            )
            as decimal(38, 0)
        ) * cast({{ '0.' ~ '0' * (places - 1) ~ '1' }} as decimal({{ places + 1 }}, {{ places }}))
        as decimal(28, {{ places }})
    )
{%- endmacro %}
