-- End of study and end of treatment of each subject, one row per subject. Of several ends the earliest counts; one
-- without a date counts from the day after the subject was last seen. What an end means for the endpoint (an
-- intercurrent event, a closed visit) does not belong here.
with ends as (
    select
        records.usubjid,
        records.row_id,
        -- A category that cannot be read: the end of treatment is certain, the end of study is not.
        coalesce(records.dscat, 'TREATMENT') as what_ended,
        records.dscat is null as category_is_unreadable,
        records.dsdecod,
        coalesce(records.dsdt, {{ days_after('last_seen.last_dated_dt', 1) }}) as end_dt,
        records.dsdt is null as is_imputed
    from {{ ref('stg_ds') }} as records
    left join {{ ref('int_last_dated_record') }} as last_seen on records.usubjid = last_seen.usubjid
),

-- Two ends on one day: death first, then any other end than completed (an end that cannot be read is one), so that
-- what is unknown never makes a responder.
counting_ends as (
    select
        usubjid,
        row_id,
        what_ended,
        dsdecod,
        end_dt,
        is_imputed
    from ends
    qualify row_number() over (
        partition by usubjid, what_ended
        order by
            end_dt asc nulls last,
            case dsdecod when 'DEATH' then 1 when 'COMPLETED' then 3 else 2 end asc,
            is_imputed asc,
            dsdecod asc nulls last,
            row_id asc
    ) = 1
),

-- An end other than completed of which nobody can read what ended is an event from its own date on, whichever end of
-- treatment counts: a completed treatment must not hide what may be a death.
unreadable_ends as (
    select
        usubjid,
        row_id,
        end_dt
    from ends
    where category_is_unreadable and coalesce(dsdecod <> 'COMPLETED', true)
    qualify row_number() over (partition by usubjid order by end_dt asc, row_id asc) = 1
),

subjects_with_death as (
    select distinct usubjid from ends where what_ended = 'STUDY' and dsdecod = 'DEATH'
)

select
    subjects.siteid,
    subjects.usubjid,
    study.usubjid is not null as has_eos,
    study.end_dt as eosdt,
    study.dsdecod as eosdecod,
    coalesce(study.is_imputed, false) as eosdt_imputed,
    study.row_id as eos_row_id,
    treatment.usubjid is not null as has_eot,
    treatment.end_dt as eotdt,
    treatment.dsdecod as eotdecod,
    coalesce(treatment.is_imputed, false) as eotdt_imputed,
    treatment.row_id as eot_row_id,
    unreadable_ends.end_dt as unreadable_end_dt,
    unreadable_ends.row_id as unreadable_end_row_id,
    -- From the day after this one no infusion is due (least() leaves a missing date out).
    least(study.end_dt, treatment.end_dt) as trt_end_dt,
    subjects_with_death.usubjid is not null as died
from {{ ref('stg_dm') }} as subjects
left join counting_ends as study on subjects.usubjid = study.usubjid and study.what_ended = 'STUDY'
left join counting_ends as treatment
    on subjects.usubjid = treatment.usubjid and treatment.what_ended = 'TREATMENT'
left join unreadable_ends on subjects.usubjid = unreadable_ends.usubjid
left join subjects_with_death on subjects.usubjid = subjects_with_death.usubjid
