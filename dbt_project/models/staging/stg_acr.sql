-- Usable ACR 1997 criteria: the rows of typed_acr that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    acrcrit,
    acrmet,
    acrdt,
    acrdt_min,
    acrdt_max
from {{ ref('typed_acr') }}
where quarantine_rule is null
