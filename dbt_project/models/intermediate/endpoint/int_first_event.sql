-- The earliest intercurrent event of each subject who has one, whichever visit it counts against; of two on one day the
-- one the protocol names first.
select
    scenario,
    siteid,
    usubjid,
    iceterm,
    icedt,
    row_id
from {{ ref('int_intercurrent_events') }}
qualify row_number() over (partition by scenario, usubjid order by icedt, term_order) = 1
