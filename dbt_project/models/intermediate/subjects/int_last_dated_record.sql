-- The last day a subject was seen: the latest dated visit, infusion or assessment. An end of study or of treatment
-- without a date counts from the day after it. Laboratory, medication and events say nothing about being seen.
with dated_records as (
    -- A visit or an infusion recorded as not done is none, even where a date was entered for it.
    select
        usubjid,
        svdt as seen_dt
    from {{ ref('stg_sv') }}
    where coalesce(svoccur, 'Y') <> 'N'
    union all
    select
        usubjid,
        exstdt as seen_dt
    from {{ ref('stg_ex') }}
    where coalesce(exoccur, 'Y') <> 'N'
    union all
    select
        usubjid,
        sledt as seen_dt
    from {{ ref('stg_sledai') }}
    union all
    select
        usubjid,
        bildt as seen_dt
    from {{ ref('stg_bilag') }}
    union all
    select
        usubjid,
        pgadt as seen_dt
    from {{ ref('stg_pga') }}
)

select
    usubjid,
    max(seen_dt) as last_dated_dt
from dated_records
where seen_dt is not null
group by usubjid
