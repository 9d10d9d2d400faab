-- Every usable laboratory result with a date and a value: how it lies against the limits of normal, which stretch of
-- time it falls into (up to the first infusion, or the window of an analysis visit), and which one of each is used:
-- `chosen`, one per subject, test and stretch. The one up to the first infusion is the baseline, with no look-back.
-- A view: adlb asks for the sites with news alone, and writing millions of rows a second time cost more than deciding
-- again for whoever asks.
{{ config(materialized='view') }}
with results as (
    select
        labs.row_id,
        labs.siteid,
        labs.usubjid,
        labs.visit,
        labs.visit_delivered,
        labs.lbdt as adt,
        labs.lbdtc_delivered,
        {{ days_between('day0.trtsdt', 'labs.lbdt') }} as protday,
        labs.lbtestcd,
        tests.limits_needed,
        labs.lbstresn,
        labs.lbstresc,
        labs.lbstresu,
        labs.lbstnrlo,
        labs.lbstnrhi,
        -- Limits that are the wrong way round (LAB01): only the one that the test is held against counts.
        case
            when labs.lbstnrlo <= labs.lbstnrhi or labs.lbstnrhi is null or tests.limits_needed = 'LOWER'
                then labs.lbstnrlo
        end as lower_limit,
        case
            when labs.lbstnrlo <= labs.lbstnrhi or labs.lbstnrlo is null or tests.limits_needed = 'UPPER'
                then labs.lbstnrhi
        end as upper_limit
    from {{ ref('typed_lb') }} as labs
    inner join {{ ref('int_day0') }} as day0 on labs.usubjid = day0.usubjid
    inner join {{ ref('lab_tests') }} as tests on labs.lbtestcd = tests.testcd
    where
        labs.quarantine_rule is null
        and labs.lbdt is not null
        and (labs.lbstresn is not null or labs.lbstresc is not null)
),

-- Exactly at a limit is normal. Normal needs the limits that the test has; low and high need only the one passed.
rated as (
    select
        *,
        case
            when lbstresn < lower_limit then 'LOW'
            when lbstresn > upper_limit then 'HIGH'
            when
                lbstresn is not null
                and (lower_limit is not null or limits_needed = 'UPPER')
                and (upper_limit is not null or limits_needed = 'LOWER')
                then 'NORMAL'
            -- Anti-dsDNA comes as a number against an upper limit, or as a word.
            when lbtestcd = 'DSDNA' then case lbstresc when 'POSITIVE' then 'HIGH' when 'NEGATIVE' then 'NORMAL' end
        end as anrind,
        -- What predicts the response by its limit says nothing without it, and gives way to a result that has it. So
        -- does a word (NEGATIVE) to a number, where numbers are measured.
        case
            when lbtestcd in ('C3', 'C4', 'CH50') then lbstresn is not null and lbstnrlo is not null
            when lbtestcd = 'DSDNA' then lbstresc is not null or lbstnrhi is not null
            else lbstresn is not null or limits_needed = 'NONE'
        end as complete
    from results
),

placed as (
    select
        rated.*,
        case when rated.protday <= 0 then 'Baseline' else windows.avisit end as stretch,
        case when rated.protday <= 0 then 0 else windows.avisitn end as stretch_weeks,
        case when rated.protday <= 0 then 0 else windows.target_day end as target_day,
        visits.tie_rank,
        visits.visitnum
    from rated
    left join {{ ref('analysis_visits') }} as windows
        on
            windows.scenario = 'PRIMARY'
            and rated.protday between windows.window_first_day and windows.window_last_day
    left join {{ ref('planned_visits') }} as visits on rated.visit = visits.visit
),

-- Nearest to the target day (up to the first infusion: the latest), the later date, and two of one day as two records
-- of disease activity are settled: by the planned visit, then by what the site wrote.
ranked as (
    select
        *,
        -- By site as well, so that a question about some sites is a question about their rows only.
        row_number() over (
            partition by siteid, usubjid, lbtestcd, stretch_weeks
            order by
                complete desc,
                abs(protday - target_day) asc,
                adt desc,
                tie_rank asc nulls last,
                visitnum desc nulls last,
                lbdtc_delivered desc,
                visit_delivered desc,
                row_id asc
        ) as place
    from placed
)

select
    row_id,
    siteid,
    usubjid,
    visit,
    adt,
    protday,
    lbtestcd,
    lbstresn,
    lbstresc,
    lbstresu,
    lbstnrlo,
    lbstnrhi,
    anrind,
    stretch_weeks is not null and place = 1 as chosen,
    stretch_weeks = 0 and place = 1 as is_baseline,
    case when protday > 0 or place = 1 then stretch end as avisit,
    case when protday > 0 or place = 1 then stretch_weeks end as avisitn
from ranked
