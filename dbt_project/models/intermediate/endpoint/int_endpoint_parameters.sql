-- The protocol's numbers that the endpoint needs, one row per scenario, so that a model joins a row instead of a list.
-- The numbers themselves belong in the seed protocol_parameters.
select
    scenario,
    cast({{ parameter('sri_points') }} as integer) as sri_points,
    cast({{ parameter('bilag_new_a_allowed') }} as integer) as bilag_new_a_allowed,
    cast({{ parameter('bilag_new_b_allowed') }} as integer) as bilag_new_b_allowed,
    {{ parameter('pga_worsening') }} as pga_worsening,
    cast({{ parameter('baseline_lookback_days') }} as integer) as baseline_lookback_days,
    cast({{ parameter('entry_lag_days') }} as integer) as entry_lag_days,
    cast({{ parameter('steroid_rule_day') }} as integer) as steroid_rule_day,
    cast({{ parameter('steroid_baseline_first_day') }} as integer) as steroid_baseline_first_day,
    cast({{ parameter('steroid_baseline_last_day') }} as integer) as steroid_baseline_last_day,
    {{ parameter('steroid_increase_factor') }} as steroid_increase_factor,
    {{ parameter('steroid_increase_mg') }} as steroid_increase_mg,
    {{ parameter('confidence_z') }} as confidence_z
from {{ ref('protocol_parameters') }}
group by scenario
