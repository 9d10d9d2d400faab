-- The body weight of each subject on each day it was measured, in kg: one row per subject and day. Which of these
-- weights an infusion is dosed by is decided in int_infusions.
select
    weights.usubjid,
    weights.vsdt as weight_dt,
    weights.vsstresn as weight_kg,
    weights.row_id
from {{ ref('stg_vs') }} as weights
left join {{ ref('planned_visits') }} as visits on weights.visit = visits.visit
-- A weight in a unit nobody knows has no vsstresn; a weight of nothing is none.
where weights.vstestcd = 'WEIGHT' and weights.vsdt is not null and weights.vsstresn > 0
-- Two on one day: a scheduled visit (the later planned one of two) before ET before UNS before an unreadable label.
qualify row_number() over (
    partition by weights.usubjid, weights.vsdt
    order by visits.tie_rank asc nulls last, visits.visitnum desc nulls last, weights.row_id asc
) = 1
