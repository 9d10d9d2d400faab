-- The three components of each analysis visit: baseline, current value, change, and whether the component is met.
-- Met is true, false, or NULL where it is unknown; nothing is imputed and no event is applied here (int_response).
with baseline as (
    select
        scenario,
        usubjid,
        max(case when component = 'SLEDAI' then row_id end) as sledai_row_id,
        max(case when component = 'PGA' then row_id end) as pga_row_id
    from {{ ref('int_baseline') }}
    group by scenario, usubjid
),

scored as (
    select
        visits.*,
        {{ sledai_score('baseline_sledai') }} as sledaibl,
        {{ sledai_score('current_sledai') }} as sledai,
        baseline_pga.pga_score as pgabl,
        current_pga.pga_score as pga
    from {{ ref('int_subject_visits') }} as visits
    inner join {{ ref('int_endpoint_parameters') }} as parameters on visits.scenario = parameters.scenario
    left join baseline on parameters.baseline_scenario = baseline.scenario and visits.usubjid = baseline.usubjid
    left join {{ ref('int_sledai_records') }} as baseline_sledai on baseline.sledai_row_id = baseline_sledai.row_id
    left join {{ ref('int_sledai_records') }} as current_sledai on visits.srcsled = current_sledai.row_id
    left join {{ ref('stg_pga') }} as baseline_pga on baseline.pga_row_id = baseline_pga.row_id
    left join {{ ref('stg_pga') }} as current_pga on visits.srcpga = current_pga.row_id
),

compared as (
    select
        *,
        sledai - sledaibl as sledchg,
        pga - pgabl as pgachg
    from scored
)

select
    compared.*,
    bilag.bilnewa,
    bilag.bilnewb,
    bilag.bilnewsys,
    compared.sledchg <= -parameters.sri_points as sledai_met,
    bilag.bilag_met,
    -- Exact decimals, not rounded: a rise of exactly the limit is worsening.
    compared.pgachg < parameters.pga_worsening as pga_met
from compared
inner join {{ ref('int_endpoint_parameters') }} as parameters on compared.scenario = parameters.scenario
left join {{ ref('int_bilag_component') }} as bilag
    on
        compared.scenario = bilag.scenario
        and compared.usubjid = bilag.usubjid
        and compared.avisitn = bilag.avisitn
