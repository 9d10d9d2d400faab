-- This publication in one row: the date it took as today, the code that made it, and a fingerprint of what went in.
-- When the load ran is not said, so that the same inputs give the same table on any day.
with

this_load as (
    select
        clock,
        code_version
    from {{ source('raw', 'loads') }}
    qualify row_number() over (order by started_at desc, load_id desc) = 1
),

inputs as (
    select
        count(distinct siteid) as sites,
        coalesce(sum(rows), 0) as rows_in_force,
        sha256(coalesce(string_agg(siteid || ' ' || form || ' ' || sha256, chr(10) order by siteid, form), ''))
            as inputs_sha256
    from {{ ref('inputs') }}
),

subjects as (
    select count(*) as subjects
    from {{ ref('stg_dm') }}
),

quarantined as (
    select count(*) as rows_quarantined
    from {{ ref('quarantine') }}
)

select
    {{ studyid() }} as studyid,
    this_load.clock as clockdt,
    this_load.code_version,
    inputs.sites,
    subjects.subjects,
    cast(inputs.rows_in_force as bigint) as rows_in_force,
    quarantined.rows_quarantined,
    inputs.inputs_sha256
from this_load
cross join inputs
cross join subjects
cross join quarantined
