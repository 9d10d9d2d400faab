-- Concomitant medication as read: one row per current raw row, each value beside its delivered text. Nothing is
-- derived here. The dose also stands in mg, and the drug under its preferred name with what the dictionary knows of
-- it.
{% set columns = [
    'subjid', 'cmseq', 'cmtrt', 'cmclas', 'cmdose', 'cmdosu', 'cmdosfrq', 'cmroute', 'cmindc',
    'cmstdtc', 'cmendtc', 'cmongo'
] %}

with

{{ delivered_rows('cm', columns, key=['subjid', 'cmseq']) }},

{{ known_units('cm') }},

read as (
    select
        delivered.row_id,
        {{ subject() }},
        delivered.cmseq,
        delivered.cmtrt,
        {{ code('cmclas', 'CMCLAS') }},
        {{ number('cmdose') }},
        delivered.cmdosu,
        {{ code('cmdosfrq', 'CMDOSFRQ') }},
        {{ code('cmroute', 'CMROUTE') }},
        delivered.cmindc,
        {{ partial_date('cmstdtc') }},
        {{ partial_date('cmendtc') }},
        {{ code('cmongo', 'NY') }},
        {{ key_as_delivered() }}
    from delivered
)

select
    read.* exclude (record_key, blank_key_columns),
    {{ in_standard_unit('read.cmdose', 'decimal(28, 9)') }} as cmdose_mg,
    {{ unit_is_known('read.cmdose is not null') }} as unit_known,
    coalesce(drugs.preferred_name, upper(read.cmtrt)) as cm_name,
    read.cmclas as cm_class,
    drugs.drug_class as cm_dictionary_class,
    drugs.prednisone_equivalent,
    coalesce(drugs.is_study_drug, 'N') as is_study_drug,
    read.record_key,
    read.blank_key_columns
from read
left join known_units on lower(read.cmdosu) = known_units.unit_spelled
left join {{ ref('drug_dictionary') }} as drugs on upper(read.cmtrt) = drugs.name
