-- The visits that an intercurrent event counts against: its date is on or before the visit's assessment date, so it
-- also decides visits still to come. One row per such visit, with the event that is its reason: the first in the
-- protocol's order, whatever their dates.
select
    visits.scenario,
    visits.usubjid,
    visits.avisitn,
    events.iceterm
from {{ ref('int_subject_visits') }} as visits
inner join {{ ref('int_intercurrent_events') }} as events
    on
        visits.scenario = events.scenario
        and visits.usubjid = events.usubjid
        and visits.assessment_date >= events.icedt
qualify
    row_number() over (
        partition by visits.scenario, visits.usubjid, visits.avisitn order by events.term_order
    ) = 1
