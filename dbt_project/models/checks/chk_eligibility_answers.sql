-- One row per usable answer to an eligibility criterion, infused or not, beside what the data say of that criterion.
-- For ELI06 and ELI11. What the data do not settle says nothing (int_eligibility_evidence), so it contradicts no
-- answer.
select
    answers.row_id,
    answers.siteid,
    answers.usubjid,
    cast(null as varchar) as visit,
    answers.record_key,
    'ie' as form,
    day0.infused,
    answers.ietestcd,
    criteria.ietest,
    lower(criteria.iecat) as kind,
    answers.ieorres,
    criteria.eligible_answer,
    case when evidence.data_say <> answers.ieorres then evidence.evidence end as contradiction
from {{ ref('typed_ie') }} as answers
inner join {{ ref('eligibility_criteria') }} as criteria on answers.ietestcd = criteria.ietestcd
inner join {{ ref('int_day0') }} as day0 on answers.usubjid = day0.usubjid
left join {{ ref('int_eligibility_evidence') }} as evidence
    on answers.usubjid = evidence.usubjid and answers.ietestcd = evidence.ietestcd
where answers.quarantine_rule is null
