-- One row per subject and end (of study, of treatment), and one per adverse event that was fatal or led to withdrawal:
-- what the forms ds and ae say of each other. For DSP01, DSP03 and DSP04.
-- What nobody can read of an end or an outcome another rule reports: it may be the very thing that seems missing.
with ends as (
    select
        row_id,
        siteid,
        usubjid,
        subjid,
        dscat,
        dsdecod,
        dsdecod_delivered,
        dsdt,
        record_key,
        quarantine_rule,
        coalesce(dsdecod, dsdecod_delivered, '(blank)') || coalesce(
            ' on ' || coalesce(cast(dsdt as varchar), dsdtc_delivered), ' without a date'
        ) as in_words
    from {{ ref('typed_ds') }}
),

ends_of_subjects as (
    select
        usubjid,
        count(*) filter (where dscat = 'STUDY' and dsdecod = 'DEATH' and quarantine_rule is null) > 0 as ended_by_death,
        count(*) filter (where dscat = 'TREATMENT' and dsdecod = 'DEATH' and quarantine_rule is null) > 0
            as treatment_ended_by_death,
        count(*) filter (
            where coalesce(dscat <> 'TREATMENT', true)
            and coalesce(dsdecod = 'DEATH', true)
            and (dscat is null or dsdecod is null or quarantine_rule is not null)
        ) > 0 as may_have_ended_by_death,
        string_agg(distinct cast(dsdt as varchar), ' and ') filter (
            where dscat = 'STUDY' and dsdecod = 'DEATH' and quarantine_rule is null
        ) as death_days
    from ends
    group by usubjid
),

death_days as (
    select
        usubjid,
        dsdt
    from ends
    where dscat = 'STUDY' and dsdecod = 'DEATH' and quarantine_rule is null and dsdt is not null
),

events as (
    select
        row_id,
        siteid,
        usubjid,
        record_key,
        coalesce(aeout = 'FATAL', false) as is_fatal,
        coalesce(aeacn = 'WITHDRAWN', false) as led_to_withdrawal,
        aeout_delivered,
        aeacn_delivered,
        aeendtc_delivered,
        aeendt_min,
        aeendt_max,
        aeout is null and aeout_delivered is not null as has_unreadable_outcome,
        quarantine_rule
    from {{ ref('typed_ae') }}
),

events_of_subjects as (
    select
        usubjid,
        bool_or(is_fatal or has_unreadable_outcome or quarantine_rule is not null) as may_have_died
    from events
    group by usubjid
),

ae_sites as (
    select distinct siteid from events
),

-- Of a fatal event the end is the death. Where it is not recorded, there is no day to compare.
events_on_a_death_day as (
    select distinct events.row_id
    from events
    inner join death_days
        on
            events.usubjid = death_days.usubjid
            and death_days.dsdt between events.aeendt_min and events.aeendt_max
    where events.is_fatal
),

event_rows as (
    select
        events.row_id,
        events.siteid,
        events.usubjid,
        events.record_key,
        'ae' as form,
        cast(null as varchar) as dscat,
        cast(null as integer) as ends,
        cast(null as varchar) as ends_in_words,
        events.is_fatal as tells_of_death,
        events.aeout_delivered as death_delivered,
        case
            -- A treatment that ended by death already says that the end of study is missing.
            when
                events.is_fatal
                and not coalesce(
                    ends.ended_by_death or ends.treatment_ended_by_death or ends.may_have_ended_by_death, false
                )
                then
                    'the adverse event (record ' || events.record_key || ') is FATAL, but no end of study by DEATH is '
                    || 'recorded'
            when
                events.is_fatal
                and events.aeendt_min is not null
                and ends.death_days is not null
                and events_on_a_death_day.row_id is null
                then
                    'the FATAL adverse event (record ' || events.record_key || ') ends on '
                    || events.aeendtc_delivered || ', but the study ended by DEATH on ' || ends.death_days
        end as death_problem,
        events.led_to_withdrawal,
        events.aeacn_delivered,
        ends.usubjid is not null as has_disposition
    from events
    left join ends_of_subjects as ends on events.usubjid = ends.usubjid
    left join events_on_a_death_day on events.row_id = events_on_a_death_day.row_id
    where events.quarantine_rule is null and (events.is_fatal or events.led_to_withdrawal)
),

-- Rows that differ under one key are a finding of their own (VAL07); here an end is a key. Of several, the row to look
-- at is the last one.
usable_ends as (
    select
        siteid,
        usubjid,
        dscat,
        max_by(row_id, (coalesce(dsdt, date '1900-01-01'), row_id)) as row_id,
        any_value(subjid) as subjid,
        cast(count(distinct record_key) as integer) as ends,
        string_agg(in_words, ', ' order by dsdt asc nulls last, in_words asc) as ends_in_words,
        coalesce(bool_or(dsdecod = 'DEATH'), false) as tells_of_death,
        string_agg(in_words, ', ' order by in_words asc) filter (where dsdecod = 'DEATH') as death_in_words,
        max(dsdecod_delivered) filter (where dsdecod = 'DEATH') as death_delivered
    from ends
    where quarantine_rule is null and dscat is not null
    group by siteid, usubjid, dscat
),

end_rows as (
    select
        usable_ends.row_id,
        usable_ends.siteid,
        usable_ends.usubjid,
        usable_ends.subjid || ' | ' || usable_ends.dscat as record_key,
        'ds' as form,
        usable_ends.dscat,
        usable_ends.ends,
        usable_ends.ends_in_words,
        usable_ends.tells_of_death,
        usable_ends.death_delivered,
        case
            when
                usable_ends.tells_of_death
                and usable_ends.dscat = 'STUDY'
                and ae_sites.siteid is not null
                and not coalesce(events_of_subjects.may_have_died, false)
                then 'the study ended by ' || usable_ends.death_in_words || ', but no adverse event is FATAL'
            when
                usable_ends.tells_of_death
                and usable_ends.dscat = 'TREATMENT'
                and not ends_of_subjects.ended_by_death
                and not ends_of_subjects.may_have_ended_by_death
                then
                    'the treatment ended by ' || usable_ends.death_in_words
                    || ', but no end of study by DEATH is recorded'
        end as death_problem,
        false as led_to_withdrawal,
        cast(null as varchar) as aeacn_delivered,
        true as has_disposition
    from usable_ends
    inner join ends_of_subjects on usable_ends.usubjid = ends_of_subjects.usubjid
    left join events_of_subjects on usable_ends.usubjid = events_of_subjects.usubjid
    left join ae_sites on usable_ends.siteid = ae_sites.siteid
),

rows_of_both_forms as (
    select * from end_rows
    union all
    select * from event_rows
)

select
    rows_of_both_forms.row_id,
    rows_of_both_forms.siteid,
    rows_of_both_forms.usubjid,
    cast(null as varchar) as visit,
    rows_of_both_forms.record_key,
    rows_of_both_forms.form,
    lower(rows_of_both_forms.dscat) as what_ended,
    rows_of_both_forms.ends,
    rows_of_both_forms.ends_in_words,
    rows_of_both_forms.tells_of_death,
    rows_of_both_forms.death_delivered,
    rows_of_both_forms.death_problem,
    rows_of_both_forms.led_to_withdrawal,
    rows_of_both_forms.aeacn_delivered,
    rows_of_both_forms.has_disposition
from rows_of_both_forms
