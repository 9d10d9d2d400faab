-- Usable ends of study and of treatment: the rows of typed_ds that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    dscat,
    dsdecod,
    dsdt
from {{ ref('typed_ds') }}
where quarantine_rule is null
