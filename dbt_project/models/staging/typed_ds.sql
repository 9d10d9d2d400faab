-- Ends of study and of treatment, typed: one row per current raw row, each value read beside its delivered text, and
-- the rows that must be kept out of the analysis marked. Nothing is derived here. An end that cannot be read is still
-- an end. Rows that differ under one key are all used: leaving an end of study out could make a responder.
{% set columns = ['subjid', 'dscat', 'dsdecod', 'dsdtc'] %}

with

{{ delivered_rows('ds', columns, key=['subjid', 'dscat', 'dsdecod']) }},

typed as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('dscat', 'DSCAT') }},
        {{ code('dsdecod', 'DSDECOD') }},
        {{ full_date('dsdtc') }}
    from delivered
),

{{ quarantine_verdicts('ds', columns, differing_rows_are_used=true) }}

select
    typed.*,
    verdicts.record_key,
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from typed
inner join verdicts on typed.row_id = verdicts.row_id
