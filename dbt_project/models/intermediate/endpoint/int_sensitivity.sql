-- What every scenario says of every subject at the visit of the endpoint, one row per scenario, estimator and subject,
-- beside what the primary analysis says. LOCF looks at earlier visits, which only PRIMARY has.
with results as (
    select
        response.scenario,
        parameters.position,
        estimators.estimator,
        response.usubjid,
        response.maturfl = 'Y' as mature,
        case estimators.estimator
            when 'NRI' then response.sri4
            when 'OC' then response.sri4oc
            when 'LOCF' then response.sri4locf
        end as result
    from {{ ref('int_response') }} as response
    inner join {{ ref('int_endpoint_parameters') }} as parameters
        on response.scenario = parameters.scenario and response.avisitn = parameters.response_week
    cross join (values ('NRI'), ('OC'), ('LOCF')) as estimators (estimator)
    where response.scenario = 'PRIMARY' or estimators.estimator <> 'LOCF'
)

select
    results.scenario,
    results.position,
    results.estimator,
    results.usubjid,
    -- A result that may still change is none: rates over what is known already would be too low.
    case when results.mature then results.result end as result,
    results.mature,
    case when primary_results.mature then primary_results.result end as primary_result
from results
inner join results as primary_results
    on
        results.usubjid = primary_results.usubjid
        and primary_results.scenario = 'PRIMARY'
        and primary_results.estimator = 'NRI'
