-- One row per subject with a known day 0 and component of the response: the record that is its baseline, if there is
-- one, and whether it is complete. For EFF01.
with components as (
    select
        'SLEDAI' as component,
        'sledai' as form,
        'SLEDAI-2K' as component_name
    union all
    select
        'BILAG' as component,
        'bilag' as form,
        'BILAG-2004' as component_name
    union all
    select
        'PGA' as component,
        'pga' as form,
        'PGA' as component_name
)

select
    -- Without a baseline record, the infusion that makes one needed is the record to look at.
    coalesce(baselines.row_id, day0.day0_row_id) as row_id,
    day0.siteid,
    day0.usubjid,
    'D0' as visit,
    subjects.subjid as record_key,
    components.form,
    components.component_name,
    day0.trtsdt,
    baselines.adt as baseline_dt,
    coalesce(baselines.complete, false) as is_complete
from {{ ref('int_day0') }} as day0
inner join {{ ref('stg_dm') }} as subjects on day0.usubjid = subjects.usubjid
cross join components
left join {{ ref('int_baseline') }} as baselines
    on
        day0.usubjid = baselines.usubjid
        and components.component = baselines.component
        and baselines.scenario = 'PRIMARY'
where day0.trtsdt is not null
