-- adsens: the endpoint's visit under every scenario, one row per scenario and treated subject with a known day 0: what
-- sensum counts, subject by subject. Nothing is derived here. Scenario PRIMARY is adsri at that visit.
select
    {{ studyid() }} as studyid,
    components.siteid,
    components.usubjid,
    components.scenario,
    components.avisit,
    components.adt,
    components.protday,
    {{ study_day('components.protday') }} as ady,
    components.sledchg,
    components.bilnewa,
    components.bilnewb,
    cast(components.pgachg as decimal(12, 4)) as pgachg,
    {{ yes_no('components.sledai_met') }} as sledfl,
    {{ yes_no('components.bilag_met') }} as bilfl,
    {{ yes_no('components.pga_met') }} as pgafl,
    response.icefl,
    response.maturfl,
    response.closedfl,
    response.sri4oc,
    response.sri4,
    response.reason,
    primary_response.sri4 as sri4prim,
    -- As sensum counts it: mature in both.
    case
        when response.maturfl = 'N' or primary_response.maturfl = 'N' then null
        when response.sri4 = 'Y' and primary_response.sri4 = 'N' then 'GAINED'
        when response.sri4 = 'N' and primary_response.sri4 = 'Y' then 'LOST'
    end as chgresp,
    components.srcsled,
    components.srcbil,
    components.srcpga
from {{ ref('int_components') }} as components
inner join {{ ref('int_endpoint_parameters') }} as parameters
    on components.scenario = parameters.scenario and components.avisitn = parameters.response_week
inner join {{ ref('int_response') }} as response
    on
        components.scenario = response.scenario
        and components.usubjid = response.usubjid
        and components.avisitn = response.avisitn
inner join {{ ref('int_response') }} as primary_response
    on
        primary_response.scenario = 'PRIMARY'
        and components.usubjid = primary_response.usubjid
        and components.avisitn = primary_response.avisitn
order by usubjid, scenario
