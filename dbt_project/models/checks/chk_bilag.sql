-- One row per usable BILAG-2004 record: the organ systems whose grade was left blank. For EFF04.
-- A grade that is there but cannot be read is another finding (VAL02).
with grades as (
    select
        row_id,
        column_name,
        grade_delivered
    from (
        select
            row_id,
        {%- for column in bilag_columns() %}
            {{ column }}_delivered as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
        from {{ ref('typed_bilag') }}
    )
    unpivot include nulls (grade_delivered for column_name in ({{ bilag_columns() | join(', ') }}))
),

blank_grades as (
    select
        grades.row_id,
        string_agg(systems.label, ', ' order by systems.position) as blank_systems
    from grades
    inner join {{ ref('bilag_systems') }} as systems on grades.column_name = systems.column_name
    where grades.grade_delivered is null
    group by grades.row_id
)

select
    delivered.row_id,
    delivered.siteid,
    delivered.usubjid,
    coalesce(delivered.visit, delivered.visit_delivered) as visit,
    delivered.record_key,
    'bilag' as form,
    blank_grades.blank_systems
from {{ ref('typed_bilag') }} as delivered
left join blank_grades on delivered.row_id = blank_grades.row_id
where delivered.quarantine_rule is null
