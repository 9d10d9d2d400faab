-- Adverse events as read: one row per current raw row, each value beside its delivered text. Nothing is derived
-- here.
{% set columns = [
    'subjid', 'aeseq', 'aecat', 'aeterm', 'aestdtc', 'aeendtc', 'aesev', 'aeser', 'aerel', 'aeacn',
    'aeout'
] %}

with

{{ delivered_rows('ae', columns, key=['subjid', 'aeseq']) }}

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
    {{ code('aeout', 'AEOUT') }},
    {{ key_as_delivered() }}
from delivered
