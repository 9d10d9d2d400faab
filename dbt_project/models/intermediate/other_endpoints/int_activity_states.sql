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
    steroids.dose_14_days,
    -- BICLA.
    bilag.baseline_active,
    bilag.baseline_improved,
    visits.bilag_met as no_worse_bilag,
    visits.sledchg <= parameters.bicla_sledai_rise_max as no_worse_sledai,
    visits.pga_met as no_worse_pga,
    -- LLDAS.
    visits.sledai <= parameters.lldas_sledai_max as low_sledai,
    {{ none_present('parameters.major_organ_items', 'items') }} as no_major_organ,
    {{ no_new_item('items', 'earlier') }} as no_new_feature,
    visits.pga <= parameters.lldas_pga_max as low_pga,
    steroids.dose_14_days <= parameters.lldas_prednisone_max * 14 as low_steroid,
    -- DORIS.
    {{ none_present('parameters.clinical_items', 'items') }} as no_clinical_activity,
    visits.pga < parameters.doris_pga_below as minimal_pga,
    steroids.dose_14_days <= parameters.doris_prednisone_max * 14 as minimal_steroid
from visits
cross join {{ ref('int_other_endpoint_parameters') }} as parameters
left join {{ ref('int_bilag_component') }} as bilag
    on
        bilag.scenario = 'PRIMARY'
        and visits.usubjid = bilag.usubjid
        and visits.avisitn = bilag.avisitn
left join {{ ref('int_sledai_records') }} as items on visits.srcsled = items.row_id
left join {{ ref('int_sledai_records') }} as earlier on visits.srcprev = earlier.row_id
left join {{ ref('int_visit_steroids') }} as steroids
    on visits.usubjid = steroids.usubjid and visits.avisitn = steroids.avisitn
