-- The protocol's numbers that visits and dosing need, as one row to join. The numbers themselves belong in the seed
-- protocol_parameters. Dosing has one scenario, the primary one.
{% set whole_numbers = ['entry_lag_days'] %}
{% set decimals = [
    'planned_mg_per_kg', 'dose_tolerance_percent', 'dose_gross_high_factor', 'dose_gross_low_factor',
] %}

select
    {% for parameter in whole_numbers -%}
    cast(max(case when parameter = '{{ parameter }}' then value end) as integer) as {{ parameter }},
    {% endfor -%}
    {% for parameter in decimals -%}
    -- Three decimal places leave room for an exact product with a weight of ten.
    cast(max(case when parameter = '{{ parameter }}' then value end) as decimal(9, 3))
        as {{ parameter }}{{ ',' if not loop.last }}
    {% endfor -%}
from {{ ref('protocol_parameters') }}
where scenario = 'PRIMARY'
