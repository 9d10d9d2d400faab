-- SLEDAI-2K of each record: the weighted sum of its items, which exists only when every item is answered.
-- The site's own total is carried along to be published beside it, and is never used.
{% set items %}
{%- for item in range(1, 25) %}sledai{{ '%02d' % item }}{{ ', ' if not loop.last }}{% endfor -%}
{% endset %}

with answers as (
    select
        row_id,
        column_name,
        answer
    from {{ ref('stg_sledai') }}
    unpivot include nulls (answer for column_name in ({{ items }}))
),

totals as (
    select
        answers.row_id,
        count(answers.answer) = count(*) as complete,
        sum(answers.answer * sledai_items.weight) as weight_of_answered_items
    from answers
    inner join {{ ref('sledai_items') }} as sledai_items on answers.column_name = sledai_items.column_name
    group by answers.row_id
)

select
    records.row_id,
    totals.complete,
    case when totals.complete then cast(totals.weight_of_answered_items as integer) end as sledai,
    records.sledtot as site_total
from {{ ref('stg_sledai') }} as records
inner join totals on records.row_id = totals.row_id
