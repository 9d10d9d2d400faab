-- What a subject is judged by as a whole, one row per subject and form: consent and age (dm), the number of ACR
-- criteria (acr), SLEDAI-2K at baseline (sledai). A form that a site has never delivered has no rows here, so nobody
-- is judged by it. What follows for a criterion belongs in int_eligibility_evidence.
with subjects as (
    select
        delivered.row_id,
        delivered.siteid,
        delivered.usubjid,
        delivered.subjid,
        delivered.rficdt,
        delivered.rficdtc_delivered,
        delivered.age,
        delivered.brthyr,
        day0.infused
    from {{ ref('typed_dm') }} as delivered
    inner join {{ ref('int_day0') }} as day0 on delivered.usubjid = day0.usubjid
    where delivered.quarantine_rule is null
),

-- What cannot be read, or is quarantined, another rule reports: such a criterion may have been met, unless there is a
-- usable answer to it as well. A usable row stands once for a subject and criterion, so rows can be counted.
acr_counts as (
    select
        usubjid,
        -- The first criterion that is not met is where a person would begin to look.
        coalesce(min_by(row_id, (acrcrit, row_id)) filter (where acrmet = 'N'), min(row_id)) as row_id,
        min_by(row_id, (acrcrit, row_id)) filter (where acrmet = 'Y' and quarantine_rule is null) as met_row_id,
        count(*) filter (where acrmet = 'Y' and quarantine_rule is null) as criteria_met,
        min_by(row_id, (acrcrit, row_id)) filter (where acrmet = 'N' and quarantine_rule is null) as not_met_row_id,
        count(*) filter (where acrmet = 'N' and quarantine_rule is null) as criteria_not_met
    from {{ ref('typed_acr') }}
    group by usubjid
),

acr_reported as (
    select distinct
        reported.usubjid,
        coalesce(reported.acrcrit, reported.row_id) as criterion
    from {{ ref('typed_acr') }} as reported
    where reported.quarantine_rule is not null or (reported.acrmet is null and reported.acrmet_delivered is not null)
),

acr_possible as (
    select
        acr_reported.usubjid,
        count(*) as criteria
    from acr_reported
    left join {{ ref('stg_acr') }} as usable
        on
            acr_reported.usubjid = usable.usubjid
            and acr_reported.criterion = usable.acrcrit
            and usable.acrmet is not null
    where usable.row_id is null
    group by acr_reported.usubjid
),

acr_sites as (
    select distinct siteid from {{ ref('typed_acr') }}
),

baseline_scores as (
    select
        baselines.usubjid,
        baselines.row_id,
        baselines.adt,
        scores.sledai
    from {{ ref('int_baseline') }} as baselines
    inner join {{ ref('int_sledai_records') }} as scores on baselines.row_id = scores.row_id
    where baselines.scenario = 'PRIMARY' and baselines.component = 'SLEDAI' and baselines.complete
)

select
    subjects.row_id,
    subjects.siteid,
    subjects.usubjid,
    cast(null as varchar) as visit,
    subjects.subjid as record_key,
    'dm' as form,
    subjects.infused,
    subjects.rficdtc_delivered,
    subjects.age,
    -- The most a subject born in that year can be on the day of consent; asked for only where no age is recorded.
    case when subjects.age is null then cast(year(subjects.rficdt) - subjects.brthyr as integer) end as age_at_most,
    subjects.brthyr,
    cast(null as integer) as criteria_met,
    cast(null as integer) as criteria_met_at_most,
    cast(null as integer) as criteria_not_met,
    cast(null as integer) as sledai,
    cast(null as date) as baseline_dt,
    cast(null as varchar) as met_row_id,
    cast(null as varchar) as not_met_row_id
from subjects

union all

select
    coalesce(acr_counts.row_id, subjects.row_id) as row_id,
    subjects.siteid,
    subjects.usubjid,
    null as visit,
    subjects.subjid as record_key,
    'acr' as form,
    subjects.infused,
    null as rficdtc_delivered,
    null as age,
    null as age_at_most,
    null as brthyr,
    cast(coalesce(acr_counts.criteria_met, 0) as integer) as criteria_met,
    cast(coalesce(acr_counts.criteria_met, 0) + coalesce(acr_possible.criteria, 0) as integer) as criteria_met_at_most,
    cast(coalesce(acr_counts.criteria_not_met, 0) as integer) as criteria_not_met,
    null as sledai,
    null as baseline_dt,
    acr_counts.met_row_id,
    acr_counts.not_met_row_id
from subjects
inner join acr_sites on subjects.siteid = acr_sites.siteid
left join acr_counts on subjects.usubjid = acr_counts.usubjid
left join acr_possible on subjects.usubjid = acr_possible.usubjid

union all

select
    delivered.row_id,
    subjects.siteid,
    subjects.usubjid,
    delivered.visit,
    delivered.record_key,
    'sledai' as form,
    subjects.infused,
    null as rficdtc_delivered,
    null as age,
    null as age_at_most,
    null as brthyr,
    null as criteria_met,
    null as criteria_met_at_most,
    null as criteria_not_met,
    baseline_scores.sledai,
    baseline_scores.adt as baseline_dt,
    null as met_row_id,
    null as not_met_row_id
from baseline_scores
inner join subjects on baseline_scores.usubjid = subjects.usubjid
inner join {{ ref('typed_sledai') }} as delivered on baseline_scores.row_id = delivered.row_id
