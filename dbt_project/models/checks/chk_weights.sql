-- One row per subject and day with a weight: the weight beside the one before. For DOS10.
-- A weight that comes back to where it was before a jump is no second jump: one wrong weight is one finding.
with limits as (
    select cast(max(value) filter (where parameter = 'weight_jump_percent') as decimal(9, 3)) as jump_percent
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
),

weights as (
    select
        usubjid,
        row_id,
        weight_kg,
        lag(weight_kg) over of_subject as previous_kg,
        lag(weight_dt) over of_subject as previous_dt,
        lag(weight_kg, 2) over of_subject as before_kg
    from {{ ref('int_weights') }}
    window of_subject as (partition by usubjid order by weight_dt)
)

select
    weights.row_id,
    delivered.siteid,
    delivered.usubjid,
    coalesce(delivered.visit, delivered.visit_delivered) as visit,
    delivered.record_key,
    'vs' as form,
    delivered.vsorres_delivered,
    weights.weight_kg,
    weights.previous_kg,
    weights.previous_dt,
    weights.previous_kg * cast((100 - limits.jump_percent) * 0.01 as decimal(10, 8)) as lowest_kg,
    weights.previous_kg * cast((100 + limits.jump_percent) * 0.01 as decimal(10, 8)) as highest_kg,
    -- Divided only where there is something to say: exact division is dear.
    case
        when abs(weights.weight_kg - weights.previous_kg) * 100 > limits.jump_percent * weights.previous_kg
            then {{ divide_half_away('100 * abs(weights.weight_kg - weights.previous_kg)', 'weights.previous_kg', 2) }}
    end as percent_off,
    case when weights.weight_kg > weights.previous_kg then 'above' else 'below' end as side,
    coalesce(
        abs(weights.previous_kg - weights.before_kg) * 100 > limits.jump_percent * weights.before_kg
        and abs(weights.weight_kg - weights.before_kg) * 100 <= limits.jump_percent * weights.before_kg,
        false
    ) as is_return
from weights
cross join limits
inner join {{ ref('typed_vs') }} as delivered on weights.row_id = delivered.row_id
where weights.previous_kg is not null
