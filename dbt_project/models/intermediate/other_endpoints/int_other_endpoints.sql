-- BICLA, LLDAS and DORIS remission at every analysis visit: observed, and with the trial's rules for events and missing
-- visits, which are those of SRI-4 (macros/response.sql). Results are Y, N, or NULL for not known (yet).
-- SQL's own AND is the three-valued one: a known failure is a failure whatever is missing.
with composites as (
    select
        states.*,
        events.iceterm as counting_event,
        -- Without an A or B at baseline nothing can improve: no response, as with a SLEDAI-2K below 4 in SRI-4.
        states.baseline_active
        and states.baseline_improved
        -- An A now either was one, and has not improved, or is new: known to fail, whatever is missing at baseline.
        and states.no_a_now
        and states.no_worse_bilag
        and states.no_worse_sledai
        and states.no_worse_pga as bicla_met,
        states.low_sledai
        and states.no_major_organ
        and states.no_new_feature
        and states.low_pga
        and states.low_steroid as lldas_met,
        states.no_clinical_activity and states.minimal_pga and states.minimal_steroid as doris_met
    from {{ ref('int_activity_states') }} as states
    left join {{ ref('int_visit_events') }} as events
        on
            events.scenario = 'PRIMARY'
            and states.usubjid = events.usubjid
            and states.avisitn = events.avisitn
)

select
    *,
    {{ yes_no('bicla_met') }} as biclaoc,
    {{ primary_result('bicla_met') }} as bicla,
    {{ yes_no('lldas_met') }} as lldasoc,
    {{ primary_result('lldas_met') }} as lldas,
    {{ yes_no('doris_met') }} as dorisoc,
    {{ primary_result('doris_met') }} as doris
from composites
