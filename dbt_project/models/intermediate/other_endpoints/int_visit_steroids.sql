-- The daily dose of systemic corticosteroids on the day of each assessed analysis visit, in mg of prednisone equivalent
-- times 14 (int_steroid_records). A day without a record counts 0; a dose whose route is unknown counts, as it may be
-- systemic. What a record of unknown dose adds, and what was given after medication is known, is open.
select
    visits.usubjid,
    visits.avisitn,
    cast(coalesce(sum(records.dose_14_days), 0) as decimal(38, 12)) as dose_14_days,
    coalesce(visits.adt > subjects.known_until, true)
    or count(records.row_id) > count(records.dose_14_days) as some_unknown
from {{ ref('int_subject_visits') }} as visits
inner join {{ ref('int_medication_subjects') }} as subjects
    on visits.scenario = subjects.scenario and visits.usubjid = subjects.usubjid
left join {{ ref('int_steroid_records') }} as records
    on
        visits.scenario = records.scenario
        and visits.usubjid = records.usubjid
        and visits.adt between records.first_day and records.last_day
where visits.scenario = 'PRIMARY' and visits.adt is not null
group by visits.usubjid, visits.avisitn, visits.adt, subjects.known_until
