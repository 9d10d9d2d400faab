-- Disease activity: one row per dated record and parameter. Which record is the baseline and which one an analysis
-- visit uses was decided per component (int_baseline, int_visit_windows) and holds for all parameters of the record.
with baseline as (
    select
        usubjid,
        component,
        row_id
    from {{ ref('int_baseline') }}
    where scenario = 'PRIMARY'
),

windows as (
    select
        component,
        row_id,
        avisit,
        avisitn,
        chosen
    from {{ ref('int_visit_windows') }}
    where scenario = 'PRIMARY'
),

placed as (
    select
        records.siteid,
        records.usubjid,
        records.component,
        records.row_id,
        records.adt,
        records.protday,
        records.visit,
        records.complete,
        coalesce(records.row_id = baseline.row_id, false) as is_baseline,
        coalesce(windows.chosen, false) as is_chosen,
        -- An analysis visit, or the baseline record itself; anything else stands without one.
        case when records.row_id = baseline.row_id then 'Baseline' else windows.avisit end as avisit,
        case when records.row_id = baseline.row_id then 0 else windows.avisitn end as avisitn,
        baseline.row_id as baseline_row_id
    from {{ ref('int_activity_records') }} as records
    left join baseline on records.usubjid = baseline.usubjid and records.component = baseline.component
    left join windows on records.row_id = windows.row_id and records.component = windows.component
    {{ where_site_changed('records.siteid') }}
)

select
    {{ studyid() }} as studyid,
    placed.siteid,
    placed.usubjid,
    current_values.paramcd,
    current_values.param,
    placed.adt,
    placed.protday,
    {{ study_day('placed.protday') }} as ady,
    placed.visit,
    placed.avisit,
    placed.avisitn,
    current_values.aval,
    current_values.avalc,
    baseline_values.aval as base,
    cast(case when placed.protday > 0 then current_values.aval - baseline_values.aval end as decimal(12, 4)) as chg,
    case when placed.is_baseline then 'Y' end as ablfl,
    case when placed.is_baseline or placed.is_chosen then 'Y' end as anl01fl,
    {{ flag('placed.complete') }} as complfl,
    placed.row_id as srcid
from placed
inner join {{ ref('int_activity_values') }} as current_values on placed.row_id = current_values.row_id
left join {{ ref('int_activity_values') }} as baseline_values
    on
        placed.baseline_row_id = baseline_values.row_id
        and current_values.paramcd = baseline_values.paramcd
order by usubjid, paramcd, adt, srcid
