-- Every usable medication record of the endpoint's subjects with the class and dates the medication rules go by.
-- What makes a record an event belongs in int_prohibited_medication, what makes a dose in int_steroid_doses.
select
    subjects.scenario,
    subjects.usubjid,
    subjects.trtsdt,
    medications.row_id,
    medications.cm_name,
    -- The delivered class counts. Where there is none to read, the dictionary's class stands in; a class that the site
    -- did give but nobody can read, of a drug that nobody knows, stays UNREADABLE: it could be any.
    coalesce(
        medications.cm_class,
        medications.cm_dictionary_class,
        case when medications.cmclas_delivered is not null then 'UNREADABLE' end
    ) as medication_class,
    medications.is_study_drug = 'Y' as is_study_drug,
    medications.cmroute as route,
    coalesce(lower(medications.cmindc) = 'premedication', false) as is_premedication,
    medications.cmdose_mg as dose_mg,
    medications.prednisone_equivalent,
    medications.cmdosfrq as frequency,
    medications.cmstdt as start_date,
    medications.cmstdt_min as start_earliest,
    medications.cmstdt_max as start_latest,
    medications.cmendt_min as end_earliest,
    medications.cmendt_max as end_latest,
    medications.cmendtc_delivered is not null as has_end
from {{ ref('typed_cm') }} as medications
inner join {{ ref('int_medication_subjects') }} as subjects on medications.usubjid = subjects.usubjid
where medications.quarantine_rule is null
