-- adresp: the course of each subject's response, one row per treated subject with a known day 0: first response, kept
-- response, how long it lasted, and steroid sparing at the end of the trial. Steps: int_response_history,
-- int_steroid_sparing.
with endpoint as (
    select
        usubjid,
        maturfl,
        closedfl,
        icefl
    from {{ ref('int_response') }}
    where
        scenario = 'PRIMARY'
        and avisitn = (select response_week from {{ ref('int_other_endpoint_parameters') }})
)

select
    {{ studyid() }} as studyid,
    subjects.siteid,
    subjects.usubjid,
    history.visits_with_response as nresp,
    history.visits_known as nknown,
    cast({{ divide_half_away('100 * history.visits_with_response', 'history.visits_known', 2) }} as decimal(18, 2))
        as resppct,
    history.first_week as frespwk,
    history.first_date as frespdt,
    history.kept_from_week as krespwk,
    history.kept_from_date as krespdt,
    case
        when history.kept_from_date is not null
            then {{ days_between('history.kept_from_date', 'history.endpoint_date') }} + 1
    end as krespdur,
    {{ flag('history.lost') }} as lostfl,
    history.sustained as sustfl,
    cast(baseline.blsteroid as decimal(28, 4)) as blsteroid,
    {{ flag('sparing.above_at_baseline') }} as spareel,
    cast({{ divide_half_away('sparing.dose_14_days', '14', 4) }} as decimal(18, 4)) as maxpred,
    case
        when not sparing.above_at_baseline then null
        when endpoint.icefl = 'Y' then 'N'
        when sparing.spared then 'Y'
        when not sparing.spared then 'N'
        when endpoint.closedfl = 'Y' then 'N'
    end as sparefl,
    endpoint.maturfl,
    endpoint.closedfl
from {{ ref('int_response_history') }} as history
inner join {{ ref('int_endpoint_subjects') }} as subjects
    on subjects.scenario = 'PRIMARY' and history.usubjid = subjects.usubjid
inner join endpoint on history.usubjid = endpoint.usubjid
inner join {{ ref('int_steroid_sparing') }} as sparing on history.usubjid = sparing.usubjid
inner join {{ ref('int_steroid_baseline') }} as baseline
    on baseline.scenario = 'PRIMARY' and history.usubjid = baseline.usubjid
order by usubjid
