-- SRI-k at every analysis visit: observed case, primary (non-responder imputation), last observation carried forward.
-- Results are Y, N, or NULL for not known (yet). Components come from int_components, events from int_visit_events.
with components as (
    select
        *,
        {{ carried_forward('sledai_met') }} as sledai_carried,
        {{ carried_forward('bilag_met') }} as bilag_carried,
        {{ carried_forward('pga_met') }} as pga_carried
    from {{ ref('int_components') }}
),

-- SQL's own AND is the three-valued one: a known failure is a failure whatever is missing.
composites as (
    select
        components.*,
        events.iceterm as counting_event,
        {{ composite(0) }} as sri4_met,
        {{ composite(1) }} as sri5_met,
        {{ composite(2) }} as sri6_met,
        {{ composite(3) }} as sri7_met,
        {{ composite(4) }} as sri8_met,
        components.sledai_carried and components.bilag_carried and components.pga_carried as carried_met
    from components
    inner join {{ ref('int_endpoint_parameters') }} as parameters on components.scenario = parameters.scenario
    left join {{ ref('int_visit_events') }} as events
        on
            components.scenario = events.scenario
            and components.usubjid = events.usubjid
            and components.avisitn = events.avisitn
)

select
    scenario,
    siteid,
    usubjid,
    avisit,
    avisitn,
    {{ flag('mature') }} as maturfl,
    {{ flag('closed') }} as closedfl,
    {{ flag('counting_event is not null') }} as icefl,
    {{ yes_no('sri4_met') }} as sri4oc,
    {{ primary_result('sri4_met') }} as sri4,
    {{ primary_result('sri5_met') }} as sri5,
    {{ primary_result('sri6_met') }} as sri6,
    {{ primary_result('sri7_met') }} as sri7,
    {{ primary_result('sri8_met') }} as sri8,
    case
        when counting_event is not null then 'N'
        when sri4_met then 'Y'
        when not sri4_met then 'N'
        when closed then {{ yes_no('carried_met') }}
    end as sri4locf,
    case
        when counting_event is not null then counting_event
        when not sledai_met then 'SLEDAI'
        when not bilag_met then 'BILAG'
        when not pga_met then 'PGA'
        when sri4_met then 'RESPONDER'
        when closed then 'MISSING'
        else 'PENDING'
    end as reason
from composites
