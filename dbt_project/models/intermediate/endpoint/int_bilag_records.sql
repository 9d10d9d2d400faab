-- What a BILAG-2004 record adds up to: its points, and how many A and B grades it has.
-- All three are unknown while a grade is missing.
with counted as (
    select
        row_id,
        count(grade) = count(*) as complete,
        sum(points) as points,
        count(*) filter (where grade = 'A') as a_grades,
        count(*) filter (where grade = 'B') as b_grades
    from {{ ref('int_bilag_grades') }}
    group by row_id
)

select
    row_id,
    complete,
    case when complete then cast(points as integer) end as bilag_total,
    case when complete then cast(a_grades as integer) end as a_grades,
    case when complete then cast(b_grades as integer) end as b_grades
from counted
