-- ACR 1997 criteria, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'acrcrit', 'acrmet', 'acrdtc'] %}

with

{{ delivered_rows('acr', columns, key=['subjid', 'acrcrit']) }},

typed as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('acrcrit', 'ACRCRIT') }},
        {{ code('acrmet', 'NY') }},
        {{ partial_date('acrdtc') }}
    from delivered
),

{{ quarantine_verdicts('acr', columns) }}

select
    typed.*,
    verdicts.record_key,
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from typed
inner join verdicts on typed.row_id = verdicts.row_id
