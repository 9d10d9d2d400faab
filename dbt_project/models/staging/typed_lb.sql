-- Laboratory results, typed: one row per current raw row, each value read beside its delivered text, and the rows that
-- must be kept out of the analysis marked. Nothing is derived here. Each number also stands in its standard unit, its
-- limits of normal alike; a qualitative result is POSITIVE or NEGATIVE (lbstresc).
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
        {{ verdict() }}
    from delivered
)

select
    read.* exclude (record_key, quarantine_rule, quarantine_reason),
    {{ in_standard_unit('read.lborresn', 'decimal(28, 10)') }} as lbstresn,
    known_units.standard_unit as lbstresu,
    {{ in_standard_unit('read.lbnrlo', 'decimal(28, 10)') }} as lbstnrlo,
    {{ in_standard_unit('read.lbnrhi', 'decimal(28, 10)') }} as lbstnrhi,
    case when read.lborres in ('POSITIVE', 'NEGATIVE') then read.lborres end as lbstresc,
    {{ unit_is_known('read.lborresn is not null and read.lbtestcd is not null') }} as unit_known,
    read.record_key,
    read.quarantine_rule,
    read.quarantine_reason
from read
left join known_units
    on read.lbtestcd = known_units.testcd and lower(read.lborresu) = known_units.unit_spelled
