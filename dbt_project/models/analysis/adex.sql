-- adex: one row per subject with a known day 0 and planned infusion (14 each), and one per infusion given beyond the
-- plan. All is derived in int_infusions; here it is set against day 0 and rounded for people to read.
with infusions as (
    select
        *,
        {{ days_between('trtsdt', 'exstdt') }} as protday,
        exdose_mg - plan_mg as off_plan_mg
    from {{ ref('int_infusions') }}
    where trtsdt is not null
)

select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    visit,
    plannum,
    target_day as targetday,
    exstdtm as astdtm,
    exendtm as aendtm,
    exstdt as astdt,
    protday,
    {{ study_day('protday') }} as ady,
    protday - target_day as daysoff,
    status,
    cast(exdose_mg as decimal(20, 6)) as exdose,
    cast(weight_kg as decimal(18, 6)) as weight,
    weight_dt as weightdt,
    cast(round(plan_mg, 2) as decimal(28, 2)) as plandose,
    -- 100 x (given / planned - 1), from the unrounded plan.
    {{ divide_half_away('100 * off_plan_mg', 'plan_mg', 2) }} as devpct,
    {{ divide_half_away('exdose_mg', 'weight_kg', 2) }} as mgperkg,
    duration,
    intervl,
    {{ flag('is_off_plan') }} as devfl,
    {{ flag('is_gross_error') }} as grossfl,
    {{ flag('protday not between window_first_day and window_last_day') }} as latefl,
    row_id as srcid
from infusions
order by usubjid, plannum nulls last, astdt nulls last, srcid nulls last
