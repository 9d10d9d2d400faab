-- One row per date that cannot be, and only those: after the delivery that holds it, or before the subject was born.
-- For VIS06. Every date of every form is looked at, in one pass over each form; a partial date is taken as the earliest
-- day it can be against the delivery and as the latest against birth, so that only what cannot be is found.
-- Results of one visit with one wrong date are one row, and so are all dates of a subject before its birth: the year of
-- birth may be what is wrong.
{% set dates = [
    ('dm', false, [('rficdtc', false), ('slediagdtc', true)]),
    ('acr', false, [('acrdtc', true)]),
    ('mh', false, [('mhstdtc', true), ('mhendtc', true)]),
    ('sv', true, [('svdtc', false)]),
    ('vs', true, [('vsdtc', false)]),
    ('ex', true, [('exstdtc', false), ('exendtc', false)]),
    ('sledai', true, [('sledtc', false)]),
    ('bilag', true, [('bildtc', false)]),
    ('pga', true, [('pgadtc', false)]),
    ('lb', true, [('lbdtc', false)]),
    ('cm', false, [('cmstdtc', true), ('cmendtc', true)]),
    ('ae', false, [('aestdtc', true), ('aeendtc', true)]),
    ('ds', false, [('dsdtc', false)]),
] %}

with

{%- for form, has_visit, columns in dates %}

    -- What each subject's dates of this form must lie between.
    bounds_{{ form }} as (
        select
            subjects.usubjid,
            subjects.brthyr,
            in_force.delivered
        from {{ ref('stg_dm') }} as subjects
        left join {{ source('raw', 'in_force') }} as in_force
            on subjects.siteid = in_force.siteid and in_force.form = '{{ form }}'
    ),
{%- endfor %}

impossible as (
    {%- for form, has_visit, columns in dates %}
        {%- set last_form = loop.last %}
        {%- for column, is_partial in columns %}
            {%- set day = column[:-1] %}
            {%- set earliest = 'records.' ~ day ~ ('_min' if is_partial else '') %}
            {%- set latest = 'records.' ~ day ~ ('_max' if is_partial else '') %}
            select
                records.row_id,
                records.siteid,
                records.usubjid,
                {% if has_visit %}coalesce(records.visit, records.visit_delivered){% else %}cast(null as varchar){% endif %}
                    as visit,
                records.record_key,
                '{{ form }}' as form,
                '{{ column }}' as date_column,
                records.{{ column }}_delivered as date_delivered,
                {{ earliest }} as earliest_dt,
                bounds.delivered as delivery_dt,
                cast(extract(year from {{ latest }}) as integer) as latest_year,
                bounds.brthyr,
                coalesce({{ earliest }} > bounds.delivered, false) as is_after_delivery
            from {{ ref('typed_' ~ form) }} as records
            inner join bounds_{{ form }} as bounds on records.usubjid = bounds.usubjid
            where
                records.quarantine_rule is null
                and ({{ earliest }} > bounds.delivered or extract(year from {{ latest }}) < bounds.brthyr)
            {%- if not (last_form and loop.last) %}
                union all
            {%- endif %}
        {%- endfor %}
    {%- endfor %}
),

-- What is one finding: a date of a visit's results, a date of another record, or all that lies before birth.
grouped as (
    select
        *,
        case
            when not is_after_delivery then ''
            when form in ('vs', 'lb') then concat_ws(' | ', form, visit, date_delivered)
            else concat_ws(' | ', form, record_key, date_column)
        end as finding
    from impossible
),

counted as (
    select
        *,
        cast(count(*) over (partition by usubjid, is_after_delivery, finding) as integer) as dates_so,
        row_number() over (
            partition by usubjid, is_after_delivery, finding
            order by
                case when date_column = 'rficdtc' then 1 else 2 end asc,
                form asc,
                record_key asc,
                date_column asc
        ) as place
    from grouped
),

told as (
    select * from counted where place = 1
)

select
    told.row_id,
    told.siteid,
    told.usubjid,
    told.visit,
    told.record_key,
    told.form,
    told.date_column,
    labels.label as date_label,
    told.date_delivered,
    told.earliest_dt,
    told.delivery_dt,
    told.latest_year,
    -- A date after the delivery is told as that alone.
    case when not told.is_after_delivery then told.brthyr end as birth_year,
    told.dates_so
from told
inner join {{ ref('form_columns') }} as labels on told.form = labels.form and told.date_column = labels.column_name
