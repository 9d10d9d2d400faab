-- The BILAG-2004 grades stacked: one row per record and organ system, the grade NULL where it is missing.
-- What the grades add up to belongs in int_bilag_records, what changed since baseline in int_bilag_component.
with stacked as (
    select
        row_id,
        column_name,
        grade
    from {{ ref('stg_bilag') }}
    unpivot include nulls (
        grade for column_name in (
            bilconst, bilmuco, bilneuro, bilmusc, bilcard, bilgast, bilopht, bilrenal, bilhaem
        )
    )
)

select
    stacked.row_id,
    systems.position,
    systems.paramcd,
    systems.label,
    stacked.grade,
    grades.points
from stacked
inner join {{ ref('bilag_systems') }} as systems on stacked.column_name = systems.column_name
left join {{ ref('bilag_grades') }} as grades on stacked.grade = grades.grade
