-- Laboratory results at baseline that may predict who responds: complement, anti-dsDNA and 24 h protein, each the
-- latest usable one on or before the first infusion. One row per subject with a known day 0.
with results_before_first_infusion as (
    select
        labs.usubjid,
        labs.lbtestcd,
        labs.visit,
        labs.lbdt,
        labs.lbstresn,
        labs.row_id,
        case
            when labs.lbtestcd in ('C3', 'C4', 'CH50') then labs.lbstresn < labs.lbstnrlo
            -- Anti-dsDNA comes as a number against an upper limit, or as a word.
            when labs.lbtestcd = 'DSDNA'
                then coalesce(labs.lbstresn > labs.lbstnrhi, labs.lbstresc = 'POSITIVE')
        end as is_abnormal
    from {{ ref('stg_lb') }} as labs
    inner join {{ ref('int_day0') }} as day0 on labs.usubjid = day0.usubjid
    where labs.lbdt <= day0.trtsdt and labs.lbtestcd in ('C3', 'C4', 'CH50', 'DSDNA', 'PROT24')
),

-- A result that says nothing (not readable, in an unknown unit, without the limit it is held against) gives way to
-- an earlier one that does. Two on one day are settled as two weights are.
latest_results as (
    select
        results.usubjid,
        results.lbtestcd,
        results.lbstresn,
        results.is_abnormal
    from results_before_first_infusion as results
    left join {{ ref('planned_visits') }} as visits on results.visit = visits.visit
    where results.is_abnormal is not null or (results.lbtestcd = 'PROT24' and results.lbstresn is not null)
    qualify row_number() over (
        partition by results.usubjid, results.lbtestcd
        order by
            results.lbdt desc, visits.tie_rank asc nulls last, visits.visitnum desc nulls last, results.row_id asc
    ) = 1
)

select
    day0.usubjid,
    count(*) filter (where latest.lbtestcd in ('C3', 'C4', 'CH50') and latest.is_abnormal) > 0 as has_low_complement,
    count(*) filter (where latest.lbtestcd = 'DSDNA' and latest.is_abnormal) > 0 as has_dsdna_above_normal,
    max(latest.lbstresn) filter (where latest.lbtestcd = 'PROT24') as protein_24h
from {{ ref('int_day0') }} as day0
left join latest_results as latest on day0.usubjid = latest.usubjid
where day0.trtsdt is not null
group by day0.usubjid
