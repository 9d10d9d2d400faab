-- One row per usable global assessment: its value beside its scale, and where a subject's scale changes. For EFF05.
with assessments as (
    select
        delivered.row_id,
        delivered.siteid,
        delivered.usubjid,
        coalesce(delivered.visit, delivered.visit_delivered) as visit,
        delivered.record_key,
        delivered.pgares,
        delivered.pgares_delivered,
        delivered.pgascale,
        scales.scale_max,
        delivered.pgadt,
        first_value(delivered.pgascale) over (
            partition by delivered.usubjid
            order by delivered.pgascale is null, delivered.pgadt nulls last, delivered.row_id
        ) as first_scale
    from {{ ref('typed_pga') }} as delivered
    left join {{ ref('pga_scales') }} as scales on delivered.pgascale = scales.scale
    where delivered.quarantine_rule is null
),

-- A change is told once per subject, at the first assessment on another scale than the subject's first.
changes as (
    select
        row_id,
        first_scale
    from assessments
    where pgascale <> first_scale
    qualify row_number() over (partition by usubjid order by pgadt nulls last, row_id) = 1
)

select
    assessments.row_id,
    assessments.siteid,
    assessments.usubjid,
    assessments.visit,
    assessments.record_key,
    'pga' as form,
    assessments.pgares,
    assessments.pgares_delivered,
    assessments.pgascale,
    assessments.scale_max,
    changes.first_scale as scale_before
from assessments
left join changes on assessments.row_id = changes.row_id
