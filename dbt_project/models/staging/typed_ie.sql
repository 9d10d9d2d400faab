-- Eligibility answers, typed: one row per current raw row, each value read beside its delivered text, and the rows
-- that must be kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'ietestcd', 'ieorres'] %}

with

{{ delivered_rows('ie', columns, key=['subjid', 'ietestcd']) }},

typed as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('ietestcd', 'IETESTCD') }},
        {{ code('ieorres', 'NY') }}
    from delivered
),

{{ quarantine_verdicts('ie', columns) }}

select
    typed.*,
    verdicts.record_key,
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from typed
inner join verdicts on typed.row_id = verdicts.row_id
