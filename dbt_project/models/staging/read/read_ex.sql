-- Infusions as read: one row per current raw row, each value beside its delivered text. Nothing is derived here. The
-- dose also stands in mg (exdose_mg); a dose without a known unit has none, as it is never guessed.
{% set columns = [
    'subjid', 'visit', 'exoccur', 'exstdtc', 'exendtc', 'exdose', 'exdosu', 'exvial120', 'exvial400',
    'exlot', 'exadj', 'exreasoc'
] %}

with

{{ delivered_rows('ex', columns, key=['subjid', 'visit'], date_at_uns='exstdtc') }},

{{ known_units('ex') }},

read as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('visit', 'VISIT') }},
        {{ code('exoccur', 'NY') }},
        {{ date_and_time('exstdtc') }},
        {{ date_and_time('exendtc') }},
        {{ number('exdose') }},
        delivered.exdosu,
        {{ whole_number('exvial120') }},
        {{ whole_number('exvial400') }},
        delivered.exlot,
        {{ code('exadj', 'EXADJ') }},
        delivered.exreasoc,
        {{ key_as_delivered() }}
    from delivered
)

select
    read.* exclude (record_key, blank_key_columns),
    {{ in_standard_unit('read.exdose', 'decimal(20, 6)') }} as exdose_mg,
    {{ unit_is_known('read.exdose is not null') }} as unit_known,
    read.record_key,
    read.blank_key_columns
from read
left join known_units on lower(read.exdosu) = known_units.unit_spelled
