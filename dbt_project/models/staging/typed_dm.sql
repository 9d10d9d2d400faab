-- Subjects, typed: one row per current raw row, each value read beside its delivered text, and the rows that must be
-- kept out of the analysis marked. Nothing is derived here.
{% set columns = ['subjid', 'rficdtc', 'brthyr', 'age', 'sex', 'race', 'height_cm', 'slediagdtc'] %}

with

{{ delivered_rows('dm', columns, key=['subjid']) }}

select
    delivered.row_id,
    {{ subject() }},
    {{ full_date('rficdtc') }},
    {{ whole_number('brthyr') }},
    {{ whole_number('age') }},
    {{ code('sex', 'SEX') }},
    delivered.race,
    {{ number('height_cm') }},
    {{ partial_date('slediagdtc') }},
    {{ verdict() }}
from delivered
