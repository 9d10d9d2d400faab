-- One row per visit with assessments that are dated too far from it, and only those: what is off, and by how much. For
-- VIS05. Where one kind of assessment is off, the row is its record; where several are, it is the visit's own, as the
-- one wrong date may be there. Unscheduled visits are left out: their label does not tell which of them is meant.
-- So are dates that cannot be: they are another finding (VIS06).
{% set assessments = [
    ('vs', 'vital signs', 'vsdt'),
    ('sledai', 'SLEDAI-2K', 'sledt'),
    ('bilag', 'BILAG-2004', 'bildt'),
    ('pga', 'PGA', 'pgadt'),
    ('lb', 'laboratory samples', 'lbdt'),
] %}

with limits as (
    select cast(max(value) filter (where parameter = 'visit_date_difference_days') as integer) as most_days
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

dated_visits as (
    select
        delivered.row_id,
        delivered.siteid,
        delivered.usubjid,
        delivered.visit,
        delivered.record_key,
        delivered.svdt,
        {{ days_after('delivered.svdt', '-limits.most_days') }} as first_dt,
        {{ days_after('delivered.svdt', 'limits.most_days') }} as last_dt,
        subjects.brthyr
    from {{ ref('typed_sv') }} as delivered
    cross join limits
    inner join {{ ref('stg_dm') }} as subjects on delivered.usubjid = subjects.usubjid
    left join {{ source('raw', 'in_force') }} as in_force
        on delivered.siteid = in_force.siteid and in_force.form = 'sv'
    where
        delivered.quarantine_rule is null
        and delivered.visit <> 'UNS'
        and coalesce(delivered.svoccur, 'Y') = 'Y'
        and delivered.svdt is not null
        and coalesce(delivered.svdt <= in_force.delivered, true)
        and coalesce(extract(year from delivered.svdt) >= subjects.brthyr, true)
),

-- Few rows, whatever the size of the form.
records_off as (
    {%- for form, kind, day in assessments %}
        select
            records.usubjid,
            records.visit,
            {{ loop.index }} as position,
            '{{ form }}' as form,
            '{{ kind }}' as kind,
            '{{ day }}c' as date_column,
            records.row_id,
            records.record_key,
            records.{{ day }} as assessed_dt,
            abs({{ days_between('visits.svdt', 'records.' ~ day) }}) as days_off
        from {{ ref('typed_' ~ form) }} as records
        inner join dated_visits as visits on records.usubjid = visits.usubjid and records.visit = visits.visit
        left join {{ source('raw', 'in_force') }} as in_force
            on records.siteid = in_force.siteid and in_force.form = '{{ form }}'
        where
            records.quarantine_rule is null
            and (records.{{ day }} < visits.first_dt or records.{{ day }} > visits.last_dt)
            and coalesce(records.{{ day }} <= in_force.delivered, true)
            and coalesce(extract(year from records.{{ day }}) >= visits.brthyr, true)
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

ranked as (
    select
        *,
        row_number() over (partition by usubjid, visit, form order by days_off desc, record_key asc) as place
    from records_off
),

-- Of several records of a form the one furthest off stands for them.
furthest as (
    select
        *,
        count(*) over (partition by usubjid, visit) as kinds_off
    from ranked
    where place = 1
),

told as (
    select
        usubjid,
        visit,
        max(kinds_off) as kinds_off,
        min(row_id) as row_id,
        min(record_key) as record_key,
        min(form) as form,
        min(date_column) as date_column,
        max(days_off) as days_off,
        string_agg(kind || ' ' || cast(assessed_dt as varchar), ', ' order by position) as assessments_off
    from furthest
    group by usubjid, visit
)

select
    case when told.kinds_off = 1 then told.row_id else visits.row_id end as row_id,
    visits.siteid,
    visits.usubjid,
    visits.visit,
    case when told.kinds_off = 1 then told.record_key else visits.record_key end as record_key,
    case when told.kinds_off = 1 then told.form else 'sv' end as form,
    case when told.kinds_off = 1 then told.date_column else 'svdtc' end as date_column,
    visits.svdt,
    told.assessments_off,
    told.days_off
from told
inner join dated_visits as visits on told.usubjid = visits.usubjid and told.visit = visits.visit
