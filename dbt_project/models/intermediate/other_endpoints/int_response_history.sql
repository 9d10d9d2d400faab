-- The course of SRI-4 of each subject over the analysis visits: first response, response kept to the week of the
-- endpoint, response lost. One row per subject; results as in adsri (sri4).
with visits as (
    select
        response.usubjid,
        response.avisitn,
        visits.assessment_date,
        response.sri4,
        visits.mature,
        visits.closed,
        response.avisitn >= parameters.sustained_from_week as in_last_weeks,
        response.avisitn = parameters.response_week as is_endpoint,
        -- Up to here and from here on.
        max(case when response.sri4 = 'Y' then 1 else 0 end) over (
            partition by response.usubjid
            order by response.avisitn
            rows between unbounded preceding and 1 preceding
        ) = 1 as responded_before,
        min(case when response.sri4 = 'Y' then 1 else 0 end) over (
            partition by response.usubjid
            order by response.avisitn
            rows between current row and unbounded following
        ) = 1 as kept_from_here
    from {{ ref('int_response') }} as response
    inner join {{ ref('int_subject_visits') }} as visits
        on
            response.scenario = visits.scenario
            and response.usubjid = visits.usubjid
            and response.avisitn = visits.avisitn
    cross join {{ ref('int_other_endpoint_parameters') }} as parameters
    where response.scenario = 'PRIMARY'
)

select
    usubjid,
    cast(count(*) filter (where sri4 = 'Y') as integer) as visits_with_response,
    cast(count(sri4) as integer) as visits_known,
    min(case when sri4 = 'Y' then avisitn end) as first_week,
    min(case when sri4 = 'Y' then assessment_date end) as first_date,
    max(case when sri4 = 'N' then assessment_date end) as last_known_without,
    min(case when kept_from_here then avisitn end) as kept_from_week,
    min(case when kept_from_here then assessment_date end) as kept_from_date,
    max(case when is_endpoint then assessment_date end) as endpoint_date,
    count(*) filter (where is_endpoint and mature) > 0 as endpoint_mature,
    count(*) filter (where is_endpoint and closed) > 0 as endpoint_closed,
    count(*) filter (where sri4 = 'N' and responded_before) > 0 as lost,
    case
        when count(*) filter (where in_last_weeks and sri4 = 'N') > 0 then 'N'
        when count(*) filter (where in_last_weeks and sri4 is null) = 0 then 'Y'
    end as sustained
from visits
group by usubjid
