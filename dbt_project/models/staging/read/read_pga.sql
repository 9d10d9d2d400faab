-- Physician's global assessments as read: one row per current raw row, each value beside its delivered text. Nothing
-- is derived here. pga_score is the assessment on the 0-3 scale, an exact decimal; one that is off its scale is
-- missing.
{% set columns = ['subjid', 'visit', 'pgadtc', 'pgares', 'pgascale'] %}

with

{{ delivered_rows('pga', columns, key=['subjid', 'visit'], date_at_uns='pgadtc') }},

read as (
    select
        delivered.row_id,
        {{ subject() }},
        {{ code('visit', 'VISIT') }},
        {{ date_and_time('pgadtc') }},
        {{ exact_number('pgares') }},
        {{ code('pgascale', 'PGASCALE') }},
        {{ key_as_delivered() }}
    from delivered
)

select
    read.* exclude (record_key, blank_key_columns),
    case
        when read.pgares between 0 and scales.scale_max
            then try_cast(read.pgares * scales.factor as decimal(28, 10))
    end as pga_score,
    read.record_key,
    read.blank_key_columns
from read
left join {{ ref('pga_scales') }} as scales on read.pgascale = scales.scale
