-- Every record of a prohibited medication, with the first day on which it counts.
-- Cytotoxics and biologics other than belimumab: from the first infusion date on. Immunosuppressants: after it, unless
-- the same drug was in use at baseline. The delivered class counts: belimumab delivered as a cytotoxic is one. A start
-- that is partial or missing counts from the first day it could be: what is unknown never makes a responder.
with starts as (
    select
        *,
        -- A start that can't lie on or after the first infusion is none. A known end before the first infusion settles
        -- it for a start that is partial or missing, but not an end that contradicts the start.
        case
            when start_date is not null then start_date >= trtsdt
            when end_latest < trtsdt and coalesce(end_latest >= start_earliest, true) then false
            else coalesce(start_latest >= trtsdt, true)
        end as may_start_on_treatment,
        greatest(coalesce(start_earliest, trtsdt), trtsdt) as first_possible_day
    from {{ ref('int_medications') }}
),

-- In use for certain: a full start date on or before the first infusion, and no end that could lie before it.
in_use_at_baseline as (
    select distinct
        scenario,
        usubjid,
        cm_name
    from {{ ref('int_medications') }}
    where
        start_date <= trtsdt
        and (not has_end or end_earliest >= trtsdt)
)

select
    starts.scenario,
    starts.usubjid,
    starts.row_id,
    starts.first_possible_day
from starts
left join in_use_at_baseline
    on
        starts.scenario = in_use_at_baseline.scenario
        and starts.usubjid = in_use_at_baseline.usubjid
        and starts.cm_name = in_use_at_baseline.cm_name
where
    starts.may_start_on_treatment
    and (
        starts.medication_class in ('CYTOTOXIC', 'UNREADABLE')
        or (starts.medication_class = 'BIOLOGIC' and not starts.is_study_drug)
        or (
            starts.medication_class = 'IMMUNOSUPPRESSANT'
            and in_use_at_baseline.cm_name is null
            and coalesce(starts.start_date > starts.trtsdt, true)
        )
    )
