-- The daily dose of systemic corticosteroids on the day of each assessed analysis visit, in mg of prednisone equivalent
-- times 14 (int_steroid_doses). A day without steroid counts 0; a dose whose route is unknown counts, as it may be
-- systemic.
select
    visits.usubjid,
    visits.avisitn,
    cast(coalesce(sum(doses.dose_14_days), 0) as decimal(38, 12)) as dose_14_days
from {{ ref('int_subject_visits') }} as visits
left join {{ ref('int_steroid_doses') }} as doses
    on
        doses.scenario = 'PRIMARY'
        and visits.usubjid = doses.usubjid
        and visits.adt between doses.first_day and doses.last_day
where visits.scenario = 'PRIMARY' and visits.adt is not null
group by visits.usubjid, visits.avisitn
