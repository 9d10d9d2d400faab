-- Usable laboratory results: the rows of typed_lb that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    lbdt,
    lbtestcd,
    lborres,
    lborresn,
    lborresu,
    lbnrlo,
    lbnrhi,
    lbstresn,
    lbstresu,
    lbstnrlo,
    lbstnrhi,
    lbstresc,
    unit_known
from {{ ref('typed_lb') }}
where quarantine_rule is null
