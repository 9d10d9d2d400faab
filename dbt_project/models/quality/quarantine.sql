-- Every current row that is kept out of the analysis: its key, the coded values that could be read, where it stands,
-- and why. Free text never appears here: columns of the type text are left out of the values, the key excepted.
with

quarantined as (
    {{ quarantined_rows('dm', ['rficdt', 'brthyr', 'age', 'sex', 'height_cm', 'slediagdt']) }}
    union all
    {{ quarantined_rows('acr', ['acrcrit', 'acrmet', 'acrdt']) }}
    union all
    {{ quarantined_rows('ie', ['ietestcd', 'ieorres']) }}
    union all
    {{ quarantined_rows('mh', ['mhcat', 'mhstdt', 'mhendt', 'mhhosp']) }}
    union all
    {{ quarantined_rows('sv', ['visit', 'svdt', 'svoccur']) }}
    union all
    {{ quarantined_rows('vs', ['visit', 'vsdt', 'vstestcd', 'vsorres']) }}
    union all
    {{ quarantined_rows('ex', ['visit', 'exoccur', 'exstdt', 'exendt', 'exdose', 'exvial120', 'exvial400', 'exadj']) }}
    union all
    {{ quarantined_rows('sledai', ['visit', 'sledt'] + sledai_item_columns() + ['sledtot']) }}
    union all
    {{ quarantined_rows('bilag', [
        'visit', 'bildt', 'bilconst', 'bilmuco', 'bilneuro', 'bilmusc', 'bilcard', 'bilgast', 'bilopht', 'bilrenal',
        'bilhaem'
    ]) }}
    union all
    {{ quarantined_rows('pga', ['visit', 'pgadt', 'pgares', 'pgascale']) }}
    union all
    {{ quarantined_rows('lb', ['visit', 'lbdt', 'lbtestcd', 'lborresn', 'lbstresc', 'lbnrlo', 'lbnrhi']) }}
    union all
    {{ quarantined_rows('cm', ['cmclas', 'cmdose', 'cmdosfrq', 'cmroute', 'cmstdt', 'cmendt', 'cmongo']) }}
    union all
    {{ quarantined_rows('ae', ['aecat', 'aestdt', 'aeendt', 'aesev', 'aeser', 'aerel', 'aeacn', 'aeout']) }}
    union all
    {{ quarantined_rows('ds', ['dscat', 'dsdecod', 'dsdt']) }}
)

select
    {{ studyid() }} as studyid,
    quarantined.siteid,
    quarantined.usubjid,
    quarantined.form,
    quarantined.record_key,
    quarantined.coded_values,
    quarantined.quarantine_rule as rule_id,
    quarantined.quarantine_reason as reason,
    positions.latest_file as source_file,
    positions.latest_row as source_row,
    positions.latest_sha256 as source_sha256,
    positions.latest_delivered as delivered,
    quarantined.row_id
from quarantined
left join {{ source('raw', 'positions') }} as positions on quarantined.row_id = positions.row_id
order by quarantined.siteid, quarantined.form, quarantined.record_key, quarantined.row_id
