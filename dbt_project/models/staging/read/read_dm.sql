-- Subjects as read: one row per current raw row, each value beside its delivered text. Nothing is derived here.
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
    {{ key_as_delivered() }}
from delivered
