-- The protocol's numbers that visits and dosing need, as one row to join. The numbers themselves belong in the seed
-- protocol_parameters. Dosing has one scenario, the primary one.
-- Three decimal places leave room for an exact product with a weight.
{%- macro parameter(name) -%} max(value) filter (where parameter = '{{ name }}') {%- endmacro %}

select
    cast({{ parameter('entry_lag_days') }} as integer) as entry_lag_days,
    cast({{ parameter('planned_mg_per_kg') }} as decimal(9, 3)) as planned_mg_per_kg,
    cast({{ parameter('dose_tolerance_percent') }} as decimal(9, 3)) as dose_tolerance_percent,
    cast({{ parameter('dose_gross_high_factor') }} as decimal(9, 3)) as dose_gross_high_factor,
    cast({{ parameter('dose_gross_low_factor') }} as decimal(9, 3)) as dose_gross_low_factor
from {{ ref('protocol_parameters') }}
where scenario = 'PRIMARY'
