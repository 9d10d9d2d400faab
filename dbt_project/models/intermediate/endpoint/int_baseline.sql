-- The baseline record of each component: the last complete one on or before the first infusion, inside the look-back;
-- where none there is complete, the last incomplete one. A subject without either has no row for that component.
-- Scenarios that look for it in the same way share a row: that of their baseline_scenario.
select
    subjects.scenario,
    records.siteid,
    records.usubjid,
    records.component,
    records.row_id,
    records.adt,
    {{ complete_record() }} as complete
from {{ ref('int_activity_records') }} as records
inner join {{ ref('int_endpoint_subjects') }} as subjects on records.usubjid = subjects.usubjid
inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
where
    subjects.scenario = parameters.baseline_scenario
    and records.before_first_infusion
    and records.protday >= -parameters.baseline_lookback_days
qualify
    row_number() over (
        partition by subjects.scenario, records.usubjid, records.component
        order by {{ complete_record() }} desc, records.adt desc, records.tie_order asc
    ) = 1
