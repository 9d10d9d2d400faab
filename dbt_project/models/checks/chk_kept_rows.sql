-- One row per site and table that keeps rows from publication to publication: what it holds of the site, beside what a
-- whole derivation would hold. For INV14. The published side is read back from the tables; the other side is counted
-- from what they are made of, record by record, without making them.
with

parameters as (
    select
        row_id,
        count(*) as parameters
    from {{ ref('int_activity_values') }}
    group by row_id
),

records as (
    select
        records.siteid,
        records.protday,
        parameters.parameters,
        coalesce(records.row_id = baseline.row_id, false) or coalesce(windows.chosen, false) as is_analysed
    from {{ ref('int_activity_records') }} as records
    inner join parameters on records.row_id = parameters.row_id
    left join {{ ref('int_baseline') }} as baseline
        on
            records.usubjid = baseline.usubjid
            and records.component = baseline.component
            and baseline.scenario = 'PRIMARY'
    left join {{ ref('int_visit_windows') }} as windows
        on
            records.row_id = windows.row_id
            and records.component = windows.component
            and windows.scenario = 'PRIMARY'
),

current_rows as (
    {%- for form in forms() %}
        select
            siteid,
            count(*) as form_rows
        from {{ source('raw', form) }}
        where closed_load is null
        group by siteid
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
),

laboratory as (
    select
        siteid,
        count(*) as results,
        sum(protday) as days,
        count(*) filter (where chosen) as analysed
    from {{ ref('int_lab_records') }}
    group by siteid
),

needed as (
    select
        'adqs' as analysis_table,
        siteid,
        sum(parameters) as rows_needed,
        coalesce(sum(parameters * protday), 0) as days_needed,
        coalesce(sum(parameters) filter (where is_analysed), 0) as analysed_needed
    from records
    group by siteid
    union all
    select
        'adlb' as analysis_table,
        siteid,
        results as rows_needed,
        coalesce(days, 0) as days_needed,
        analysed as analysed_needed
    from laboratory
    union all
    select
        'provenance' as analysis_table,
        siteid,
        sum(form_rows) as rows_needed,
        0 as days_needed,
        0 as analysed_needed
    from current_rows
    group by siteid
),

published as (
    select
        'adqs' as analysis_table,
        siteid,
        count(*) as rows_published,
        coalesce(sum(protday), 0) as days_published,
        count(anl01fl) as analysed_published
    from {{ ref('adqs') }}
    group by siteid
    union all
    select
        'adlb' as analysis_table,
        siteid,
        count(*) as rows_published,
        coalesce(sum(protday), 0) as days_published,
        count(anl01fl) as analysed_published
    from {{ ref('adlb') }}
    group by siteid
    union all
    select
        'provenance' as analysis_table,
        siteid,
        count(*) as rows_published,
        0 as days_published,
        0 as analysed_published
    from {{ ref('provenance') }}
    group by siteid
)

select
    coalesce(needed.siteid, published.siteid) as siteid,
    coalesce(needed.analysis_table, published.analysis_table) as analysis_table,
    coalesce(needed.analysis_table, published.analysis_table) || ' | ' || coalesce(needed.siteid, published.siteid)
        as record_key,
    cast(coalesce(needed.rows_needed, 0) as bigint) as rows_needed,
    cast(coalesce(published.rows_published, 0) as bigint) as rows_published,
    cast(coalesce(needed.days_needed, 0) as bigint) as days_needed,
    cast(coalesce(published.days_published, 0) as bigint) as days_published,
    cast(coalesce(needed.analysed_needed, 0) as bigint) as analysed_needed,
    cast(coalesce(published.analysed_published, 0) as bigint) as analysed_published
from needed
full join published on needed.siteid = published.siteid and needed.analysis_table = published.analysis_table
