-- One row per planned visit that took place: its protocol day beside its window. For VIS02.
select
    visits.row_id,
    visits.siteid,
    visits.usubjid,
    visits.visit,
    delivered.record_key,
    'sv' as form,
    visits.svdt,
    delivered.svdtc_delivered,
    {{ days_between('visits.trtsdt', 'visits.svdt') }} as protday,
    visits.window_first_day,
    visits.window_last_day
from {{ ref('int_visits') }} as visits
inner join {{ ref('typed_sv') }} as delivered on visits.row_id = delivered.row_id
where visits.status = 'DONE' and visits.window_first_day is not null
