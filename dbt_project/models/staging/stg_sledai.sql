-- Usable SLEDAI-2K assessments: the rows of typed_sledai that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    visit,
    sledt,
    sledtm,
    sledai01,
    sledai02,
    sledai03,
    sledai04,
    sledai05,
    sledai06,
    sledai07,
    sledai08,
    sledai09,
    sledai10,
    sledai11,
    sledai12,
    sledai13,
    sledai14,
    sledai15,
    sledai16,
    sledai17,
    sledai18,
    sledai19,
    sledai20,
    sledai21,
    sledai22,
    sledai23,
    sledai24,
    sledtot
from {{ ref('typed_sledai') }}
where quarantine_rule is null
