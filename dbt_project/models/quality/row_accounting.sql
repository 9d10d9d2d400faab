-- Every delivered row is accounted for, per site and form. RAW: the rows of the file in force are the current rows of
-- the history. STAGING: they are the rows that are used and the rows in quarantine. The difference is always 0.
with

delivered as (
    select
        siteid,
        form,
        rows as rows_delivered
    from {{ source('raw', 'in_force') }}
),

current_in_raw as (
    {{ rows_per_form('raw', 'closed_load is null') }}
),

used as (
    {{ rows_per_form('stg') }}
),

quarantined as (
    select
        siteid,
        form,
        count(*) as rows_counted
    from {{ ref('quarantine') }}
    group by siteid, form
),

forms_of_sites as (
    select
        siteid,
        form
    from delivered
    union
    select
        siteid,
        form
    from current_in_raw
),

counted as (
    select
        forms_of_sites.siteid,
        forms_of_sites.form,
        coalesce(delivered.rows_delivered, 0) as rows_delivered,
        coalesce(current_in_raw.rows_counted, 0) as rows_in_raw,
        coalesce(used.rows_counted, 0) as rows_used,
        coalesce(quarantined.rows_counted, 0) as rows_quarantined
    from forms_of_sites
    left join delivered on forms_of_sites.siteid = delivered.siteid and forms_of_sites.form = delivered.form
    left join current_in_raw
        on forms_of_sites.siteid = current_in_raw.siteid and forms_of_sites.form = current_in_raw.form
    left join used on forms_of_sites.siteid = used.siteid and forms_of_sites.form = used.form
    left join quarantined on forms_of_sites.siteid = quarantined.siteid and forms_of_sites.form = quarantined.form
),

per_layer as (
    select
        siteid,
        form,
        'RAW' as layer,
        rows_delivered,
        rows_in_raw as rows_current,
        0 as rows_quarantined
    from counted
    union all
    select
        siteid,
        form,
        'STAGING' as layer,
        rows_delivered,
        rows_used as rows_current,
        rows_quarantined
    from counted
)

select
    {{ studyid() }} as studyid,
    siteid,
    form,
    layer,
    cast(rows_delivered as bigint) as rows_delivered,
    cast(rows_current as bigint) as rows_current,
    cast(rows_quarantined as bigint) as rows_quarantined,
    cast(rows_delivered - rows_current - rows_quarantined as bigint) as difference
from per_layer
order by siteid, form, layer
