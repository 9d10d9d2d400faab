-- Each infusion against its plan: the planned ones of int_planned_infusions and those given beyond the plan, with the
-- weight they are dosed by, the planned dose and whether the given one is off. Subjects who are held stand here with
-- the infusions they were given, so that a gross dosing error shows; only the published tables leave them out.
with given_infusions as (
    select * from {{ ref('int_recorded_infusions') }} where is_given
),

infusions as (
    select
        planned.siteid,
        planned.usubjid,
        planned.trtsdt,
        planned.visit,
        planned.plannum,
        planned.target_day,
        planned.window_first_day,
        planned.window_last_day,
        planned.status,
        planned.row_id,
        -- A missed infusion is planned by the weight of its target day; for one not due or pending nothing is planned.
        case planned.status when 'GIVEN' then given.exstdt when 'MISSED' then planned.target_dt end as weighed_by_dt
    from {{ ref('int_planned_infusions') }} as planned
    left join given_infusions as given on planned.row_id = given.row_id

    union all

    select
        given.siteid,
        given.usubjid,
        day0.trtsdt,
        given.visit,
        cast(null as integer) as plannum,
        cast(null as integer) as target_day,
        cast(null as integer) as window_first_day,
        cast(null as integer) as window_last_day,
        'GIVEN' as status,
        given.row_id,
        given.exstdt as weighed_by_dt
    from given_infusions as given
    inner join {{ ref('int_day0') }} as day0 on given.usubjid = day0.usubjid
    where given.plannum is null or day0.trtsdt is null
),

weighed_infusions as (
    select
        infusions.*,
        weights.weight_kg,
        weights.weight_dt
    from infusions
    left join {{ ref('int_weights') }} as weights
        on infusions.usubjid = weights.usubjid and infusions.weighed_by_dt >= weights.weight_dt
    qualify row_number() over (
        partition by infusions.usubjid, infusions.plannum, infusions.row_id order by weights.weight_dt desc nulls last
    ) = 1
),

dosed_infusions as (
    select
        weighed.*,
        given.exstdt,
        given.exstdtm,
        given.exendtm,
        given.exdose_mg,
        given.exadj,
        given.duration,
        given.intervl,
        -- Never rounded here: the deviation and the flags are taken from this plan.
        weighed.weight_kg * parameters.planned_mg_per_kg as plan_mg,
        parameters.dose_tolerance_percent,
        parameters.dose_gross_high_factor,
        parameters.dose_gross_low_factor
    from weighed_infusions as weighed
    cross join {{ ref('int_dosing_parameters') }} as parameters
    left join given_infusions as given on weighed.row_id = given.row_id
)

select
    siteid,
    usubjid,
    trtsdt,
    visit,
    plannum,
    target_day,
    window_first_day,
    window_last_day,
    status,
    row_id,
    exstdt,
    exstdtm,
    exendtm,
    exdose_mg,
    exadj,
    duration,
    intervl,
    weight_kg,
    weight_dt,
    plan_mg,
    -- Compared by multiplying, so that nothing is divided or rounded before a limit.
    coalesce(abs(exdose_mg - plan_mg) * 100 > dose_tolerance_percent * plan_mg, false) as is_off_plan,
    coalesce(
        exdose_mg > dose_gross_high_factor * plan_mg or exdose_mg < dose_gross_low_factor * plan_mg, false
    ) as is_gross_error
from dosed_infusions
