-- adtte: times to events from the first infusion, one row per treated subject with a known day 0 and parameter. The
-- event or the censoring of each is derived in int_times_to_event.
select
    {{ studyid() }} as studyid,
    siteid,
    usubjid,
    paramcd,
    case paramcd
        when 'TTSRI4' then 'Time to first SRI-4 response (days)'
        when 'TTSRI4S' then 'Time to SRI-4 response kept to the endpoint (days)'
        when 'TTDISC' then 'Time to discontinuation of the study (days)'
    end as param,
    trtsdt as startdt,
    adt,
    {{ days_between('trtsdt', 'adt') }} as protday,
    {{ study_day(days_between('trtsdt', 'adt')) }} as ady,
    {{ days_between('trtsdt', 'adt') }} + 1 as aval,
    cast(cnsr as integer) as cnsr,
    evntdesc,
    {{ flag('endpoint_mature') }} as maturfl
from {{ ref('int_times_to_event') }}
order by usubjid, paramcd
