-- One row per subject of dm: whether day 0 is known, and if not, why. For DOS00.
-- Read from every delivered infusion at D0, the quarantined ones too: what cannot be used is the reason.
with infusions_at_day0 as (
    select
        row_id,
        usubjid,
        exoccur,
        exdose,
        exdose_delivered,
        exstdt,
        exstdtc_delivered,
        quarantine_rule
    from {{ ref('typed_ex') }}
    where coalesce(visit, visit_delivered) = 'D0'
    qualify row_number() over (partition by usubjid order by row_id) = 1
),

given_infusions as (
    select
        usubjid,
        row_id
    from {{ ref('typed_ex') }}
    where exoccur = 'Y' and exdose > 0
    qualify row_number() over (partition by usubjid order by exstdt nulls last, row_id) = 1
)

select
    -- The record a site would look at: the infusion at D0, else the first one given, else the subject.
    coalesce(infusions_at_day0.row_id, given_infusions.row_id, subjects.row_id) as row_id,
    subjects.siteid,
    subjects.usubjid,
    'D0' as visit,
    subjects.subjid as record_key,
    'ex' as form,
    day0.infused,
    day0.held,
    case
        when infusions_at_day0.row_id is null then 'there is no record of an infusion at D0'
        when infusions_at_day0.quarantine_rule is not null
            then 'the infusion at D0 is quarantined (' || infusions_at_day0.quarantine_rule || ')'
        when infusions_at_day0.exoccur is null then 'nobody can tell whether the infusion at D0 was given'
        when infusions_at_day0.exoccur = 'N' then 'the infusion at D0 is recorded as not given'
        when infusions_at_day0.exdose is null or infusions_at_day0.exdose <= 0
            then 'the infusion at D0 has no dose (' || coalesce(infusions_at_day0.exdose_delivered, 'blank') || ')'
        when infusions_at_day0.exstdt is null
            then
                'the infusion at D0 has no full date (' || coalesce(infusions_at_day0.exstdtc_delivered, 'blank') || ')'
        else 'the infusion at D0 can''t be used'
    end as problem
from {{ ref('stg_dm') }} as subjects
inner join {{ ref('int_day0') }} as day0 on subjects.usubjid = day0.usubjid
left join infusions_at_day0 on subjects.usubjid = infusions_at_day0.usubjid
left join given_infusions on subjects.usubjid = given_infusions.usubjid
