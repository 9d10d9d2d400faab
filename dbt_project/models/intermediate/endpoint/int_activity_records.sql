-- Every usable assessment of disease activity with a full date, and where it lies against the first infusion.
-- A record without a readable full date takes no part in anything, so it ends here. Values: int_activity_values.
with records as (
    select
        'SLEDAI' as component,
        records.row_id,
        records.siteid,
        records.usubjid,
        records.visit,
        records.sledt as adt,
        records.sledtm as adtm,
        records.visit_delivered,
        records.sledtc_delivered as date_delivered,
        totals.complete,
        totals.possible_site_total is not null as complete_by_site_total
    from {{ ref('stg_sledai') }} as records
    inner join {{ ref('int_sledai_records') }} as totals on records.row_id = totals.row_id
    union all
    select
        'BILAG' as component,
        records.row_id,
        records.siteid,
        records.usubjid,
        records.visit,
        records.bildt as adt,
        records.bildtm as adtm,
        records.visit_delivered,
        records.bildtc_delivered as date_delivered,
        totals.complete,
        cast(null as boolean) as complete_by_site_total
    from {{ ref('stg_bilag') }} as records
    inner join {{ ref('int_bilag_records') }} as totals on records.row_id = totals.row_id
    union all
    select
        'PGA' as component,
        row_id,
        siteid,
        usubjid,
        visit,
        pgadt as adt,
        pgadtm as adtm,
        visit_delivered,
        pgadtc_delivered as date_delivered,
        pga_score is not null as complete,
        cast(null as boolean) as complete_by_site_total
    from {{ ref('stg_pga') }}
)

select
    records.component,
    records.row_id,
    records.siteid,
    records.usubjid,
    records.visit,
    records.adt,
    records.adtm,
    records.complete,
    -- Only a SLEDAI-2K record has a total.
    coalesce(records.complete_by_site_total, records.complete) as complete_by_site_total,
    {{ days_between('day0.trtsdt', 'records.adt') }} as protday,
    -- On the day of the infusion an assessment counts as before it, unless both times are known and say otherwise.
    records.adt < day0.trtsdt
    or (records.adt = day0.trtsdt and coalesce(records.adtm <= day0.trtsdtm, true)) as before_first_infusion,
    -- Two records of one day: a scheduled visit (the later planned one of two) before ET before UNS; a label that
    -- can't be read comes last. Where the protocol has no rule left: the later date text, which holds the time, then
    -- the label: what the site wrote, so that nothing hangs on how the warehouse names rows.
    row_number() over (
        partition by records.component, records.usubjid
        order by
            visits.tie_rank asc nulls last,
            visits.visitnum desc nulls last,
            records.date_delivered desc,
            records.visit_delivered desc,
            records.row_id asc
    ) as tie_order
from records
left join {{ ref('int_day0') }} as day0 on records.usubjid = day0.usubjid
left join {{ ref('planned_visits') }} as visits on records.visit = visits.visit
where records.adt is not null
