-- One row per subject and laboratory test that excludes: the screening result that counts. For ELI07 and ELI08. Which
-- one counts is decided in int_eligibility_labs.
select
    row_id,
    siteid,
    usubjid,
    visit,
    record_key,
    form,
    infused,
    lbtestcd,
    lbdt,
    result_delivered,
    result,
    result_unit,
    lowest_allowed,
    serology
from {{ ref('int_eligibility_labs') }}
