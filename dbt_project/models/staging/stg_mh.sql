-- Usable entries of medical history: the rows of typed_mh that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    mhseq,
    mhcat,
    mhterm,
    mhstdt,
    mhstdt_min,
    mhstdt_max,
    mhendt,
    mhendt_min,
    mhendt_max,
    mhhosp
from {{ ref('typed_mh') }}
where quarantine_rule is null
