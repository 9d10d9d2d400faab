-- Usable adverse events: the rows of typed_ae that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    aeseq,
    aecat,
    aeterm,
    aestdt,
    aestdt_min,
    aestdt_max,
    aeendt,
    aeendt_min,
    aeendt_max,
    aesev,
    aeser,
    aerel,
    aeacn,
    aeout
from {{ ref('typed_ae') }}
where quarantine_rule is null
