-- SLEDAI-2K of each record: the weighted sum of its items, which exists only when every item is answered.
-- The site's own total is carried along to be published beside it, and is never used but by the scenario that asks what
-- it would change: one beyond what the items can add up to is none.
with answers as (
    select
        row_id,
        column_name,
        answer
    from {{ ref('stg_sledai') }}
    unpivot include nulls (
        answer for column_name in (
            sledai01, sledai02, sledai03, sledai04, sledai05, sledai06, sledai07, sledai08,
            sledai09, sledai10, sledai11, sledai12, sledai13, sledai14, sledai15, sledai16,
            sledai17, sledai18, sledai19, sledai20, sledai21, sledai22, sledai23, sledai24
        )
    )
),

totals as (
    select
        answers.row_id,
        count(answers.answer) = count(*) as complete,
        sum(answers.answer * items.weight) as weight_of_answered_items,
        -- Which items are present, and which are answered, as a set: what other endpoints ask of single items.
        {{ item_set('items.item', 'answers.answer = 1') }} as items_present,
        {{ item_set('items.item', 'answers.answer is not null') }} as items_answered
    from answers
    inner join {{ ref('sledai_items') }} as items on answers.column_name = items.column_name
    group by answers.row_id
),

highest as (
    select cast(sum(weight) as integer) as weight from {{ ref('sledai_items') }}
)

select
    records.row_id,
    totals.complete,
    case when totals.complete then cast(totals.weight_of_answered_items as integer) end as sledai,
    totals.items_present,
    totals.items_answered,
    records.sledtot as site_total,
    case when records.sledtot between 0 and highest.weight then records.sledtot end as possible_site_total
from {{ ref('stg_sledai') }} as records
inner join totals on records.row_id = totals.row_id
cross join highest
