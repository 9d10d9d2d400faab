-- SRI-4 response rates over mature visits only, with 95 % Wilson intervals: one row per analysis visit and estimator.
-- While the trial runs, failures become known before successes, so a rate over whoever is known would be too low.
with results as (
    select
        response.avisitn,
        response.avisit,
        response.maturfl,
        estimators.estimator,
        case estimators.estimator
            when 'NRI' then response.sri4
            when 'OC' then response.sri4oc
            when 'LOCF' then response.sri4locf
        end as result
    from {{ ref('int_response') }} as response
    cross join (values ('NRI'), ('OC'), ('LOCF')) as estimators (estimator)
    where response.scenario = 'PRIMARY'
),

-- Every analysis visit has its rows, also while no subject has been treated.
visits as (
    select
        visits.avisit,
        visits.avisitn,
        estimators.estimator
    from {{ ref('analysis_visits') }} as visits
    cross join (values ('NRI'), ('OC'), ('LOCF')) as estimators (estimator)
    where visits.scenario = 'PRIMARY'
),

counted as (
    select
        visits.avisit,
        visits.avisitn,
        visits.estimator,
        cast(count(*) filter (where results.maturfl = 'Y' and results.result is not null) as integer) as n,
        cast(count(*) filter (where results.maturfl = 'Y' and results.result = 'Y') as integer) as nresp,
        cast(count(*) filter (where results.maturfl = 'N') as integer) as nimmature
    from visits
    left join results on visits.avisitn = results.avisitn and visits.estimator = results.estimator
    group by visits.avisit, visits.avisitn, visits.estimator
)

select
    {{ studyid() }} as studyid,
    counted.avisit,
    counted.avisitn,
    counted.estimator,
    counted.n,
    counted.nresp,
    cast({{ divide_half_away('counted.nresp', 'counted.n', 6) }} as decimal(9, 6)) as rate,
    {{ wilson_limit('counted.nresp', 'counted.n', 'parameters.confidence_z', '-') }} as cilow,
    {{ wilson_limit('counted.nresp', 'counted.n', 'parameters.confidence_z', '+') }} as cihigh,
    counted.nimmature
from counted
cross join {{ ref('int_endpoint_parameters') }} as parameters
where parameters.scenario = 'PRIMARY'
order by avisitn, estimator
