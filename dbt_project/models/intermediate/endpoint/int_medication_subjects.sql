-- The endpoint's subjects, once for each set of numbers that steroids and prohibited medication hang on: scenarios with
-- the same numbers share what is derived from medication. Whether it counts as an event: int_intercurrent_events.
with medication_deliveries as (
    select
        siteid,
        delivered
    from {{ source('raw', 'in_force') }}
    where form = 'cm'
)

select
    subjects.scenario,
    subjects.siteid,
    subjects.usubjid,
    subjects.trtsdt,
    subjects.eosdt,
    -- How far medication is known. A site without a cut (one of its forms was never accepted) has at least delivered
    -- its medication up to a date.
    coalesce(subjects.sitecutdt, medication_deliveries.delivered) as known_until
from {{ ref('int_endpoint_subjects') }} as subjects
inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
left join medication_deliveries on subjects.siteid = medication_deliveries.siteid
where subjects.scenario = parameters.medication_scenario
