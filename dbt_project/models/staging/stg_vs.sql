-- Usable vital signs: the rows of typed_vs that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    vsdt,
    vstestcd,
    vsorres,
    vsorresu,
    vsstresn,
    vsstresu,
    unit_known
from {{ ref('typed_vs') }}
where quarantine_rule is null
