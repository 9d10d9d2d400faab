-- Medical history as read: one row per current raw row, each value beside its delivered text. Nothing is derived
-- here.
{% set columns = ['subjid', 'mhseq', 'mhcat', 'mhterm', 'mhstdtc', 'mhendtc', 'mhhosp'] %}

with

{{ delivered_rows('mh', columns, key=['subjid', 'mhseq']) }}

select
    delivered.row_id,
    {{ subject() }},
    delivered.mhseq,
    {{ code('mhcat', 'MHCAT') }},
    delivered.mhterm,
    {{ partial_date('mhstdtc') }},
    {{ partial_date('mhendtc') }},
    {{ code('mhhosp', 'NY') }},
    {{ key_as_delivered() }}
from delivered
