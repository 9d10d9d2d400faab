-- One row per usable medication record: what the medication rules need to know of it. For MED01, MED03 and MED04.
-- What is said about day 0 is empty for a subject whose day 0 is not known.
-- Every prohibited record counts, not only the subject's first; what starts after the end of the study does not.
with prohibited as (
    select
        records.row_id,
        records.first_possible_day
    from {{ ref('int_prohibited_records') }} as records
    inner join {{ ref('int_endpoint_subjects') }} as subjects
        on records.scenario = subjects.scenario and records.usubjid = subjects.usubjid
    where records.scenario = 'PRIMARY' and coalesce(records.first_possible_day <= subjects.eosdt, true)
),

-- Records that the protocol's rules go by: steroids that can count, and whatever is prohibited from some day on.
known_medications as (
    select
        row_id,
        medication_class,
        trtsdt,
        medication_class = 'CORTICOSTEROID'
        and not is_premedication
        -- By an unknown route it may be systemic, and counts against the subject as if it were.
        and coalesce(route in ('ORAL', 'IV', 'IM'), true) as is_systemic_steroid,
        medication_class in ('CYTOTOXIC', 'BIOLOGIC', 'IMMUNOSUPPRESSANT', 'UNREADABLE')
        and not is_study_drug as may_be_prohibited
    from {{ ref('int_medications') }}
    where scenario = 'PRIMARY'
)

select
    delivered.row_id,
    delivered.siteid,
    delivered.usubjid,
    cast(null as varchar) as visit,
    delivered.record_key,
    'cm' as form,
    delivered.cmtrt,
    delivered.cm_name,
    known.medication_class,
    delivered.cmdose_delivered,
    delivered.cmdosfrq_delivered,
    delivered.cmstdtc_delivered,
    delivered.cmendtc_delivered,
    delivered.cmongo,
    delivered.cmdosfrq,
    delivered.cmroute,
    delivered.cmroute_delivered,
    delivered.prednisone_equivalent,
    coalesce(known.is_systemic_steroid, false) as is_systemic_steroid,
    prohibited.first_possible_day as prohibited_from,
    known.trtsdt,
    -- A start or an end known only to its month or year (or not at all) decides when the rule asks what lay on which
    -- side of the first infusion, or adds up doses day by day.
    delivered.cmstdt is null and (
        coalesce(known.is_systemic_steroid, false)
        or (
            coalesce(known.may_be_prohibited, false)
            and coalesce(delivered.cmstdt_min, known.trtsdt) <= known.trtsdt
            and coalesce(delivered.cmstdt_max, known.trtsdt) >= known.trtsdt
        )
    ) as start_decides,
    delivered.cmendt is null and delivered.cmendtc_delivered is not null
    and coalesce(known.is_systemic_steroid, false) as end_decides
from {{ ref('typed_cm') }} as delivered
left join known_medications as known on delivered.row_id = known.row_id
left join prohibited on delivered.row_id = prohibited.row_id
where delivered.quarantine_rule is null
