-- Vital signs as read: one row per current raw row, each value beside its delivered text. Nothing is derived here.
-- Each result also stands in its standard unit (vsstresn, vsstresu); a unit the protocol does not know gives none.
{% set columns = ['subjid', 'visit', 'vsdtc', 'vstestcd', 'vsorres', 'vsorresu'] %}

with

{{ delivered_rows('vs', columns, key=['subjid', 'visit', 'vsdtc', 'vstestcd']) }},

{{ known_units('vs') }},

read as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('visit', 'VISIT') }},
        {{ full_date('vsdtc') }},
        {{ code('vstestcd', 'VSTESTCD') }},
        {{ number('vsorres') }},
        delivered.vsorresu,
        {{ key_as_delivered() }}
    from delivered
)

select
    read.* exclude (record_key, blank_key_columns),
    {{ in_standard_unit('read.vsorres', 'decimal(20, 9)') }} as vsstresn,
    known_units.standard_unit as vsstresu,
    {{ unit_is_known('read.vsorres is not null and read.vstestcd is not null') }} as unit_known,
    read.record_key,
    read.blank_key_columns
from read
left join known_units
    on read.vstestcd = known_units.testcd and lower(read.vsorresu) = known_units.unit_spelled
