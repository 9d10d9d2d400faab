-- The frame of the endpoint: every subject and analysis visit, with the records chosen for it, its assessment date, and
-- whether it is mature and closed. "Not assessed" and "not due yet" are told apart here.
with chosen_records as (
    select
        scenario,
        usubjid,
        avisitn,
        max(case when component = 'SLEDAI' then row_id end) as srcsled,
        max(case when component = 'BILAG' then row_id end) as srcbil,
        max(case when component = 'PGA' then row_id end) as srcpga,
        max(adt) as adt
    from {{ ref('int_visit_windows') }}
    where chosen
    group by scenario, usubjid, avisitn
),

scheduled as (
    select
        subjects.scenario,
        subjects.siteid,
        subjects.usubjid,
        subjects.trtsdt,
        subjects.has_eos,
        visits.avisit,
        visits.avisitn,
        {{ days_after('subjects.trtsdt', 'visits.target_day') }} as target_date,
        -- Sites enter data late, so a window is not over before the entry lag is; without a site cut nothing is known.
        coalesce(
            {{ days_after('subjects.trtsdt', 'visits.window_last_day + parameters.entry_lag_days') }}
            < subjects.sitecutdt,
            false
        ) as mature
    from {{ ref('int_endpoint_subjects') }} as subjects
    inner join {{ ref('int_endpoint_parameters') }} as parameters on subjects.scenario = parameters.scenario
    inner join {{ ref('analysis_visits') }} as visits on subjects.scenario = visits.scenario
)

select
    scheduled.scenario,
    scheduled.siteid,
    scheduled.usubjid,
    scheduled.avisit,
    scheduled.avisitn,
    chosen_records.srcsled,
    chosen_records.srcbil,
    chosen_records.srcpga,
    chosen_records.adt,
    {{ days_between('scheduled.trtsdt', 'chosen_records.adt') }} as protday,
    coalesce(chosen_records.adt, scheduled.target_date) as assessment_date,
    scheduled.mature,
    scheduled.mature or scheduled.has_eos as closed
from scheduled
left join chosen_records
    on
        scheduled.scenario = chosen_records.scenario
        and scheduled.usubjid = chosen_records.usubjid
        and scheduled.avisitn = chosen_records.avisitn
