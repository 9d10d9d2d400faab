-- What the site indicators count, unit by unit: a unit is a subject, or a delivery where deliveries are counted. Sites
-- are compared over their units (docs/adr/0015). Findings, which only the ledger knows, and medians do not belong here.
with missed_visits as (
    select
        visits.siteid,
        'MISSED_VISITS' as indicator,
        visits.usubjid as unit,
        count(*) filter (where visits.status = 'MISSED') as numerator,
        count(*) as denominator
    from {{ ref('int_visits') }} as visits
    inner join {{ ref('planned_visits') }} as planned on visits.visit = planned.visit and planned.tie_rank = 1
    where visits.status in ('DONE', 'MISSED')
    group by visits.siteid, visits.usubjid
),

-- The infusions of held subjects count as well.
dose_deviations as (
    select
        siteid,
        'DOSE_DEVIATIONS' as indicator,
        usubjid as unit,
        count(*) filter (where is_off_plan) as numerator,
        count(*) as denominator
    from {{ ref('int_infusions') }}
    where status = 'GIVEN' and exdose_mg is not null and plan_mg is not null
    group by siteid, usubjid
),

accepted_deliveries as (
    select distinct
        siteid,
        delivered
    from {{ source('raw', 'deliveries') }}
    where form is not null and status in ('LOADED', 'UNCHANGED')
),

-- DEL08 is noted once for the delivery after which a site was silent for too long.
late_deliveries as (
    select
        accepted.siteid,
        'LATE_DELIVERIES' as indicator,
        cast(accepted.delivered as varchar) as unit,
        cast(count(*) filter (where notes.delivered is not null) > 0 as integer) as numerator,
        1 as denominator
    from accepted_deliveries as accepted
    left join {{ source('raw', 'notes') }} as notes
        on accepted.siteid = notes.siteid and accepted.delivered = notes.delivered and notes.rule_id = 'DEL08'
    group by accepted.siteid, accepted.delivered
),

discontinuations as (
    select
        siteid,
        'DISCONTINUATIONS' as indicator,
        usubjid as unit,
        cast(is_discontinued as integer) as numerator,
        observed_days as denominator
    from {{ ref('int_time_observed') }}
),

-- An event without a readable start can have started in that time.
adverse_events as (
    select
        observed.siteid,
        'ADVERSE_EVENTS' as indicator,
        observed.usubjid as unit,
        count(events.row_id) as numerator,
        any_value(observed.observed_days) as denominator
    from {{ ref('int_time_observed') }} as observed
    left join {{ ref('stg_ae') }} as events
        on
            observed.usubjid = events.usubjid
            and coalesce(observed.trtsdt <= events.aestdt_max, true)
            and coalesce(observed.observed_until_dt >= events.aestdt_min, true)
    group by observed.siteid, observed.usubjid
),

units as (
    select * from missed_visits
    union all
    select * from dose_deviations
    union all
    select * from late_deliveries
    union all
    select * from discontinuations
    union all
    select * from adverse_events
)

select
    siteid,
    indicator,
    unit,
    cast(numerator as bigint) as numerator,
    cast(denominator as bigint) as denominator
from units
