-- sensum: SRI-4 at the endpoint's visit under every scenario and estimator, and how far each lies from the primary
-- analysis: what the result hangs on, in one table. Rates over mature visits only, as in srisum.
with estimators as (
    select
        scenarios.scenario,
        scenarios.position,
        scenarios.title,
        estimators.estimator
    from {{ ref('scenarios') }} as scenarios
    cross join (values ('NRI'), ('OC'), ('LOCF')) as estimators (estimator)
    where scenarios.scenario = 'PRIMARY' or estimators.estimator <> 'LOCF'
),

-- Every scenario has its rows, also while no subject has been treated.
counted as (
    select
        estimators.scenario,
        estimators.position,
        estimators.title,
        estimators.estimator,
        cast(count(results.result) as integer) as n,
        cast(count(*) filter (where results.result = 'Y') as integer) as nresp,
        cast(count(*) filter (where not results.mature) as integer) as nimmature,
        cast(count(*) filter (where results.result is not null and results.primary_result is not null) as integer)
            as ncommon,
        cast(count(*) filter (where results.primary_result = 'N' and results.result = 'Y') as integer) as ngained,
        cast(count(*) filter (where results.primary_result = 'Y' and results.result = 'N') as integer) as nlost
    from estimators
    left join {{ ref('int_sensitivity') }} as results
        on estimators.scenario = results.scenario and estimators.estimator = results.estimator
    group by estimators.scenario, estimators.position, estimators.title, estimators.estimator
),

rates as (
    select
        *,
        cast({{ divide_half_away('nresp', 'n', 6) }} as decimal(9, 6)) as rate
    from counted
)

select
    {{ studyid() }} as studyid,
    rates.scenario,
    rates.position as scenarn,
    rates.title as scendesc,
    rates.estimator,
    rates.n,
    rates.nresp,
    rates.rate,
    {{ wilson_limit('rates.nresp', 'rates.n', 'parameters.confidence_z', '-') }} as cilow,
    {{ wilson_limit('rates.nresp', 'rates.n', 'parameters.confidence_z', '+') }} as cihigh,
    rates.nimmature,
    rates.ncommon,
    rates.ngained,
    rates.nlost,
    -- Over the same subjects: a scenario with another window, or observed cases, counts others as well.
    cast({{ divide_half_away('rates.ngained - rates.nlost', 'rates.ncommon', 6) }} as decimal(9, 6)) as ratediff
from rates
inner join {{ ref('int_endpoint_parameters') }} as parameters on rates.scenario = parameters.scenario
order by scenarn, estimator
