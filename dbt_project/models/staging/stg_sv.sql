-- Usable subject visits: the rows of typed_sv that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    svdt,
    svoccur,
    svreasnd
from {{ ref('typed_sv') }}
where quarantine_rule is null
