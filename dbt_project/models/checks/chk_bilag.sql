-- One row per usable BILAG-2004 record: the organ systems whose grade was left blank (EFF04), and those graded E, never
-- involved, though they had been graded otherwise before (EFF06).
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
),

-- Subjects with an E dated after another grade of the same system: few, so that only their grades are laid out by day.
dated as (
    select
        row_id,
        usubjid,
        bildt,
    {%- for column in bilag_columns() %}
        {{ column }}{{ ',' if not loop.last }}
    {%- endfor %}
    from {{ ref('typed_bilag') }}
    where quarantine_rule is null and bildt is not null
),

suspects as (
    select usubjid
    from dated
    group by usubjid
    having
        {%- for column in bilag_columns() %}
            {{ 'or ' if not loop.first -}}
            max(bildt) filter (where {{ column }} = 'E') > min(bildt) filter (where {{ column }} <> 'E')
        {%- endfor %}
),

records_of_suspects as (
    select * from dated
    where usubjid in (select suspects.usubjid from suspects)
),

grades_of_suspects as (
    select
        row_id,
        usubjid,
        bildt,
        column_name,
        grade
    from records_of_suspects
    unpivot (grade for column_name in ({{ bilag_columns() | join(', ') }}))
),

-- What a system was graded on each day, and on the day of the grade before; of two records on one day nobody knows
-- which came first. So a run of E is told once, where it begins.
days as (
    select
        usubjid,
        column_name,
        bildt,
        lag(bildt) over before_it as previous_dt,
        lag(min(grade) filter (where grade <> 'E')) over before_it as previous_grade
    from grades_of_suspects
    group by usubjid, column_name, bildt
    window before_it as (partition by usubjid, column_name order by bildt)
),

never_after_involved as (
    select
        grades.row_id,
        string_agg(
            systems.label || ' (' || days.previous_grade || ' on ' || cast(days.previous_dt as varchar) || ')',
            ', ' order by systems.position
        ) as systems_never_involved
    from grades_of_suspects as grades
    inner join days
        on
            grades.usubjid = days.usubjid
            and grades.column_name = days.column_name
            and grades.bildt = days.bildt
    inner join {{ ref('bilag_systems') }} as systems on grades.column_name = systems.column_name
    where grades.grade = 'E' and days.previous_grade is not null
    group by grades.row_id
)

select
    delivered.row_id,
    delivered.siteid,
    delivered.usubjid,
    coalesce(delivered.visit, delivered.visit_delivered) as visit,
    delivered.record_key,
    'bilag' as form,
    blank_grades.blank_systems,
    never_after_involved.systems_never_involved
from {{ ref('typed_bilag') }} as delivered
left join blank_grades on delivered.row_id = blank_grades.row_id
left join never_after_involved on delivered.row_id = never_after_involved.row_id
where delivered.quarantine_rule is null
