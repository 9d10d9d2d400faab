-- Medical history, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here.
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
    {{ verdict() }}
from delivered
