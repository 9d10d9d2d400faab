-- Adverse events, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here.
{% set columns = [
    'subjid', 'aeseq', 'aecat', 'aeterm', 'aestdtc', 'aeendtc', 'aesev', 'aeser', 'aerel', 'aeacn',
    'aeout'
] %}

with

{{ delivered_rows('ae', columns, key=['subjid', 'aeseq']) }},

typed as (
    select
        delivered.row_id,
        {{ subject() }},
        delivered.aeseq,
        {{ code('aecat', 'AECAT') }},
        delivered.aeterm,
        {{ partial_date('aestdtc') }},
        {{ partial_date('aeendtc') }},
        {{ code('aesev', 'AESEV') }},
        {{ code('aeser', 'NY') }},
        {{ code('aerel', 'NY') }},
        {{ code('aeacn', 'AEACN') }},
        {{ code('aeout', 'AEOUT') }}
    from delivered
),

{{ quarantine_verdicts('ae', columns) }}

select
    typed.*,
    verdicts.record_key,
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from typed
inner join verdicts on typed.row_id = verdicts.row_id
