-- One row per history entry and medication that may exclude an infused subject with a known day 0, beside the days on
-- which it would: look-backs are counted from the first infusion, both ends included.
-- verdict says INSIDE or OUTSIDE where the dates settle it, UNDECIDED where they don't, and REPORTED where they would
-- but for a value that another rule has reported already.
with look_backs as (
    select
        cast({{ parameter('malignancy_lookback_years') }} as integer) as malignancy_years,
        cast({{ parameter('suicidal_behaviour_lookback_months') }} as integer) as behaviour_months,
        cast({{ parameter('suicidal_ideation_lookback_months') }} as integer) as ideation_months,
        cast({{ parameter('infection_hospital_lookback_days') }} as integer) as infection_days,
        cast({{ parameter('substance_abuse_lookback_days') }} as integer) as abuse_days,
        cast({{ parameter('anti_infective_lookback_days') }} as integer) as anti_infective_days
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

treated as (
    select
        usubjid,
        trtsdt
    from {{ ref('int_day0') }}
    where trtsdt is not null
),

-- A state lasts until it is said to have ended; an event without an end is over on the day it happens.
history as (
    select
        entries.row_id,
        entries.siteid,
        entries.usubjid,
        entries.record_key,
        'mh' as form,
        'mhstdtc' as date_column,
        case entries.mhcat
            when 'MALIGNANCY' then 'EXC01'
            when 'SUICIDAL BEHAVIOUR' then 'EXC02'
            when 'SUICIDAL IDEATION' then 'EXC02'
            when 'INFECTION' then 'EXC08'
            when 'SUBSTANCE ABUSE' then 'EXC10'
        end as criterion,
        case entries.mhcat
            when 'INFECTION'
                then
                    'infection ' || case when entries.mhhosp = 'Y' then 'with' else 'with or without' end
                    || ' hospitalisation'
            else lower(entries.mhcat)
        end as what,
        entries.mhstdtc_delivered as start_delivered,
        entries.mhendtc_delivered as end_delivered,
        entries.mhstdt_min as start_min,
        entries.mhstdt_max as start_max,
        entries.mhendt_min as end_min,
        entries.mhendt_max as end_max,
        entries.mhcat in ('MALIGNANCY', 'SUICIDAL IDEATION', 'SUBSTANCE ABUSE') as may_last,
        false as runs_on,
        entries.mhcat <> 'INFECTION' or entries.mhhosp is not null as counts_for_certain,
        entries.mhcat = 'INFECTION'
        and entries.mhhosp is null
        and entries.mhhosp_delivered is not null as is_unreadable,
        treated.trtsdt,
        case entries.mhcat
            when 'MALIGNANCY' then {{ months_after('treated.trtsdt', '-12 * look_backs.malignancy_years') }}
            when 'SUICIDAL BEHAVIOUR' then {{ months_after('treated.trtsdt', '-look_backs.behaviour_months') }}
            when 'SUICIDAL IDEATION' then {{ months_after('treated.trtsdt', '-look_backs.ideation_months') }}
            when 'INFECTION' then {{ days_after('treated.trtsdt', '-look_backs.infection_days') }}
            when 'SUBSTANCE ABUSE' then {{ days_after('treated.trtsdt', '-look_backs.abuse_days') }}
        end as first_dt,
        treated.trtsdt as last_dt
    from {{ ref('typed_mh') }} as entries
    inner join treated on entries.usubjid = treated.usubjid
    cross join look_backs
    where
        entries.quarantine_rule is null
        and entries.mhcat in (
            'MALIGNANCY', 'SUICIDAL BEHAVIOUR', 'SUICIDAL IDEATION', 'INFECTION', 'SUBSTANCE ABUSE'
        )
        and coalesce(entries.mhhosp <> 'N' or entries.mhcat <> 'INFECTION', true)
),

-- The delivered class counts; where there is none to read, the dictionary's stands in.
medications as (
    select
        *,
        cm_name in ('CYCLOPHOSPHAMIDE', 'RITUXIMAB') as is_named,
        coalesce(cm_class, cm_dictionary_class) as medication_class
    from {{ ref('typed_cm') }}
    where quarantine_rule is null
),

-- Parenteral is by vein, muscle or skin. Cyclophosphamide and rituximab exclude whenever they were given before the
-- first infusion; from then on they are prohibited (MED01), which needs no second finding.
excluding_medications as (
    select
        medications.row_id,
        medications.siteid,
        medications.usubjid,
        medications.record_key,
        'cm' as form,
        'cmstdtc' as date_column,
        case when medications.is_named then 'EXC06' else 'EXC09' end as criterion,
        case
            when medications.is_named then medications.cm_name
            else 'anti-infective ' || coalesce(medications.cmroute, 'by an unknown route')
        end as what,
        medications.cmstdtc_delivered as start_delivered,
        medications.cmendtc_delivered as end_delivered,
        medications.cmstdt_min as start_min,
        medications.cmstdt_max as start_max,
        medications.cmendt_min as end_min,
        medications.cmendt_max as end_max,
        -- What is given once ends on the day it starts; anything else runs on until it is said to have ended.
        coalesce(medications.cmdosfrq <> 'ONCE', true) as may_last,
        coalesce(medications.cmdosfrq <> 'ONCE', true) and medications.cmendtc_delivered is null as runs_on,
        medications.is_named or medications.cmroute is not null as counts_for_certain,
        (not medications.is_named and medications.cmroute is null and medications.cmroute_delivered is not null)
        -- A start that may lie on either side of the first infusion is a finding of MED01 and MED04 for these classes.
        or (
            medications.is_named
            and coalesce(medications.medication_class in ('CYTOTOXIC', 'BIOLOGIC', 'IMMUNOSUPPRESSANT'), false)
        ) as is_unreadable,
        treated.trtsdt,
        case
            when not medications.is_named
                then {{ days_after('treated.trtsdt', '-look_backs.anti_infective_days') }}
        end as first_dt,
        case
            when medications.is_named then {{ days_after('treated.trtsdt', '-1') }}
            else treated.trtsdt
        end as last_dt
    from medications
    inner join treated on medications.usubjid = treated.usubjid
    cross join look_backs
    where
        medications.is_named
        or (
            medications.medication_class = 'ANTI-INFECTIVE'
            and coalesce(medications.cmroute in ('IV', 'IM', 'SC'), true)
        )
),

entries as (
    select * from history
    union all
    select * from excluding_medications
),

-- An end before the start is a finding of its own, and no end; so the start alone says when it was.
readable as (
    select
        *,
        case when coalesce(end_max >= start_min, true) then end_min end as ended_min,
        case when coalesce(end_max >= start_min, true) then end_max end as ended_max,
        coalesce(end_max < start_min, false) as ends_first,
        is_unreadable
        or (start_delivered is not null and start_min is null)
        or (end_delivered is not null and end_min is null) as is_reported
    from entries
),

-- From the earliest and the latest day it can have begun and ended; unbounded where nothing is said.
periods as (
    select
        *,
        least(start_max, ended_max) as begun_by,
        case
            when ended_max is not null then greatest(ended_min, start_min)
            when runs_on then last_dt
            else start_min
        end as lasted_until,
        case
            when ended_max is not null then ended_max
            when may_last and not ends_first then last_dt
            when start_max is not null then start_max
            else last_dt
        end as lasted_until_at_most
    from readable
),

judged as (
    select
        *,
        coalesce(begun_by <= last_dt and (first_dt is null or lasted_until >= first_dt), false) as is_inside,
        coalesce(start_min <= last_dt, true)
        and (first_dt is null or coalesce(lasted_until_at_most >= first_dt, true)) as can_be_inside
    from periods
)

select
    row_id,
    siteid,
    usubjid,
    cast(null as varchar) as visit,
    record_key,
    form,
    date_column,
    criterion,
    what,
    start_delivered,
    end_delivered,
    concat_ws(
        ' ',
        coalesce('from ' || start_delivered, 'without a start'),
        coalesce('to ' || end_delivered, case when may_last then 'without an end' end)
    ) as when_delivered,
    trtsdt,
    first_dt,
    case
        when first_dt is null then 'before the first infusion on ' || trtsdt
        else 'between ' || first_dt || ' and the first infusion on ' || trtsdt
    end as window_in_words,
    case
        when is_inside and counts_for_certain then 'INSIDE'
        when not can_be_inside then 'OUTSIDE'
        when is_reported then 'REPORTED'
        else 'UNDECIDED'
    end as verdict
from judged
