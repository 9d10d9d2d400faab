-- ACR 1997 criteria as read: one row per current raw row, each value beside its delivered text. Nothing is derived
-- here.
{% set columns = ['subjid', 'acrcrit', 'acrmet', 'acrdtc'] %}

with

{{ delivered_rows('acr', columns, key=['subjid', 'acrcrit']) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('acrcrit', 'ACRCRIT') }},
    {{ code('acrmet', 'NY') }},
    {{ partial_date('acrdtc') }},
    {{ key_as_delivered() }}
from delivered
