-- The endpoint: one row per treated subject with a known day 0 and analysis visit after baseline. Nothing is derived
-- here: components come from int_components, results from int_response, the subject's event from int_first_event.
select
    {{ studyid() }} as studyid,
    components.siteid,
    components.usubjid,
    components.avisit,
    components.avisitn,
    components.adt,
    components.protday,
    {{ study_day('components.protday') }} as ady,
    components.sledaibl,
    components.sledai,
    components.sledchg,
    components.bilnewa,
    components.bilnewb,
    components.bilnewsys,
    cast(components.pgabl as decimal(12, 4)) as pgabl,
    cast(components.pga as decimal(12, 4)) as pga,
    cast(components.pgachg as decimal(12, 4)) as pgachg,
    {{ yes_no('components.sledai_met') }} as sledfl,
    {{ yes_no('components.bilag_met') }} as bilfl,
    {{ yes_no('components.pga_met') }} as pgafl,
    response.icefl,
    events.iceterm,
    events.icedt,
    response.maturfl,
    response.closedfl,
    response.sri4oc,
    response.sri4,
    response.sri4locf,
    response.sri5,
    response.sri6,
    response.sri7,
    response.sri8,
    response.reason,
    nullif(
        case when components.sledai_met is null then 'S' else '' end
        || case when components.bilag_met is null then 'B' else '' end
        || case when components.pga_met is null then 'P' else '' end,
        ''
    ) as misspat,
    components.srcsled,
    components.srcbil,
    components.srcpga
from {{ ref('int_components') }} as components
inner join {{ ref('int_response') }} as response
    on
        components.scenario = response.scenario
        and components.usubjid = response.usubjid
        and components.avisitn = response.avisitn
left join {{ ref('int_first_event') }} as events
    on components.scenario = events.scenario and components.usubjid = events.usubjid
where components.scenario = 'PRIMARY'
order by usubjid, avisitn
