-- Usable eligibility answers: the rows of typed_ie that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    ietestcd,
    ieorres
from {{ ref('typed_ie') }}
where quarantine_rule is null
