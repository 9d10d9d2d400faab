-- Subject visits as read: one row per current raw row, each value beside its delivered text. Nothing is derived
-- here. A visit label that is not in the codelist is NULL, and the row stays in use by its date.
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
    {{ key_as_delivered() }}
from delivered
