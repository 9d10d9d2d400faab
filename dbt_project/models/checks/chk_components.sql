-- One row per subject and visit with more than one component of the response: the date of each, and how many days lie
-- between the first and the last. The row is the one furthest from the two others (of two the last).
-- For EFF08.
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
),

-- Where all three have a date, the middle one tells which end stands alone.
with_middle as (
    select
        *,
        case
            when sledai_dt is not null and bilag_dt is not null and pga_dt is not null
                then greatest(least(sledai_dt, bilag_dt), least(greatest(sledai_dt, bilag_dt), pga_dt))
        end as middle_dt
    from components
),

furthest as (
    select
        *,
        case
            when {{ days_between('first_dt', 'middle_dt') }} > {{ days_between('middle_dt', 'last_dt') }} then first_dt
            else last_dt
        end as furthest_dt
    from with_middle
)

select
    case furthest.furthest_dt
        when furthest.pga_dt then furthest.pga_row_id
        when furthest.bilag_dt then furthest.bilag_row_id
        else furthest.sledai_row_id
    end as row_id,
    furthest.siteid,
    furthest.usubjid,
    furthest.visit,
    subjects.subjid || ' | ' || furthest.visit as record_key,
    case furthest.furthest_dt
        when furthest.pga_dt then 'pga'
        when furthest.bilag_dt then 'bilag'
        else 'sledai'
    end as form,
    case furthest.furthest_dt
        when furthest.pga_dt then 'pgadtc'
        when furthest.bilag_dt then 'bildtc'
        else 'sledtc'
    end as date_column,
    furthest.sledai_dt,
    furthest.bilag_dt,
    furthest.pga_dt,
    furthest.furthest_dt,
    {{ days_between('furthest.first_dt', 'furthest.last_dt') }} as spread_days
from furthest
inner join {{ ref('stg_dm') }} as subjects on furthest.usubjid = subjects.usubjid
