-- BILAG-2004 assessments, typed: one row per current raw row, each value read beside its delivered text, and the rows
-- that must be kept out of the analysis marked. Nothing is derived here.
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
    {{ verdict() }}
from delivered
