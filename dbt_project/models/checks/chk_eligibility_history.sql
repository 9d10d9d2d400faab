-- One row per history entry and medication that may exclude an infused subject with a known day 0. For ELI09 and ELI10.
-- Whether it lies inside its look-back is decided in int_eligibility_history.
select
    row_id,
    siteid,
    usubjid,
    visit,
    record_key,
    form,
    date_column,
    criterion,
    what,
    start_delivered,
    end_delivered,
    when_delivered,
    trtsdt,
    first_dt,
    window_in_words,
    verdict
from {{ ref('int_eligibility_history') }}
