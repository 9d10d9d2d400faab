-- IE: only the criteria that a subject did not satisfy, as SDTM has it: an inclusion answered N, an exclusion answered
-- Y. Criteria that were satisfied are no rows.
with records as (
    {{ sdtm_records('ie') }}
)

select
    {{ studyid() }} as studyid,
    'IE' as domain,
    records.usubjid,
    {{ sdtm_seq('criteria.iecat desc, records.ietestcd') }} as ieseq,
    records.ietestcd,
    criteria.ietest,
    criteria.iecat,
    records.ieorres,
    records.ieorres as iestresc,
    records.row_id as srcid
from records
inner join {{ ref('eligibility_criteria') }} as criteria on records.ietestcd = criteria.ietestcd
where records.ieorres <> criteria.eligible_answer
