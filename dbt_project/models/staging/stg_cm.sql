-- Usable medications: the rows of typed_cm that nothing keeps out of the analysis.
{{ config(materialized='view') }}

select
    row_id,
    siteid,
    usubjid,
    subjid,
    cmseq,
    cmtrt,
    cmclas,
    cmdose,
    cmdosu,
    cmdosfrq,
    cmroute,
    cmindc,
    cmstdt,
    cmstdt_min,
    cmstdt_max,
    cmendt,
    cmendt_min,
    cmendt_max,
    cmongo,
    cmdose_mg,
    unit_known,
    cm_name,
    cm_class,
    cm_dictionary_class,
    prednisone_equivalent,
    is_study_drug
from {{ ref('typed_cm') }}
where quarantine_rule is null
