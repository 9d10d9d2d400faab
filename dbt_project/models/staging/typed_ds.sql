-- Ends of study and of treatment, typed: one row per current raw row, each value read beside its delivered text, and
-- the rows that must be kept out of the analysis marked. Nothing is derived here. An end that cannot be read is still
-- an end. Rows that differ under one key are all used: leaving an end of study out could make a responder.
{% set columns = ['subjid', 'dscat', 'dsdecod', 'dsdtc'] %}

with

{{ delivered_rows('ds', columns, key=['subjid', 'dscat', 'dsdecod'], differing_rows_are_used=true) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('dscat', 'DSCAT') }},
    {{ code('dsdecod', 'DSDECOD') }},
    {{ full_date('dsdtc') }},
    {{ verdict() }}
from delivered
