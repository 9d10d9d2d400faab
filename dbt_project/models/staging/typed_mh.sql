-- Medical history, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'mhseq', 'mhcat', 'mhterm', 'mhstdtc', 'mhendtc', 'mhhosp'] %}

with

{{ delivered_rows('mh', columns, key=['subjid', 'mhseq']) }},

typed as (
    select
        delivered.row_id,
        {{ subject() }},
        delivered.mhseq,
        {{ code('mhcat', 'MHCAT') }},
        delivered.mhterm,
        {{ partial_date('mhstdtc') }},
        {{ partial_date('mhendtc') }},
        {{ code('mhhosp', 'NY') }}
    from delivered
),

{{ quarantine_verdicts('mh', columns) }}

select
    typed.*,
    verdicts.record_key,
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from typed
inner join verdicts on typed.row_id = verdicts.row_id
