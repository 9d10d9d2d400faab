-- Systemic steroids: the daily prednisone-equivalent dose of each treated subject as intervals, beside its baseline and
-- the limit of the protocol. The intervals are made in int_steroid_intervals; here they are compared and named.
with low_dose as (
    select {{ parameter('steroid_low_mg') }} as mg
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

-- Everything times 14 and times the number of baseline days, so that nothing is divided before it is compared. The
-- larger of factor x baseline and baseline + 5 mg is exceeded when both are.
compared as (
    select
        intervals.*,
        baseline.blsteroid,
        greatest(
            parameters.steroid_increase_factor * baseline.total_14_days,
            baseline.total_14_days + parameters.steroid_increase_mg * 14 * baseline.number_of_days
        ) as limit_14_days,
        baseline.number_of_days,
        intervals.from_day_0
        and intervals.dose_14_days * baseline.number_of_days
        > parameters.steroid_increase_factor * baseline.total_14_days
        and intervals.dose_14_days * baseline.number_of_days
        > baseline.total_14_days + parameters.steroid_increase_mg * 14 * baseline.number_of_days as is_over,
        intervals.dose_14_days <= 14 * low_dose.mg and intervals.unknown_records = 0 as is_low,
        baseline.total_14_days > 14 * low_dose.mg * baseline.number_of_days as was_above_low
    from {{ ref('int_steroid_intervals') }} as intervals
    inner join {{ ref('int_steroid_baseline') }} as baseline
        on intervals.usubjid = baseline.usubjid and baseline.scenario = 'PRIMARY'
    inner join {{ ref('int_endpoint_parameters') }} as parameters on baseline.scenario = parameters.scenario
    cross join low_dose
),

daily as (
    select
        *,
        cast({{ divide_half_away('dose_14_days', '14', 4) }} as decimal(28, 4)) as dose,
        cast(blsteroid as decimal(28, 4)) as base,
        cast({{ divide_half_away('limit_14_days', 'number_of_days * 14', 4) }} as decimal(28, 4)) as limdose
    from compared
)

select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    astdt,
    aendt,
    first_protday as protday,
    {{ study_day('first_protday') }} as ady,
    last_protday as protdaye,
    {{ study_day('last_protday') }} as aendy,
    last_protday - first_protday + 1 as adurn,
    case when from_day_0 then 'FROM FIRST INFUSION' else 'BEFORE FIRST INFUSION' end as aphase,
    dose,
    base,
    cast(case when from_day_0 then dose - base end as decimal(28, 4)) as chg,
    limdose,
    {{ flag('is_over') }} as overfl,
    {{ flag('is_over and rule_holds') }} as icefl,
    {{ flag('is_low') }} as lowfl,
    {{ flag('is_low and was_above_low and from_day_0') }} as redlowfl,
    case when is_baseline then 'Y' end as ablfl,
    records as nrec,
    unknown_records as nunk,
    row_id as srcid
from daily
order by usubjid, astdt
