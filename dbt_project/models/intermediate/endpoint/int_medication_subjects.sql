-- The endpoint's subjects, once for each set of numbers that steroids and prohibited medication hang on: scenarios with
-- the same numbers share what is derived from medication. Whether it counts as an event: int_intercurrent_events.
select
    subjects.scenario,
    subjects.siteid,
    subjects.usubjid,
    subjects.trtsdt,
    subjects.sitecutdt
from {{ ref('int_endpoint_subjects') }} as subjects
inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
where subjects.scenario = parameters.medication_scenario
