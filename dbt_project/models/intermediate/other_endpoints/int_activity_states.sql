-- What BICLA, LLDAS and DORIS remission ask of each analysis visit, each part met (true), not met (false) or unknown
-- (NULL). What the parts make together, and what events and missing visits make of it: int_other_endpoints.
with visits as (
    select
        components.*,
        -- The assessment before: the record of the latest earlier analysis visit that has one, else the baseline's.
        coalesce(
            last_value(components.srcsled ignore nulls) over (
                partition by components.usubjid
                order by components.avisitn
                rows between unbounded preceding and 1 preceding
            ),
            baseline.row_id
        ) as srcprev
    from {{ ref('int_components') }} as components
    left join {{ ref('int_baseline') }} as baseline
        on
            baseline.scenario = 'PRIMARY'
            and baseline.component = 'SLEDAI'
            and components.usubjid = baseline.usubjid
    where components.scenario = 'PRIMARY'
),

-- Whether the baseline record has an A or a B at all: unknown, where a missing grade leaves it open.
baseline_bilag as (
    select
        baseline.usubjid,
        case
            when count(*) filter (where grades.grade in ('A', 'B')) > 0 then true
            when count(*) = count(grades.grade) then false
        end as active
    from {{ ref('int_baseline') }} as baseline
    inner join {{ ref('int_bilag_grades') }} as grades on baseline.row_id = grades.row_id
    where baseline.scenario = 'PRIMARY' and baseline.component = 'BILAG'
    group by baseline.usubjid
)

select
    visits.siteid,
    visits.usubjid,
    visits.avisit,
    visits.avisitn,
    visits.adt,
    visits.protday,
    visits.mature,
    visits.closed,
    visits.srcsled,
    visits.srcprev,
    visits.srcbil,
    visits.srcpga,
    case when not steroids.some_unknown then steroids.dose_14_days end as dose_14_days,
    -- BICLA.
    baseline_bilag.active as baseline_active,
    bilag.baseline_improved,
    not bilag.any_a_now as no_a_now,
    visits.bilag_met as no_worse_bilag,
    visits.sledchg <= parameters.bicla_sledai_rise_max as no_worse_sledai,
    visits.pga_met as no_worse_pga,
    -- LLDAS.
    visits.sledai <= parameters.lldas_sledai_max as low_sledai,
    {{ none_present('parameters.major_organ_items', 'items') }} as no_major_organ,
    {{ no_new_item('items', 'earlier') }} as no_new_feature,
    visits.pga <= parameters.lldas_pga_max as low_pga,
    {{ dose_at_most('steroids', 'parameters.lldas_prednisone_max') }} as low_steroid,
    -- DORIS.
    {{ none_present('parameters.clinical_items', 'items') }} as no_clinical_activity,
    visits.pga < parameters.doris_pga_below as minimal_pga,
    {{ dose_at_most('steroids', 'parameters.doris_prednisone_max') }} as minimal_steroid
from visits
cross join {{ ref('int_other_endpoint_parameters') }} as parameters
left join baseline_bilag on visits.usubjid = baseline_bilag.usubjid
left join {{ ref('int_bilag_component') }} as bilag
    on
        bilag.scenario = 'PRIMARY'
        and visits.usubjid = bilag.usubjid
        and visits.avisitn = bilag.avisitn
left join {{ ref('int_sledai_records') }} as items on visits.srcsled = items.row_id
left join {{ ref('int_sledai_records') }} as earlier on visits.srcprev = earlier.row_id
left join {{ ref('int_visit_steroids') }} as steroids
    on visits.usubjid = steroids.usubjid and visits.avisitn = steroids.avisitn
