-- One row per component of the response and subject whose visit of the endpoint (week 48) is closed and was due: the
-- record that the visit uses, if there is one. For EFF09.
-- Not due: who left the study before its target day, unless something of it was assessed or the study is said to be
-- completed. The row is the component's, else another component's of that visit, else the visit's own, else the
-- subject's; the key is the subject.
with endpoint as (
    select cast(max(value) as integer) as week
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY' and parameter = 'response_week'
),

closed_visits as (
    select
        visits.siteid,
        visits.usubjid,
        labels.visit,
        visits.srcsled,
        visits.srcbil,
        visits.srcpga,
        {{ days_after('subjects.trtsdt', 'windows.window_first_day') }} as window_first_dt,
        {{ days_after('subjects.trtsdt', 'windows.window_last_day') }} as window_last_dt,
        {{ days_after('subjects.trtsdt', 'windows.target_day') }} as target_dt
    from {{ ref('int_subject_visits') }} as visits
    inner join endpoint on visits.avisitn = endpoint.week
    inner join {{ ref('analysis_visits') }} as windows
        on visits.scenario = windows.scenario and visits.avisitn = windows.avisitn
    inner join {{ ref('planned_visits') }} as labels on visits.avisitn = labels.visitnum
    inner join {{ ref('int_endpoint_subjects') }} as subjects
        on visits.scenario = subjects.scenario and visits.usubjid = subjects.usubjid
    where visits.scenario = 'PRIMARY' and visits.closed
),

due_visits as (
    select
        closed_visits.*,
        subjects.subjid,
        coalesce(visits.row_id, subjects.row_id) as visit_row_id
    from closed_visits
    inner join {{ ref('stg_dm') }} as subjects on closed_visits.usubjid = subjects.usubjid
    left join {{ ref('int_visits') }} as visits
        on closed_visits.usubjid = visits.usubjid and closed_visits.visit = visits.visit
    inner join {{ ref('int_disposition') }} as disposition on closed_visits.usubjid = disposition.usubjid
    where
        coalesce(closed_visits.srcsled, closed_visits.srcbil, closed_visits.srcpga) is not null
        or not disposition.has_eos
        or coalesce(disposition.eosdecod = 'COMPLETED', false)
        or coalesce(disposition.eosdt >= closed_visits.target_dt, true)
),

components as (
    {%- for form, name, source in [
        ('sledai', 'SLEDAI-2K', 'srcsled'), ('bilag', 'BILAG-2004', 'srcbil'), ('pga', 'PGA', 'srcpga')
    ] %}
        select
            *,
            '{{ form }}' as form,
            '{{ name }}' as component_name,
            {{ source }} as component_row_id
        from due_visits
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

-- Records under the visit's label that take no part, because of what other rules tell: quarantined, or with a date that
-- can't be read to the day.
told_elsewhere as (
    {%- for form, date_column in [('sledai', 'sledtc'), ('bilag', 'bildtc'), ('pga', 'pgadtc')] %}
        select
            usubjid,
            visit,
            '{{ form }}' as form
        from {{ ref('typed_' ~ form) }}
        where
            quarantine_rule is not null
            or ({{ date_column[:-1] }} is null and {{ date_column }}_delivered is not null)
        {%- if not loop.last %}
            union
        {%- endif %}
    {%- endfor %}
)

select
    coalesce(
        components.component_row_id, components.srcsled, components.srcbil, components.srcpga, components.visit_row_id
    ) as row_id,
    components.siteid,
    components.usubjid,
    components.visit,
    components.subjid as record_key,
    components.form,
    components.component_name,
    components.window_first_dt,
    components.window_last_dt,
    records.adt as record_dt,
    -- A SLEDAI-2K item or BILAG-2004 grade left blank is another finding (EFF03, EFF04); a PGA left blank is none.
    coalesce(assessments.pgares_delivered is null or assessments.pgascale_delivered is null, false)
    and components.form = 'pga' and components.component_row_id is not null as is_blank,
    told_elsewhere.usubjid is not null as is_told_elsewhere
from components
left join {{ ref('int_activity_records') }} as records on components.component_row_id = records.row_id
left join {{ ref('typed_pga') }} as assessments on components.component_row_id = assessments.row_id
left join told_elsewhere
    on
        components.usubjid = told_elsewhere.usubjid
        and components.visit = told_elsewhere.visit
        and components.form = told_elsewhere.form
