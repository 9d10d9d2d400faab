-- One row per subject that dm or an analysis table knows: how many rows it has in each analysis table, beside how many
-- it must have. For INV06 and INV11. Read back from the published tables, not from what they were made of.
{% set tables = ['adsl', 'adsv', 'adex', 'adexsum', 'adsri'] %}

with

{%- for table in tables %}

    {{ table }}_rows as (
        select
            usubjid,
            any_value(siteid) as siteid,
            cast(count(*) as integer) as rows_found
        from {{ ref(table) }}
        group by usubjid
    ),
{%- endfor %}

subjects as (
    select
        usubjid,
        siteid
    from {{ ref('int_day0') }}
    {%- for table in tables %}
        union
        select
            usubjid,
            siteid
        from {{ table }}_rows
    {%- endfor %}
),

planned as (
    select
        cast(count(*) filter (where tie_rank = 1) as integer) as visits,
        cast(count(plannum) as integer) as infusions
    from {{ ref('planned_visits') }}
),

response_visits as (
    select cast(count(*) as integer) as visits
    from {{ ref('analysis_visits') }}
    where scenario = 'PRIMARY'
)

select
    subjects.siteid,
    subjects.usubjid,
    subjects.usubjid as record_key,
    day0.trtsdt is not null as day0_is_known,
    {%- for table in tables %}
        coalesce({{ table }}_rows.rows_found, 0) as {{ table }}_rows,
    {%- endfor %}
    planned.visits as planned_visits,
    planned.infusions as planned_infusions,
    response_visits.visits as response_visits
from subjects
cross join planned
cross join response_visits
left join {{ ref('int_day0') }} as day0 on subjects.usubjid = day0.usubjid
{%- for table in tables %}
    left join {{ table }}_rows on subjects.usubjid = {{ table }}_rows.usubjid
{%- endfor %}
