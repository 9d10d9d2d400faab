-- Every post-baseline record that falls into the window of an analysis visit, whatever label the site gave it, and
-- which one of each component the visit uses: `chosen`.
-- Complete records come first; then the one nearest to the target day, the later date, and the order of tied records.
select
    subjects.scenario,
    records.siteid,
    records.usubjid,
    records.component,
    records.row_id,
    records.adt,
    records.protday,
    visits.avisit,
    visits.avisitn,
    row_number() over (
        partition by subjects.scenario, records.usubjid, records.component, visits.avisitn
        order by
            {{ complete_record() }} desc,
            abs(records.protday - visits.target_day) asc,
            records.adt desc,
            records.tie_order asc
    ) = 1 as chosen
from {{ ref('int_activity_records') }} as records
inner join {{ ref('int_endpoint_subjects') }} as subjects on records.usubjid = subjects.usubjid
inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
inner join {{ ref('analysis_visits') }} as visits
    on
        subjects.scenario = visits.scenario
        and records.protday between visits.window_first_day and visits.window_last_day
