-- Records of systemic corticosteroids as intervals of days with one daily dose each, in mg of prednisone equivalent.
-- The dose is kept per 14 days, so that half a dose (QOD) and a seventh of one (QW) stay exact numbers, with nine
-- decimals of a dose in mg (six as delivered, three of its unit) and three of its equivalent.
-- A record without a dose, a frequency or a convertible name has a dose of NULL: what it says counts nothing for the
-- rule on increases (int_steroid_doses), and leaves open what a low dose hangs on. Premedication doesn't count.
with

-- ONCE is its start day only, and on that day what a daily dose is.
frequencies as (
    select
        frequency,
        coalesce(
            doses_per_14_days, max(case when frequency = 'QD' then doses_per_14_days end) over ()
        ) as doses_per_14_days
    from {{ ref('dose_frequencies') }}
),

steroids as (
    select
        medications.scenario,
        medications.usubjid,
        medications.row_id,
        medications.route,
        medications.frequency,
        medications.start_earliest,
        medications.end_latest,
        -- A partial start is the earliest day it can be, a missing one the first infusion.
        coalesce(medications.start_earliest, medications.trtsdt) as first_day,
        -- Without an end it runs as far as medication is known.
        subjects.known_until,
        -- A dose below nothing is a slip of the pen.
        case
            when medications.dose_mg >= 0
                then
                    cast(
                        cast(medications.dose_mg as decimal(22, 9))
                        * cast(medications.prednisone_equivalent as decimal(12, 3))
                        * frequencies.doses_per_14_days as decimal(38, 12)
                    )
        end as dose_14_days
    from {{ ref('int_medications') }} as medications
    inner join {{ ref('int_medication_subjects') }} as subjects
        on medications.scenario = subjects.scenario and medications.usubjid = subjects.usubjid
    left join frequencies on medications.frequency = frequencies.frequency
    where
        medications.medication_class = 'CORTICOSTEROID'
        and not medications.is_premedication
        and coalesce(medications.route in ('ORAL', 'IV', 'IM'), true)
),

intervals as (
    select
        *,
        case
            when frequency = 'ONCE' then first_day
            -- A partial end is the latest day it can be. One before the delivered start can't be the end: as if none.
            when end_latest is not null and coalesce(end_latest >= start_earliest, true) then end_latest
            -- What starts after the site cut is given at least on the day it starts.
            else greatest(known_until, first_day)
        end as last_day
    from steroids
)

select
    scenario,
    usubjid,
    row_id,
    first_day,
    last_day,
    dose_14_days,
    -- A route that is not there or can't be read may be systemic. What is unknown never makes a responder, so such a
    -- dose counts where an increase is looked for, and never raises the baseline.
    route is not null as counts_at_baseline
from intervals
where last_day >= first_day
