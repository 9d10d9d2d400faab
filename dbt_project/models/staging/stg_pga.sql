-- Usable physician's global assessments: the rows of typed_pga that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    visit_delivered,
    pgadtc_delivered,
    pgadt,
    pgadtm,
    pgares,
    pgascale,
    pga_score
from {{ ref('typed_pga') }}
where quarantine_rule is null
