{#-
    A limit of the Wilson score interval of `events` out of `number`: side '-' is the lower one, '+' the upper one.
    NULL without observations.

    The only floating point of the warehouse: a square root of two counts. It is computed from single values (no sums,
    so no order matters) and rounded to six places, which no platform's last bit can reach.
-#}
{% macro wilson_limit(events, number, quantile, side) -%}
    {%- set x = 'cast(' ~ events ~ ' as double)' -%}
    {%- set n = 'cast(nullif(' ~ number ~ ', 0) as double)' -%}
    {%- set z = 'cast(' ~ quantile ~ ' as double)' -%}
    {%- set root = 'sqrt(' ~ z ~ ' * ' ~ z ~ ' + 4 * ' ~ x ~ ' * (' ~ n ~ ' - ' ~ x ~ ') / ' ~ n ~ ')' -%}
    cast(
        (2 * {{ x }} + {{ z }} * {{ z }} {{ side }} {{ z }} * {{ root }}) / (2 * ({{ n }} + {{ z }} * {{ z }}))
        as decimal(9, 6)
    )
{%- endmacro %}
