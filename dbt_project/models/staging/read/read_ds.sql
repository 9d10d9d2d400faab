-- Ends of study and of treatment as read: one row per current raw row, each value beside its delivered text. Nothing
-- is derived here. An end that cannot be read is still an end.
{% set columns = ['subjid', 'dscat', 'dsdecod', 'dsdtc'] %}

with

{{ delivered_rows('ds', columns, key=['subjid', 'dscat', 'dsdecod']) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('dscat', 'DSCAT') }},
    {{ code('dsdecod', 'DSDECOD') }},
    {{ full_date('dsdtc') }},
    {{ key_as_delivered() }}
from delivered
