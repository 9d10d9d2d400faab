-- Subjects, typed: one row per current raw row, each value read beside its delivered text, and the rows that must be
-- kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'rficdtc', 'brthyr', 'age', 'sex', 'race', 'height_cm', 'slediagdtc'] %}

with

{{ delivered_rows('dm', columns, key=['subjid']) }},

typed as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ full_date('rficdtc') }},
        {{ whole_number('brthyr') }},
        {{ whole_number('age') }},
        {{ code('sex', 'SEX') }},
        delivered.race,
        {{ number('height_cm') }},
        {{ partial_date('slediagdtc') }}
    from delivered
),

{{ quarantine_verdicts('dm', columns) }}

select
    typed.*,
    verdicts.record_key,
    verdicts.quarantine_rule,
    verdicts.quarantine_reason
from typed
inner join verdicts on typed.row_id = verdicts.row_id
