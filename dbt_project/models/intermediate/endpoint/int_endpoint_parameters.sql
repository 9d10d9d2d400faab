-- The protocol's numbers that the endpoint needs, one row per scenario, so that a model joins a row instead of a list.
-- The numbers themselves belong in the seed protocol_parameters: a scenario's own where it has one, else PRIMARY's.
with numbers as (
    select
        scenarios.scenario,
        scenarios.position,
        protocol.parameter,
        coalesce(own.value, protocol.value) as value
    from {{ ref('scenarios') }} as scenarios
    inner join {{ ref('protocol_parameters') }} as protocol on protocol.scenario = 'PRIMARY'
    left join {{ ref('protocol_parameters') }} as own
        on scenarios.scenario = own.scenario and protocol.parameter = own.parameter
),

by_scenario as (
    select
        scenario,
        position,
        cast({{ parameter('sri_points') }} as integer) as sri_points,
        cast({{ parameter('bilag_new_a_allowed') }} as integer) as bilag_new_a_allowed,
        cast({{ parameter('bilag_new_b_allowed') }} as integer) as bilag_new_b_allowed,
        cast({{ parameter('bilag_missing_grades') }} as integer) as bilag_missing_grades,
        {{ parameter('pga_worsening') }} as pga_worsening,
        {{ parameter('sledai_site_total') }} = 1 as by_site_total,
        cast({{ parameter('baseline_lookback_days') }} as integer) as baseline_lookback_days,
        cast({{ parameter('entry_lag_days') }} as integer) as entry_lag_days,
        {{ parameter('medication_rule') }} = 1 as medication_rule,
        {{ parameter('steroid_rule') }} = 1 as steroid_rule,
        cast({{ parameter('steroid_rule_day') }} as integer) as steroid_rule_day,
        cast({{ parameter('steroid_baseline_first_day') }} as integer) as steroid_baseline_first_day,
        cast({{ parameter('steroid_baseline_last_day') }} as integer) as steroid_baseline_last_day,
        {{ parameter('steroid_increase_factor') }} as steroid_increase_factor,
        {{ parameter('steroid_increase_mg') }} as steroid_increase_mg,
        {{ parameter('confidence_z') }} as confidence_z,
        cast({{ parameter('response_week') }} as integer) as response_week
    from numbers
    group by scenario, position
)

-- Scenarios whose numbers are the same for a step share its rows: those of the first of them.
select
    *,
    first_value(scenario) over (
        partition by baseline_lookback_days, by_site_total order by position
    ) as baseline_scenario,
    first_value(scenario) over (
        partition by
            steroid_rule_day,
            steroid_baseline_first_day,
            steroid_baseline_last_day,
            steroid_increase_factor,
            steroid_increase_mg
        order by position
    ) as medication_scenario
from by_scenario
