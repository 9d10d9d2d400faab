-- One row per subject and laboratory test that excludes: the screening result that counts, infused or not. Screening
-- is the visit SCR and whatever was sampled before the first infusion; a serology of the day of the first infusion
-- counts too, as what it shows was there before. Of several immunoglobulins the latest counts, as a repeat may clear
-- a subject; of several serologies a positive one does, as no later result undoes it.
with limits as (
    select
        {{ parameter('igg_min') }} as igg_min,
        {{ parameter('iga_min') }} as iga_min
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

results as (
    select
        row_id,
        siteid,
        usubjid,
        visit,
        record_key,
        lbtestcd,
        lbdt,
        lborres,
        lborresu,
        lbstresn,
        lbstresu,
        lbstresc,
        lbtestcd in ('IGG', 'IGA') as is_immunoglobulin
    from {{ ref('typed_lb') }}
    where
        quarantine_rule is null
        and lbtestcd in ('IGG', 'IGA', 'HIV', 'HBSAG', 'HBCAB', 'HCVAB')
),

-- A result that says nothing (not readable, in an unknown unit) gives way to one that does.
screening_results as (
    select
        results.*,
        day0.infused
    from results
    inner join {{ ref('int_day0') }} as day0 on results.usubjid = day0.usubjid
    where
        coalesce(results.lbdt <= day0.trtsdt, true)
        and (
            coalesce(results.visit = 'SCR', false)
            or coalesce(results.lbdt < day0.trtsdt, false)
            or coalesce(not results.is_immunoglobulin and results.lbdt = day0.trtsdt, false)
        )
        and (
            (results.is_immunoglobulin and results.lbstresn is not null)
            or (not results.is_immunoglobulin and results.lbstresc is not null)
        )
),

counting_results as (
    select screening_results.*
    from screening_results
    left join {{ ref('planned_visits') }} as visits on screening_results.visit = visits.visit
    qualify row_number() over (
        partition by screening_results.usubjid, screening_results.lbtestcd
        order by
            screening_results.lbstresc desc nulls last,
            screening_results.lbdt desc nulls last,
            visits.tie_rank asc nulls last,
            visits.visitnum desc nulls last,
            screening_results.row_id asc
    ) = 1
)

select
    counting.row_id,
    counting.siteid,
    counting.usubjid,
    counting.visit,
    counting.record_key,
    'lb' as form,
    counting.infused,
    counting.lbtestcd,
    counting.lbdt,
    concat_ws(' ', counting.lborres, counting.lborresu) as result_delivered,
    cast(counting.lbstresn as decimal(28, 10)) as result,
    counting.lbstresu as result_unit,
    cast(
        case counting.lbtestcd when 'IGG' then limits.igg_min when 'IGA' then limits.iga_min end as decimal(28, 10)
    ) as lowest_allowed,
    counting.lbstresc as serology
from counting_results as counting
cross join limits
