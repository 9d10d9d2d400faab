-- adexsum: how much of the planned treatment each subject has received so far, one row per subject with a known day 0.
-- It adds up int_infusions, before anything is rounded.
with infusions as (
    select
        siteid,
        usubjid,
        exdose_mg,
        plan_mg,
        intervl,
        status = 'GIVEN' as is_given,
        status = 'MISSED' as is_missed,
        -- What was given or missed was due; what was given beyond the plan was not planned.
        plannum is not null and status in ('GIVEN', 'MISSED') as is_due,
        plannum is not null and status = 'GIVEN' as is_given_of_due
    from {{ ref('int_infusions') }}
    where trtsdt is not null
),

counted as (
    select
        siteid,
        usubjid,
        count(*) filter (where is_due) as due,
        count(*) filter (where is_given) as given,
        count(*) filter (where is_missed) as missed,
        count(*) filter (where is_given_of_due) as given_of_due,
        sum(exdose_mg) filter (where is_given) as given_mg,
        sum(exdose_mg) filter (where is_given_of_due) as given_of_due_mg,
        sum(plan_mg) filter (where is_due) as planned_mg,
        count(*) filter (where is_given and exdose_mg is null) = 0 as all_given_doses_known,
        count(*) filter (where is_given_of_due and exdose_mg is null) = 0 as given_doses_of_due_known,
        count(*) filter (where is_due and plan_mg is null) = 0 as all_planned_doses_known,
        max(intervl) as longest_gap
    from infusions
    group by siteid, usubjid
),

-- A sum is unknown when one of its parts is: a total that silently leaves out a dose would be read as complete.
totals as (
    select
        *,
        case when all_given_doses_known then given_mg end as known_given_mg,
        case when given_doses_of_due_known then given_of_due_mg end as known_given_of_due_mg,
        case when all_planned_doses_known then planned_mg end as known_planned_mg
    from counted
)

select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    cast(due as integer) as ndue,
    cast(given as integer) as ngiven,
    cast(missed as integer) as nmissed,
    cast(known_given_mg as decimal(28, 6)) as cumdose,
    cast(round(known_planned_mg, 2) as decimal(28, 2)) as plancum,
    {{ divide_half_away('100 * known_given_of_due_mg', 'known_planned_mg', 2) }} as rdi,
    {{ divide_half_away('100 * given_of_due', 'due', 2) }} as compl,
    longest_gap as maxgap
from totals
order by usubjid
