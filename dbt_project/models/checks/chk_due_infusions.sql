-- One row per planned infusion that was due and was not given: what is wrong with its record, if anything is.
-- For DOS09. One recorded as not given is as it should be. One whose record another rule has found (quarantined, or
-- under a label or with an occurrence that cannot be read) is not asked for a second time.
with not_given as (
    select
        planned.siteid,
        planned.usubjid,
        planned.visit,
        planned.trtsdt,
        planned.target_dt,
        planned.target_day,
        planned.window_first_day,
        planned.window_last_day,
        planned.row_id
    from {{ ref('int_planned_infusions') }} as planned
    where planned.status = 'MISSED'
),

found_otherwise as (
    select
        usubjid,
        visit,
        exstdt
    from {{ ref('typed_ex') }}
    where quarantine_rule is not null or visit is null
),

-- A record without a readable label may be the one that is missed here, unless its date says otherwise.
perhaps_recorded as (
    select distinct
        not_given.usubjid,
        not_given.visit
    from not_given
    inner join found_otherwise on not_given.usubjid = found_otherwise.usubjid
    where
        found_otherwise.visit = not_given.visit
        or (
            found_otherwise.visit is null
            and coalesce(
                {{ days_between('not_given.trtsdt', 'found_otherwise.exstdt') }}
                between not_given.window_first_day and not_given.window_last_day,
                true
            )
        )
)

select
    -- Without a record of the infusion, the one of the visit is the record to look at, else the first infusion.
    coalesce(not_given.row_id, visits.row_id, day0.day0_row_id) as row_id,
    not_given.siteid,
    not_given.usubjid,
    not_given.visit,
    subjects.subjid || ' | ' || not_given.visit as record_key,
    'ex' as form,
    not_given.target_dt,
    not_given.target_day,
    case
        when not_given.row_id is null and perhaps_recorded.usubjid is null then 'there is no record of it'
        when not_given.row_id is not null and delivered.exoccur_delivered is null
            then 'its record does not say whether it was given'
    end as problem
from not_given
inner join {{ ref('stg_dm') }} as subjects on not_given.usubjid = subjects.usubjid
inner join {{ ref('int_day0') }} as day0 on not_given.usubjid = day0.usubjid
left join {{ ref('typed_ex') }} as delivered on not_given.row_id = delivered.row_id
left join {{ ref('stg_sv') }} as visits on not_given.usubjid = visits.usubjid and not_given.visit = visits.visit
left join perhaps_recorded
    on not_given.usubjid = perhaps_recorded.usubjid and not_given.visit = perhaps_recorded.visit
