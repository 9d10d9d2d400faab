-- Adverse events: one row per usable event. Whether it is treatment-emergent, and which infusion came before it. The
-- term is free text and stays in the house (docs/exports.md); srcid leads to it.
with parameters as (
    select
        cast({{ parameter('ae_followup_days') }} as integer) as followup_days,
        cast({{ parameter('infusion_reaction_days') }} as integer) as reaction_days
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

infusions as (
    select
        usubjid,
        row_id,
        plannum,
        exstdt,
        exstdtm
    from {{ ref('int_recorded_infusions') }}
    where is_given and exstdt is not null
),

-- An infusion that was given on a day nobody knows may be the last one.
last_infusions as (
    select
        usubjid,
        case when count(*) = count(infusion_dt) then max(infusion_dt) end as last_dt
    from {{ ref('int_infusion_evidence') }}
    group by usubjid
),

-- While treatment goes on nobody knows which infusion is the last one, so there is no last day either.
treatment as (
    select
        day0.usubjid,
        day0.infused,
        day0.trtsdt,
        case
            when disposition.has_eot or disposition.has_eos
                then {{ days_after('last_infusions.last_dt', 'parameters.followup_days') }}
        end as last_emergent_day
    from {{ ref('int_day0') }} as day0
    cross join parameters
    inner join {{ ref('int_disposition') }} as disposition on day0.usubjid = disposition.usubjid
    left join last_infusions on day0.usubjid = last_infusions.usubjid
),

-- An event began by the day it ended at the latest. An end before the start is a finding, and no end.
events as (
    select
        *,
        case
            when coalesce(aeendt_max >= aestdt_min, true) then least(aestdt_max, aeendt_max) else aestdt_max
        end as begun_by
    from {{ ref('stg_ae') }}
),

-- The latest infusion on or before the day on which the event started; unknown where that day is.
infusions_before as (
    select
        events.row_id as event_row_id,
        infusions.row_id,
        infusions.plannum,
        infusions.exstdt
    from events
    inner join infusions on events.usubjid = infusions.usubjid and events.aestdt >= infusions.exstdt
    qualify row_number() over (
        partition by events.row_id
        order by
            infusions.exstdt desc,
            infusions.exstdtm desc nulls last,
            infusions.plannum desc nulls last,
            infusions.row_id asc
    ) = 1
),

placed as (
    select
        events.*,
        treatment.infused,
        treatment.trtsdt,
        -- What is unknown counts as emergent: only an event that surely began before or after is not.
        not coalesce(events.begun_by < treatment.trtsdt, false)
        and not coalesce(events.aestdt_min > treatment.last_emergent_day, false) as may_be_emergent,
        infusions_before.exstdt as infusion_date,
        infusions_before.plannum as infusion_number,
        infusions_before.row_id as infusion_row_id,
        {{ days_between('infusions_before.exstdt', 'events.aestdt') }} as days_since_infusion,
        {{ days_between('treatment.trtsdt', 'events.aestdt') }} as first_protday,
        {{ days_between('treatment.trtsdt', 'events.aeendt') }} as last_protday
    from events
    inner join treatment on events.usubjid = treatment.usubjid
    left join infusions_before on events.row_id = infusions_before.event_row_id
),

reactions as (
    select
        placed.*,
        placed.aecat = 'INFUSION REACTION' and placed.days_since_infusion <= parameters.reaction_days as has_infusion
    from placed
    cross join parameters
)

select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    aeseq,
    aecat,
    aestdt as astdt,
    aestdt_min as astdtlo,
    aestdt_max as astdthi,
    aeendt as aendt,
    aeendt_min as aendtlo,
    aeendt_max as aendthi,
    first_protday as protday,
    {{ study_day('first_protday') }} as ady,
    {{ study_day('last_protday') }} as aendy,
    case
        when not infused then 'N'
        when trtsdt is not null then {{ flag('may_be_emergent') }}
    end as trtemfl,
    {{ yes_no("aecat = 'INFECTION'") }} as inffl,
    {{ yes_no("aecat = 'INFUSION REACTION'") }} as irfl,
    case when has_infusion then infusion_number end as irplan,
    case when has_infusion then infusion_row_id end as irsrcid,
    infusion_date as lexdt,
    infusion_number as lexplan,
    days_since_infusion as lexdays,
    aesev,
    aeser,
    aerel,
    aeacn,
    aeout,
    {{ yes_no("aeout = 'FATAL'") }} as fatalfl,
    row_id as srcid
from reactions
order by usubjid, aeseq
