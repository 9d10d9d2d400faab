-- One row per subject and visit with more than one component of the response: the date of each, and how many days lie
-- between the first and the last. The row is the last of them. For EFF08.
-- By the label of the visit; UNS may repeat, so that nobody can tell which of its records belong together.
with components as (
    select
        usubjid,
        siteid,
        visit,
        max(adt) filter (where component = 'SLEDAI') as sledai_dt,
        max(adt) filter (where component = 'BILAG') as bilag_dt,
        max(adt) filter (where component = 'PGA') as pga_dt,
        max(row_id) filter (where component = 'SLEDAI') as sledai_row_id,
        max(row_id) filter (where component = 'BILAG') as bilag_row_id,
        max(row_id) filter (where component = 'PGA') as pga_row_id,
        min(adt) as first_dt,
        max(adt) as last_dt
    from {{ ref('int_activity_records') }}
    where visit <> 'UNS'
    group by usubjid, siteid, visit
    having count(*) > 1
)

select
    case components.last_dt
        when components.pga_dt then components.pga_row_id
        when components.bilag_dt then components.bilag_row_id
        else components.sledai_row_id
    end as row_id,
    components.siteid,
    components.usubjid,
    components.visit,
    subjects.subjid || ' | ' || components.visit as record_key,
    case components.last_dt
        when components.pga_dt then 'pga'
        when components.bilag_dt then 'bilag'
        else 'sledai'
    end as form,
    case components.last_dt
        when components.pga_dt then 'pgadtc'
        when components.bilag_dt then 'bildtc'
        else 'sledtc'
    end as date_column,
    components.sledai_dt,
    components.bilag_dt,
    components.pga_dt,
    components.last_dt,
    {{ days_between('components.first_dt', 'components.last_dt') }} as spread_days
from components
inner join {{ ref('stg_dm') }} as subjects on components.usubjid = subjects.usubjid
