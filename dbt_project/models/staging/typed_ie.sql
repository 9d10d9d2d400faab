-- Eligibility answers, typed: one row per current raw row, each value read beside its delivered text, and the rows
-- that must be kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'ietestcd', 'ieorres'] %}

with

{{ delivered_rows('ie', columns, key=['subjid', 'ietestcd']) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('ietestcd', 'IETESTCD') }},
    {{ code('ieorres', 'NY') }},
    {{ verdict() }}
from delivered
