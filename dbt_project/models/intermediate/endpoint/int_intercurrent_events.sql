-- Every intercurrent event that counts at all, one row per subject and kind of event, with the date from which on the
-- subject is a non-responder. `term_order` is the order in which the protocol names them as a reason.
-- Which event counts against which visit belongs in int_visit_events.
with

ends_of_treatment as (
    select
        subjects.scenario,
        subjects.usubjid,
        disposition.eotdt,
        disposition.eot_row_id,
        disposition.has_eot and coalesce(disposition.eotdecod <> 'COMPLETED', true) as treatment_broken_off,
        disposition.unreadable_end_dt,
        disposition.unreadable_end_row_id
    from {{ ref('int_endpoint_subjects') }} as subjects
    inner join {{ ref('int_disposition') }} as disposition on subjects.usubjid = disposition.usubjid
),

events as (
    select
        subjects.scenario,
        subjects.usubjid,
        -- Any end of study other than completed, also one whose reason can't be read.
        case when disposition.eosdecod = 'DEATH' then 'DEATH' else 'DISCONTINUED' end as iceterm,
        case when disposition.eosdecod = 'DEATH' then 1 else 2 end as term_order,
        disposition.eosdt as icedt,
        disposition.eos_row_id as row_id
    from {{ ref('int_endpoint_subjects') }} as subjects
    inner join {{ ref('int_disposition') }} as disposition on subjects.usubjid = disposition.usubjid
    where disposition.has_eos and coalesce(disposition.eosdecod <> 'COMPLETED', true)
    union all
    select
        scenario,
        usubjid,
        'TREATMENT DISCONTINUED' as iceterm,
        3 as term_order,
        case when treatment_broken_off then eotdt else unreadable_end_dt end as icedt,
        case when treatment_broken_off then eot_row_id else unreadable_end_row_id end as row_id
    from ends_of_treatment
    where treatment_broken_off or unreadable_end_row_id is not null
    union all
    select
        parameters.scenario,
        medication.usubjid,
        'PROHIBITED MEDICATION' as iceterm,
        4 as term_order,
        medication.icedt,
        medication.row_id
    from {{ ref('int_prohibited_medication') }} as medication
    inner join {{ ref('int_endpoint_parameters') }} as parameters
        on medication.scenario = parameters.medication_scenario
    where parameters.medication_rule
    union all
    select
        parameters.scenario,
        increases.usubjid,
        'STEROID INCREASE' as iceterm,
        5 as term_order,
        increases.icedt,
        increases.row_id
    from {{ ref('int_steroid_increase') }} as increases
    inner join {{ ref('int_endpoint_parameters') }} as parameters
        on increases.scenario = parameters.medication_scenario
    where parameters.steroid_rule
)

select
    events.scenario,
    subjects.siteid,
    events.usubjid,
    events.iceterm,
    events.term_order,
    events.icedt,
    events.row_id
from events
inner join {{ ref('int_endpoint_subjects') }} as subjects
    on events.scenario = subjects.scenario and events.usubjid = subjects.usubjid
-- What happens after the end of the study doesn't count.
where coalesce(events.icedt <= subjects.eosdt, true)
