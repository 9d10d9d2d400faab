-- Usable infusions: the rows of typed_ex that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    exoccur,
    exstdt,
    exstdtm,
    exendt,
    exendtm,
    exdose,
    exdosu,
    exvial120,
    exvial400,
    exlot,
    exadj,
    exreasoc,
    exdose_mg,
    unit_known
from {{ ref('typed_ex') }}
where quarantine_rule is null
