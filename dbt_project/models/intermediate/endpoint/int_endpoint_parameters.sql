-- The protocol's numbers that the endpoint needs, one row per scenario, so that a model joins a row instead of a list.
-- The numbers themselves belong in the seed protocol_parameters.
{% set whole_numbers = [
    'sri_points', 'bilag_new_a_allowed', 'bilag_new_b_allowed', 'baseline_lookback_days', 'entry_lag_days',
    'steroid_rule_day', 'steroid_baseline_first_day', 'steroid_baseline_last_day',
] %}
{% set decimals = ['pga_worsening', 'steroid_increase_factor', 'steroid_increase_mg', 'confidence_z'] %}

select
    scenario,
    {% for parameter in whole_numbers -%}
    cast(max(case when parameter = '{{ parameter }}' then value end) as integer) as {{ parameter }},
    {% endfor -%}
    {% for parameter in decimals -%}
    max(case when parameter = '{{ parameter }}' then value end) as {{ parameter }}{{ ',' if not loop.last }}
    {% endfor -%}
from {{ ref('protocol_parameters') }}
group by scenario
