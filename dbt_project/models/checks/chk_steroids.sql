-- One row per subject with a known day 0: the day, if there is one, from which an increase of systemic corticosteroids
-- makes a non-responder, with the dose of that day beside the baseline dose. For MED02.
with increases as (
    select
        usubjid,
        icedt,
        row_id
    from {{ ref('int_intercurrent_events') }}
    where scenario = 'PRIMARY' and iceterm = 'STEROID INCREASE'
),

doses_of_the_day as (
    select
        increases.usubjid,
        {{ divide_half_away('sum(doses.dose_14_days)', '14', 2) }} as dose_mg
    from increases
    inner join {{ ref('int_steroid_doses') }} as doses
        on
            increases.usubjid = doses.usubjid
            and increases.icedt between doses.first_day and doses.last_day
    where doses.scenario = 'PRIMARY'
    group by increases.usubjid
)

select
    coalesce(increases.row_id, subjects.row_id) as row_id,
    subjects.siteid,
    subjects.usubjid,
    cast(null as varchar) as visit,
    subjects.subjid as record_key,
    'cm' as form,
    increases.icedt as increase_dt,
    {{ days_between('day0.trtsdt', 'increases.icedt') }} as increase_day,
    doses_of_the_day.dose_mg,
    baselines.blsteroid as baseline_mg
from {{ ref('stg_dm') }} as subjects
inner join {{ ref('int_day0') }} as day0 on subjects.usubjid = day0.usubjid
left join increases on subjects.usubjid = increases.usubjid
left join {{ ref('int_steroid_baseline') }} as baselines
    on subjects.usubjid = baselines.usubjid and baselines.scenario = 'PRIMARY'
left join doses_of_the_day on subjects.usubjid = doses_of_the_day.usubjid
where day0.trtsdt is not null
