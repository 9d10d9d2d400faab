-- BILAG-2004 assessments as read: one row per current raw row, each value beside its delivered text. Nothing is
-- derived here.
{% set columns = [
    'subjid', 'visit', 'bildtc', 'bilconst', 'bilmuco', 'bilneuro', 'bilmusc', 'bilcard', 'bilgast',
    'bilopht', 'bilrenal', 'bilhaem'
] %}

with

{{ delivered_rows('bilag', columns, key=['subjid', 'visit'], date_at_uns='bildtc') }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('visit', 'VISIT') }},
    {{ date_and_time('bildtc') }},
    {{ code('bilconst', 'BILAGGRADE') }},
    {{ code('bilmuco', 'BILAGGRADE') }},
    {{ code('bilneuro', 'BILAGGRADE') }},
    {{ code('bilmusc', 'BILAGGRADE') }},
    {{ code('bilcard', 'BILAGGRADE') }},
    {{ code('bilgast', 'BILAGGRADE') }},
    {{ code('bilopht', 'BILAGGRADE') }},
    {{ code('bilrenal', 'BILAGGRADE') }},
    {{ code('bilhaem', 'BILAGGRADE') }},
    {{ key_as_delivered() }}
from delivered
