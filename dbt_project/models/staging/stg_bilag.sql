-- Usable BILAG-2004 assessments: the rows of typed_bilag that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    visit_delivered,
    bildtc_delivered,
    bildt,
    bildtm,
    bilconst,
    bilmuco,
    bilneuro,
    bilmusc,
    bilcard,
    bilgast,
    bilopht,
    bilrenal,
    bilhaem
from {{ ref('typed_bilag') }}
where quarantine_rule is null
