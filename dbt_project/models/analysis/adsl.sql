-- adsl: one row per subject, treated or not. Everything is derived in the intermediate models and only put side by side
-- here: who the subject is, when it was treated, where it stands, what it looked like at baseline, how it responded.
with week_of_response as (
    select cast(value as integer) as avisitn
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY' and parameter = 'response_week'
),

response as (
    select
        results.usubjid,
        results.maturfl,
        results.sri4,
        results.reason
    from {{ ref('int_response') }} as results
    inner join week_of_response on results.avisitn = week_of_response.avisitn
    where results.scenario = 'PRIMARY'
),

first_event as (
    select
        usubjid,
        icedt,
        iceterm
    from {{ ref('int_first_event') }}
    where scenario = 'PRIMARY'
),

steroid_baseline as (
    select
        usubjid,
        blsteroid
    from {{ ref('int_steroid_baseline') }}
    where scenario = 'PRIMARY'
),

last_infusion as (
    select
        usubjid,
        max(exstdt) as trtedt
    from {{ ref('int_recorded_infusions') }}
    where is_given
    group by usubjid
),

-- The weight the first infusion is dosed by.
baseline_weight as (
    select
        usubjid,
        weight_kg
    from {{ ref('int_infusions') }}
    where target_day = 0
)

select
    {{ studyid() }} as studyid,
    subjects.siteid,
    subjects.usubjid,
    subjects.subjid,
    subjects.age,
    subjects.sex,
    subjects.race,
    subjects.rficdt,
    day0.trtsdt,
    last_infusion.trtedt,
    disposition.eosdt,
    case
        when not disposition.has_eos then 'ONGOING'
        when disposition.eosdecod = 'COMPLETED' then 'COMPLETED'
        -- An end whose reason cannot be read is still an end other than completed.
        else 'DISCONTINUED'
    end as eosstt,
    case when disposition.eosdecod <> 'COMPLETED' then disposition.eosdecod end as dcsreas,
    {{ flag('disposition.died') }} as dthfl,
    {{ flag('day0.infused') }} as saffl,
    {{ flag('activity.all_components_known') }} as efffl,
    {{ flag('eligibility.is_eligible') }} as eligfl,
    site_cut.sitecutdt,
    first_event.icedt,
    first_event.iceterm,
    {{ flag("response.maturfl = 'Y'") }} as maturfl,
    activity.sledai as blsledai,
    cast(round(activity.pga_score, 4) as decimal(18, 4)) as blpga,
    activity.bilag_total as blbilagtot,
    activity.a_grades as blbilaga,
    activity.b_grades as blbilagb,
    cast(baseline_weight.weight_kg as decimal(18, 6)) as blweight,
    cast(steroid_baseline.blsteroid as decimal(28, 4)) as blsteroid,
    {{ flag('labs.has_low_complement') }} as bllowcfl,
    {{ flag('labs.has_dsdna_above_normal') }} as bldnafl,
    cast(round(labs.protein_24h, 4) as decimal(28, 4)) as blprot24,
    {{ flag('medication.uses_immunosuppressant') }} as blisfl,
    {{ flag('medication.uses_antimalarial') }} as blamfl,
    {{ flag('activity.sledai < parameters.sri_points') }} as srinatfl,
    eligibility.acrn,
    case
        when day0.held then 'HELD'
        when day0.trtsdt is null then null
        when response.sri4 = 'Y' then 'RESPONSE'
        when response.sri4 = 'N' then 'NO RESPONSE'
        else 'PENDING'
    end as respgrp,
    response.reason as respreas
from {{ ref('stg_dm') }} as subjects
inner join {{ ref('int_day0') }} as day0 on subjects.usubjid = day0.usubjid
inner join {{ ref('int_disposition') }} as disposition on subjects.usubjid = disposition.usubjid
inner join {{ ref('int_eligibility') }} as eligibility on subjects.usubjid = eligibility.usubjid
inner join {{ ref('int_endpoint_parameters') }} as parameters on parameters.scenario = 'PRIMARY'
left join {{ ref('int_site_cut') }} as site_cut on subjects.siteid = site_cut.siteid
left join {{ ref('int_baseline_activity') }} as activity on subjects.usubjid = activity.usubjid
left join {{ ref('int_baseline_labs') }} as labs on subjects.usubjid = labs.usubjid
left join {{ ref('int_baseline_medication') }} as medication on subjects.usubjid = medication.usubjid
left join last_infusion on subjects.usubjid = last_infusion.usubjid
left join baseline_weight on subjects.usubjid = baseline_weight.usubjid
left join steroid_baseline on subjects.usubjid = steroid_baseline.usubjid
left join first_event on subjects.usubjid = first_event.usubjid
left join response on subjects.usubjid = response.usubjid
order by subjects.usubjid
