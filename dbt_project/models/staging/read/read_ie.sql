-- Eligibility answers as read: one row per current raw row, each value beside its delivered text. Nothing is derived
-- here.
{% set columns = ['subjid', 'ietestcd', 'ieorres'] %}

with

{{ delivered_rows('ie', columns, key=['subjid', 'ietestcd']) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('ietestcd', 'IETESTCD') }},
    {{ code('ieorres', 'NY') }},
    {{ key_as_delivered() }}
from delivered
