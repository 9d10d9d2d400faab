-- Usable subjects: the rows of typed_dm that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    rficdt,
    brthyr,
    age,
    sex,
    race,
    height_cm,
    slediagdt,
    slediagdt_min,
    slediagdt_max
from {{ ref('typed_dm') }}
where quarantine_rule is null
