-- Laboratory results as read: one row per current raw row, each value beside its delivered text. Nothing is derived
-- here. Each number also stands in its standard unit, its limits of normal alike; a qualitative result is POSITIVE
-- or NEGATIVE (lbstresc).
{% set columns = ['subjid', 'visit', 'lbdtc', 'lbtestcd', 'lborres', 'lborresu', 'lbnrlo', 'lbnrhi'] %}

with

{{ delivered_rows('lb', columns, key=['subjid', 'visit', 'lbdtc', 'lbtestcd']) }},

{{ known_units('lb') }},

read as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('visit', 'VISIT') }},
        {{ full_date('lbdtc') }},
        {{ code('lbtestcd', 'LBTESTCD') }},
        delivered.lborres,
        {{ read_number('delivered.lborres') }} as lborresn,
        delivered.lborresu,
        {{ number('lbnrlo') }},
        {{ number('lbnrhi') }},
        {{ key_as_delivered() }}
    from delivered
)

select
    read.* exclude (record_key, blank_key_columns),
    {{ in_standard_unit('read.lborresn', 'decimal(28, 10)') }} as lbstresn,
    known_units.standard_unit as lbstresu,
    {{ in_standard_unit('read.lbnrlo', 'decimal(28, 10)') }} as lbstnrlo,
    {{ in_standard_unit('read.lbnrhi', 'decimal(28, 10)') }} as lbstnrhi,
    case when read.lborres in ('POSITIVE', 'NEGATIVE') then read.lborres end as lbstresc,
    {{ unit_is_known('read.lborresn is not null and read.lbtestcd is not null') }} as unit_known,
    read.record_key,
    read.blank_key_columns
from read
left join known_units
    on read.lbtestcd = known_units.testcd and lower(read.lborresu) = known_units.unit_spelled
