-- SLEDAI-2K assessments as read: one row per current raw row, each value beside its delivered text. Nothing is
-- derived here. An item is 1, 0 or NULL; the site's own total is kept to be compared, never to be used.
{% set columns = ['subjid', 'visit', 'sledtc'] + sledai_item_columns() + ['sledtot'] %}

with

{{ delivered_rows('sledai', columns, key=['subjid', 'visit'], date_at_uns='sledtc') }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('visit', 'VISIT') }},
    {{ date_and_time('sledtc') }},
    {% for item in sledai_item_columns() -%}
        {{ answer(item) }},
    {% endfor -%}
    {{ whole_number('sledtot') }},
    {{ key_as_delivered() }}
from delivered
