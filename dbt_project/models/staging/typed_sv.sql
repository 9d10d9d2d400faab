-- Subject visits, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here. A visit label that is not in the codelist is NULL,
-- and the row stays in use by its date.
{% set columns = ['subjid', 'visit', 'svdtc', 'svoccur', 'svreasnd'] %}

with

{{ delivered_rows('sv', columns, key=['subjid', 'visit'], date_at_uns='svdtc') }}

select
    delivered.row_id,
    {{ subject() }},
    {{ code('visit', 'VISIT') }},
    {{ full_date('svdtc') }},
    {{ code('svoccur', 'NY') }},
    delivered.svreasnd,
    {{ verdict() }}
from delivered
