-- Systemic corticosteroids whose dose is known: what baseline and increases are summed up from. A record of unknown
-- dose counts nothing here (a finding), as the protocol says. How records become intervals: int_steroid_records.
select
    scenario,
    usubjid,
    row_id,
    first_day,
    last_day,
    dose_14_days,
    counts_at_baseline
from {{ ref('int_steroid_records') }}
where dose_14_days > 0
