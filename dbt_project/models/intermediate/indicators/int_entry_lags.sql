-- How late each subject's visits are entered: the days from a planned visit that took place to the first delivery that
-- held it, whatever was corrected in it later; the (lower) median over the subject's visits. Visits up to the site's
-- first delivery are left out: nobody knows when they were entered.
with first_deliveries as (
    select
        siteid,
        min(opened) as first_delivered
    from {{ source('raw', 'sv') }}
    group by siteid
),

visits as (
    select
        visits.siteid,
        visits.usubjid,
        visits.visit,
        visits.svdt
    from {{ ref('int_visits') }} as visits
    inner join {{ ref('planned_visits') }} as planned on visits.visit = planned.visit and planned.tie_rank = 1
    inner join first_deliveries
        on visits.siteid = first_deliveries.siteid and visits.svdt > first_deliveries.first_delivered
    where visits.status = 'DONE'
),

-- Every version of a row of sv that was ever delivered.
versions as (
    select
        {{ studyid() }} || '-' || siteid || '-' || {{ trimmed('subjid') }} as usubjid,
        {{ trimmed('visit') }} as visit,
        opened
    from {{ source('raw', 'sv') }}
),

-- A version from before the visit is an entry made in advance, not the visit.
entered as (
    select
        visits.siteid,
        visits.usubjid,
        visits.visit,
        min({{ days_between('visits.svdt', 'versions.opened') }}) as lag_days
    from visits
    inner join versions
        on visits.usubjid = versions.usubjid and visits.visit = versions.visit and visits.svdt <= versions.opened
    group by visits.siteid, visits.usubjid, visits.visit
)

select
    siteid,
    usubjid,
    quantile_disc(lag_days, 0.5) as lag_days
from entered
group by siteid, usubjid
