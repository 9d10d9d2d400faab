-- What a subject's eligibility is judged by as a whole, one row per subject and form: consent and age (dm), the number
-- of ACR criteria (acr), SLEDAI-2K at baseline (sledai), criteria without an answer (ie). For ELI01, ELI03 to ELI06.
-- A form that a site has never delivered is reported as such (DEL10), so its subjects have no row for it here.
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

-- What cannot be read, or is quarantined, another rule reports: such a criterion may have been met.
acr_criteria as (
    select
        usubjid,
        coalesce(acrcrit, row_id) as criterion,
        min(row_id) as row_id,
        coalesce(bool_or(acrmet = 'Y') filter (where quarantine_rule is null), false) as is_met,
        bool_or(quarantine_rule is not null or (acrmet is null and acrmet_delivered is not null)) as is_reported
    from {{ ref('typed_acr') }}
    group by usubjid, coalesce(acrcrit, row_id)
),

acr_counts as (
    select
        usubjid,
        min(row_id) as row_id,
        cast(count(*) filter (where is_met) as integer) as criteria_met,
        cast(count(*) filter (where is_met or is_reported) as integer) as criteria_met_at_most
    from acr_criteria
    group by usubjid
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
),

-- An answer that is there but can't be used is reported elsewhere, and so is one to a criterion that can't be read:
-- as many of the missing answers may stand there.
answers as (
    select
        usubjid,
        row_id,
        ietestcd,
        ietestcd is null as is_unreadable,
        ieorres_delivered is not null or quarantine_rule is not null as is_answered
    from {{ ref('typed_ie') }}
),

answered as (
    select
        usubjid,
        row_id,
        ietestcd
    from answers
    where is_answered
),

answer_records as (
    select
        usubjid,
        min(row_id) as row_id,
        count(*) filter (where is_unreadable) as unreadable
    from answers
    group by usubjid
),

ie_sites as (
    select distinct siteid from {{ ref('typed_ie') }}
),

missing_answers as (
    select
        subjects.usubjid,
        count(*) as missing,
        string_agg(criteria.ietestcd, ', ' order by criteria.iecat desc, criteria.ietestcd asc) as criteria
    from subjects
    cross join {{ ref('eligibility_criteria') }} as criteria
    left join answered
        on subjects.usubjid = answered.usubjid and criteria.ietestcd = answered.ietestcd
    where subjects.infused and answered.row_id is null
    group by subjects.usubjid
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
    cast(null as integer) as sledai,
    cast(null as date) as baseline_dt,
    cast(null as varchar) as unanswered
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
    coalesce(acr_counts.criteria_met, 0) as criteria_met,
    coalesce(acr_counts.criteria_met_at_most, 0) as criteria_met_at_most,
    null as sledai,
    null as baseline_dt,
    null as unanswered
from subjects
inner join acr_sites on subjects.siteid = acr_sites.siteid
left join acr_counts on subjects.usubjid = acr_counts.usubjid

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
    baseline_scores.sledai,
    baseline_scores.adt as baseline_dt,
    null as unanswered
from baseline_scores
inner join subjects on baseline_scores.usubjid = subjects.usubjid
inner join {{ ref('typed_sledai') }} as delivered on baseline_scores.row_id = delivered.row_id

union all

select
    coalesce(answer_records.row_id, subjects.row_id) as row_id,
    subjects.siteid,
    subjects.usubjid,
    null as visit,
    subjects.subjid as record_key,
    'ie' as form,
    subjects.infused,
    null as rficdtc_delivered,
    null as age,
    null as age_at_most,
    null as brthyr,
    null as criteria_met,
    null as criteria_met_at_most,
    null as sledai,
    null as baseline_dt,
    case
        when missing_answers.missing > coalesce(answer_records.unreadable, 0) then missing_answers.criteria
    end as unanswered
from subjects
inner join ie_sites on subjects.siteid = ie_sites.siteid
left join answer_records on subjects.usubjid = answer_records.usubjid
left join missing_answers on subjects.usubjid = missing_answers.usubjid
where subjects.infused
