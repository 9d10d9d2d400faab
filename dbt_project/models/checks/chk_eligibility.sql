-- What a subject's eligibility is judged by as a whole, one row per subject and form: consent and age (dm), the number
-- of ACR criteria (acr), SLEDAI-2K at baseline (sledai), criteria without an answer (ie). For ELI01, ELI03 to ELI06.
-- A form that a site has never delivered is reported as such (DEL10), so its subjects have no row for it here.
with subjects as (
    select
        delivered.row_id,
        delivered.siteid,
        delivered.usubjid,
        delivered.subjid,
        day0.infused
    from {{ ref('typed_dm') }} as delivered
    inner join {{ ref('int_day0') }} as day0 on delivered.usubjid = day0.usubjid
    where delivered.quarantine_rule is null
),

-- An answer that is there but can't be used is reported elsewhere, and so is one to a criterion that can't be read:
-- as many of the missing answers may stand there. Few subjects lack an answer, so only theirs are compared one by one.
answer_records as (
    select
        usubjid,
        min(row_id) as row_id,
        count(*) filter (where ietestcd is null) as unreadable,
        count(*) filter (where ietestcd is not null and ieorres is not null and quarantine_rule is null) as answered
    from {{ ref('typed_ie') }}
    group by usubjid
),

ie_sites as (
    select distinct siteid from {{ ref('typed_ie') }}
),

all_criteria as (
    select count(*) as criteria from {{ ref('eligibility_criteria') }}
),

answered_in_full as (
    select answer_records.usubjid
    from answer_records
    inner join all_criteria on answer_records.answered >= all_criteria.criteria
),

not_answered_in_full as (
    select subjects.usubjid
    from subjects
    left join answered_in_full on subjects.usubjid = answered_in_full.usubjid
    where subjects.infused and answered_in_full.usubjid is null
),

expected_answers as (
    select
        subjects.usubjid,
        criteria.ietestcd,
        criteria.iecat
    from not_answered_in_full as subjects
    cross join {{ ref('eligibility_criteria') }} as criteria
),

given_answers as (
    select distinct
        answers.usubjid,
        answers.ietestcd
    from {{ ref('typed_ie') }} as answers
    inner join not_answered_in_full on answers.usubjid = not_answered_in_full.usubjid
    where answers.ieorres_delivered is not null or answers.quarantine_rule is not null
),

blank_answers as (
    select
        answers.usubjid,
        answers.ietestcd,
        min(answers.row_id) as row_id
    from {{ ref('typed_ie') }} as answers
    inner join not_answered_in_full on answers.usubjid = not_answered_in_full.usubjid
    where answers.ieorres_delivered is null and answers.quarantine_rule is null
    group by answers.usubjid, answers.ietestcd
),

-- The row is the first one left blank, where there is one.
missing_answers as (
    select
        expected.usubjid,
        count(*) as missing,
        string_agg(expected.ietestcd, ', ' order by expected.iecat desc, expected.ietestcd asc) as criteria,
        min_by(blank.row_id, (expected.iecat = 'EXCLUSION', expected.ietestcd)) as blank_row_id
    from expected_answers as expected
    left join given_answers as given
        on expected.usubjid = given.usubjid and expected.ietestcd = given.ietestcd
    left join blank_answers as blank
        on expected.usubjid = blank.usubjid and expected.ietestcd = blank.ietestcd
    where given.usubjid is null
    group by expected.usubjid
)

select
    row_id,
    siteid,
    usubjid,
    visit,
    record_key,
    form,
    infused,
    rficdtc_delivered,
    age,
    age_at_most,
    brthyr,
    criteria_met,
    criteria_met_at_most,
    sledai,
    baseline_dt,
    cast(null as varchar) as unanswered
from {{ ref('int_eligibility_facts') }}

union all

select
    coalesce(missing_answers.blank_row_id, answer_records.row_id, subjects.row_id) as row_id,
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
