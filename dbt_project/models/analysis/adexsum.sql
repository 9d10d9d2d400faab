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
        plannum is not null and status in ('GIVEN', 'MISSED') as is_due
    from {{ ref('int_infusions') }}
    where trtsdt is not null
),

-- A sum is unknown when one of its parts is: a total that silently leaves out a dose would be read as complete.
totals as (
    select
        siteid,
        usubjid,
        cast(count(*) filter (where is_due) as integer) as ndue,
        cast(count(*) filter (where is_given) as integer) as ngiven,
        cast(count(*) filter (where is_missed) as integer) as nmissed,
        cast(count(*) filter (where is_due and is_given) as integer) as given_of_due,
        case when count(*) filter (where is_given and exdose_mg is null) = 0
            then sum(exdose_mg) filter (where is_given)
        end as given_mg,
        case when count(*) filter (where is_due and is_given and exdose_mg is null) = 0
            then sum(exdose_mg) filter (where is_due and is_given)
        end as given_of_due_mg,
        case when count(*) filter (where is_due and plan_mg is null) = 0
            then sum(plan_mg) filter (where is_due)
        end as planned_mg,
        max(intervl) as maxgap
    from infusions
    group by siteid, usubjid
)

select
    'MRBS' as studyid,
    siteid,
    usubjid,
    ndue,
    ngiven,
    nmissed,
    cast(given_mg as decimal(28, 6)) as cumdose,
    cast(round(planned_mg, 2) as decimal(28, 2)) as plancum,
    {{ divide_half_away('100 * given_of_due_mg', 'planned_mg', 2) }} as rdi,
    {{ divide_half_away('100 * given_of_due', 'ndue', 2) }} as compl,
    maxgap
from totals
order by usubjid
