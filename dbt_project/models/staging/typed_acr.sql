-- ACR 1997 criteria, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'acrcrit', 'acrmet', 'acrdtc'] %}

with

{{ delivered_rows('acr', columns, key=['subjid', 'acrcrit']) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('acrcrit', 'ACRCRIT') }},
    {{ code('acrmet', 'NY') }},
    {{ partial_date('acrdtc') }},
    {{ verdict() }}
from delivered
