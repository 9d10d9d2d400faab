-- What the site recorded about eligibility: one row per subject that has answers. Whether the data agree with the
-- site's answers is a question of the rules, not of this model.
with answered_as_eligible as (
    select
        answers.usubjid,
        count(distinct answers.ietestcd) as criteria
    from {{ ref('stg_ie') }} as answers
    inner join {{ ref('eligibility_criteria') }} as criteria
        on answers.ietestcd = criteria.ietestcd and answers.ieorres = criteria.eligible_answer
    group by answers.usubjid
),

all_criteria as (
    select count(*) as criteria from {{ ref('eligibility_criteria') }}
),

-- Unknown where the site has recorded no criterion of the classification at all.
acr_criteria_met as (
    select
        usubjid,
        cast(count(distinct acrcrit) filter (where acrmet = 'Y') as integer) as acrn
    from {{ ref('stg_acr') }}
    group by usubjid
)

select
    subjects.usubjid,
    -- Eligible only when every single criterion was answered, and answered so.
    coalesce(answered_as_eligible.criteria = all_criteria.criteria, false) as is_eligible,
    acr_criteria_met.acrn
from {{ ref('stg_dm') }} as subjects
cross join all_criteria
left join answered_as_eligible on subjects.usubjid = answered_as_eligible.usubjid
left join acr_criteria_met on subjects.usubjid = acr_criteria_met.usubjid
