-- Background medication at baseline that may predict who responds: is an immunosuppressant, is an antimalarial in use
-- on the day of the first infusion. One row per subject with a known day 0. Steroid doses, and medication started
-- later, belong to the endpoint.
with in_use_at_baseline as (
    -- In use: it had certainly begun (a start known only to the month counts when the whole month lies before day 0)
    -- and it had not ended, as far as the latest day it can have ended. The delivered class counts; where there is
    -- none to read, the dictionary's stands in.
    select
        medication.usubjid,
        coalesce(medication.cm_class, medication.cm_dictionary_class) as medication_class
    from {{ ref('stg_cm') }} as medication
    inner join {{ ref('int_day0') }} as day0 on medication.usubjid = day0.usubjid
    where
        medication.cmstdt_max <= day0.trtsdt
        and coalesce(medication.cmendt_max >= day0.trtsdt, true)
)

select
    day0.usubjid,
    count(*) filter (where medication.medication_class = 'IMMUNOSUPPRESSANT') > 0 as uses_immunosuppressant,
    count(*) filter (where medication.medication_class = 'ANTIMALARIAL') > 0 as uses_antimalarial
from {{ ref('int_day0') }} as day0
left join in_use_at_baseline as medication on day0.usubjid = medication.usubjid
where day0.trtsdt is not null
group by day0.usubjid
