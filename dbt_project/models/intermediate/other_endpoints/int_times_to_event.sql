-- Times from the first infusion to the first SRI-4 response, to the response that is kept to the week of the endpoint,
-- and to the end of the study before its time: the event, or where and why the subject is no longer followed (yet).
-- `cnsr` 0 is an event, 1 a subject still followed, 2 one who came to the end without it, 3 one whom something stopped.
with followed as (
    select
        subjects.siteid,
        subjects.usubjid,
        subjects.trtsdt,
        subjects.has_eos,
        subjects.eosdt,
        subjects.sitecutdt,
        coalesce(disposition.eosdecod <> 'COMPLETED', subjects.has_eos) as left_study,
        coalesce(disposition.eosdecod, 'UNREADABLE REASON') as reason_of_end,
        events.icedt,
        events.iceterm,
        history.first_date,
        history.last_known_without,
        history.kept_from_date,
        history.endpoint_closed,
        history.endpoint_mature,
        least(history.endpoint_date, coalesce(subjects.eosdt, history.endpoint_date)) as endpoint_date
    from {{ ref('int_endpoint_subjects') }} as subjects
    inner join {{ ref('int_disposition') }} as disposition on subjects.usubjid = disposition.usubjid
    inner join {{ ref('int_response_history') }} as history on subjects.usubjid = history.usubjid
    left join {{ ref('int_first_event') }} as events
        on subjects.scenario = events.scenario and subjects.usubjid = events.usubjid
    where subjects.scenario = 'PRIMARY'
),

-- An intercurrent event makes a non-responder from its day on, so nobody is waited for after it; whoever had come to
-- the end before it stays there.
subjects as (
    select
        *,
        icedt is not null and (not endpoint_closed or icedt <= endpoint_date) as stopped
    from followed
),

responses as (
    select
        'TTSRI4' as paramcd,
        usubjid,
        first_date as event_date
    from subjects
    union all
    select
        'TTSRI4S' as paramcd,
        usubjid,
        kept_from_date as event_date
    from subjects
),

-- Who is still followed is censored at the last visit known to be no response: at a later one it may come out yet.
times_to_response as (
    select
        responses.paramcd,
        subjects.siteid,
        subjects.usubjid,
        subjects.trtsdt,
        subjects.endpoint_mature,
        case
            when responses.event_date is not null then responses.event_date
            when subjects.stopped then greatest(subjects.icedt, subjects.trtsdt)
            when subjects.endpoint_closed then subjects.endpoint_date
            else coalesce(subjects.last_known_without, subjects.trtsdt)
        end as adt,
        case
            when responses.event_date is not null then 0
            when subjects.stopped then 3
            when subjects.endpoint_closed then 2
            else 1
        end as cnsr,
        case
            when responses.event_date is not null and responses.paramcd = 'TTSRI4' then 'FIRST SRI-4 RESPONSE'
            when responses.event_date is not null then 'SRI-4 RESPONSE KEPT TO THE ENDPOINT'
            when subjects.stopped then 'CENSORED: ' || subjects.iceterm
            when subjects.endpoint_closed then 'CENSORED: END OF TREATMENT PERIOD WITHOUT IT'
            else 'CENSORED: STILL FOLLOWED, LAST VISIT KNOWN AS NO RESPONSE'
        end as evntdesc
    from responses
    inner join subjects on responses.usubjid = subjects.usubjid
),

times_to_discontinuation as (
    select
        'TTDISC' as paramcd,
        subjects.siteid,
        subjects.usubjid,
        subjects.trtsdt,
        subjects.endpoint_mature,
        case
            when subjects.has_eos then greatest(subjects.eosdt, subjects.trtsdt)
            else greatest(coalesce(subjects.sitecutdt, seen.last_dated_dt, subjects.trtsdt), subjects.trtsdt)
        end as adt,
        case when subjects.left_study then 0 when subjects.has_eos then 2 else 1 end as cnsr,
        case
            when subjects.left_study then 'END OF STUDY: ' || subjects.reason_of_end
            when subjects.has_eos then 'CENSORED: STUDY COMPLETED'
            else 'CENSORED: STILL FOLLOWED, SITE CUT'
        end as evntdesc
    from subjects
    left join {{ ref('int_last_dated_record') }} as seen on subjects.usubjid = seen.usubjid
)

select * from times_to_response
union all
select * from times_to_discontinuation
