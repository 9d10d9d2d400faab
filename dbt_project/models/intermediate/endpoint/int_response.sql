-- SRI-k at every analysis visit: observed case, primary (non-responder imputation), and last observation carried forward.
-- Results are Y, N, or NULL for not known (yet). Components come from int_components, events from int_visit_events.
{% set further_points = [0, 1, 2, 3, 4] %}

with carried as (
    select
        *,
        -- A component that is unknown takes its last known result from an earlier analysis visit after baseline.
        {% for component in ['sledai', 'bilag', 'pga'] -%}
        coalesce(
            {{ component }}_met,
            last_value({{ component }}_met ignore nulls) over (
                partition by scenario, usubjid order by avisitn rows between unbounded preceding and 1 preceding
            )
        ) as {{ component }}_met_carried{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_components') }}
),

-- SQL's own AND is the three-valued one: a known failure is a failure whatever is missing.
composites as (
    select
        carried.*,
        events.iceterm as counting_event,
        carried.sledai_met_carried and carried.bilag_met_carried and carried.pga_met_carried as composite_carried,
        {% for points in further_points -%}
        carried.sledchg <= -(parameters.sri_points + {{ points }}) and carried.bilag_met and carried.pga_met
            as composite_{{ 4 + points }}{{ ',' if not loop.last }}
        {% endfor %}
    from carried
    inner join {{ ref('int_endpoint_parameters') }} as parameters on carried.scenario = parameters.scenario
    left join {{ ref('int_visit_events') }} as events
        on
            carried.scenario = events.scenario
            and carried.usubjid = events.usubjid
            and carried.avisitn = events.avisitn
)

select
    scenario,
    siteid,
    usubjid,
    avisit,
    avisitn,
    {{ yes_no('mature') }} as maturfl,
    {{ yes_no('closed') }} as closedfl,
    {{ yes_no('counting_event is not null') }} as icefl,
    {{ yes_no('composite_4') }} as sri4oc,
    {% for points in further_points -%}
    case
        when counting_event is not null then 'N'
        when composite_{{ 4 + points }} is not null then {{ yes_no('composite_' ~ (4 + points)) }}
        when closed then 'N'
    end as sri{{ 4 + points }},
    {% endfor -%}
    case
        when counting_event is not null then 'N'
        when composite_4 is not null then {{ yes_no('composite_4') }}
        when closed then {{ yes_no('composite_carried') }}
    end as sri4locf,
    case
        when counting_event is not null then counting_event
        when not sledai_met then 'SLEDAI'
        when not bilag_met then 'BILAG'
        when not pga_met then 'PGA'
        when composite_4 then 'RESPONDER'
        when closed then 'MISSING'
        else 'PENDING'
    end as reason
from composites
