-- One row per infusion given, those of held subjects too: its dose beside the doses the protocol allows, its day beside
-- its window, the days since the one before, how long it ran, what its vials hold and how old the weight is. For DOS01
-- to DOS06, DOS08 and DOS11.
-- The allowed doses are taken from the unrounded plan; what is rounded here is only for the sentence.
with limits as (
    select
        max(value) filter (where parameter = 'dose_tolerance_percent') as tolerance_percent,
        max(value) filter (where parameter = 'dose_gross_low_factor') as gross_low_factor,
        max(value) filter (where parameter = 'dose_gross_high_factor') as gross_high_factor,
        max(value) filter (where parameter = 'vial_small_mg') as vial_small_mg,
        max(value) filter (where parameter = 'vial_large_mg') as vial_large_mg
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

given_infusions as (
    select
        infusions.row_id,
        infusions.siteid,
        infusions.usubjid,
        infusions.visit,
        delivered.record_key,
        delivered.exdose_delivered,
        delivered.exstdtc_delivered,
        infusions.exstdt,
        {{ days_between('infusions.trtsdt', 'infusions.exstdt') }} as protday,
        infusions.window_first_day,
        infusions.window_last_day,
        infusions.intervl,
        infusions.duration,
        infusions.exadj,
        delivered.exadj_delivered,
        delivered.exvial120,
        delivered.exvial400,
        cast(infusions.exdose_mg as decimal(20, 6)) as exdose_mg,
        cast(infusions.weight_kg as decimal(20, 10)) as weight_kg,
        infusions.weight_dt,
        cast(infusions.plan_mg as decimal(20, 10)) as plan_mg,
        cast(abs(infusions.exdose_mg - infusions.plan_mg) as decimal(20, 10)) as mg_off
    from {{ ref('int_infusions') }} as infusions
    inner join {{ ref('typed_ex') }} as delivered on infusions.row_id = delivered.row_id
    where infusions.status = 'GIVEN'
)

select
    given_infusions.row_id,
    given_infusions.siteid,
    given_infusions.usubjid,
    given_infusions.visit,
    given_infusions.record_key,
    'ex' as form,
    given_infusions.exdose_delivered,
    given_infusions.exstdtc_delivered,
    given_infusions.exstdt,
    given_infusions.protday,
    given_infusions.window_first_day,
    given_infusions.window_last_day,
    given_infusions.intervl,
    given_infusions.duration,
    given_infusions.exadj,
    given_infusions.exadj_delivered,
    given_infusions.exvial120,
    given_infusions.exvial400,
    -- A number of vials left blank may be none or not known: what the vials hold is then unknown.
    cast(
        given_infusions.exvial120 * limits.vial_small_mg + given_infusions.exvial400 * limits.vial_large_mg
        as decimal(18, 3)
    ) as vials_mg,
    given_infusions.exdose_mg,
    given_infusions.weight_kg,
    given_infusions.weight_dt,
    {{ days_between('given_infusions.weight_dt', 'given_infusions.exstdt') }} as weight_age,
    cast(round(given_infusions.plan_mg, 2) as decimal(18, 2)) as planned_mg,
    given_infusions.plan_mg * cast((100 - limits.tolerance_percent) * 0.01 as decimal(10, 8)) as lowest_mg,
    given_infusions.plan_mg * cast((100 + limits.tolerance_percent) * 0.01 as decimal(10, 8)) as highest_mg,
    given_infusions.plan_mg * cast(limits.gross_low_factor as decimal(10, 8)) as gross_low_mg,
    given_infusions.plan_mg * cast(limits.gross_high_factor as decimal(10, 8)) as gross_high_mg,
    -- Divided only where there is something to say: exact division of every dose took half of this view's time.
    case
        when given_infusions.mg_off * 100 > given_infusions.plan_mg * limits.tolerance_percent
            then {{ divide_half_away('100 * given_infusions.mg_off', 'given_infusions.plan_mg', 2) }}
    end as percent_off,
    case when given_infusions.exdose_mg > given_infusions.plan_mg then 'above' else 'below' end as side,
    case
        when given_infusions.mg_off * 100 > given_infusions.plan_mg * limits.tolerance_percent
            then {{ divide_half_away('given_infusions.exdose_mg', 'given_infusions.plan_mg', 1) }}
    end as times_planned
from given_infusions
cross join limits
