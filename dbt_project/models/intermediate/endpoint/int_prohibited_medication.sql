-- The first day on which a prohibited medication counts, per subject, and the record that says so. What makes a
-- record one of a prohibited medication belongs in int_prohibited_records.
select
    scenario,
    usubjid,
    first_possible_day as icedt,
    row_id
from {{ ref('int_prohibited_records') }}
qualify row_number() over (partition by scenario, usubjid order by first_possible_day, row_id) = 1
