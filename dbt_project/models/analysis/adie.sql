-- Eligibility: one row per subject and criterion. The site's answer beside what the data say
-- (int_eligibility_evidence); the data decide where they say anything, else the answer stands as attested. A record
-- that only raises a question decides nothing. No derivation of its own.
with criteria as (
    select
        subjects.siteid,
        subjects.usubjid,
        criteria.iecat,
        criteria.ietestcd,
        criteria.ietest,
        criteria.eligible_answer
    from {{ ref('stg_dm') }} as subjects
    cross join {{ ref('eligibility_criteria') }} as criteria
),

settled as (
    select
        usubjid,
        ietestcd,
        case when question is null then data_say end as data_say,
        coalesce(question, reason) as reason,
        form,
        row_id
    from {{ ref('int_eligibility_evidence') }}
),

judged as (
    select
        criteria.*,
        answers.ieorres,
        answers.row_id as answer_row_id,
        evidence.data_say,
        evidence.reason,
        evidence.form,
        evidence.row_id as data_row_id,
        coalesce(evidence.data_say, answers.ieorres) as known
    from criteria
    left join {{ ref('stg_ie') }} as answers
        on criteria.usubjid = answers.usubjid and criteria.ietestcd = answers.ietestcd
    left join settled as evidence
        on criteria.usubjid = evidence.usubjid and criteria.ietestcd = evidence.ietestcd
)

select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    iecat,
    ietestcd,
    ietest,
    ieorres,
    case ieorres when 'Y' then 'MET' when 'N' then 'NOT MET' end as siteres,
    case data_say when 'Y' then 'MET' when 'N' then 'NOT MET' else 'NOT EVALUABLE' end as datares,
    {{ yes_no('data_say = ieorres') }} as agreefl,
    case
        when data_say = 'Y' then 'MET'
        when data_say = 'N' then 'NOT MET'
        when ieorres is not null then 'ATTESTED'
        else 'NOT EVALUABLE'
    end as iestat,
    {{ flag('ieorres = eligible_answer') }} as siteelfl,
    {{ yes_no('known = eligible_answer') }} as elresfl,
    case
        when reason is not null then reason
        when ieorres is not null then 'only the site says so; what is recorded does not decide it'
        else 'no answer, and what is recorded does not decide it'
    end as iereason,
    case when data_say is not null then form when ieorres is not null then 'ie' end as srcform,
    case when data_say is not null then data_row_id when ieorres is not null then answer_row_id end as srcid
from judged
order by usubjid, ietestcd
