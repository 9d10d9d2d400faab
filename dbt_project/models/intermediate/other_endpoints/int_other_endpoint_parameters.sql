-- The numbers by which the field's other endpoints are defined, as one row. They are those of scenario PRIMARY: the
-- sensitivity analyses are about SRI-4. The numbers themselves belong in the seed protocol_parameters.
with all_items as (
    select
        {{ item_set('item', 'true') }} as items,
        {{ item_set('item', "major_organ = 'Y'") }} as major_organ_items,
        {{ item_set('item', "serological = 'N'") }} as clinical_items
    from {{ ref('sledai_items') }}
),

numbers as (
    select
        cast({{ parameter('response_week') }} as integer) as response_week,
        cast({{ parameter('bicla_sledai_rise_max') }} as integer) as bicla_sledai_rise_max,
        cast({{ parameter('lldas_sledai_max') }} as integer) as lldas_sledai_max,
        {{ parameter('lldas_pga_max') }} as lldas_pga_max,
        {{ parameter('lldas_prednisone_max') }} as lldas_prednisone_max,
        {{ parameter('doris_pga_below') }} as doris_pga_below,
        {{ parameter('doris_prednisone_max') }} as doris_prednisone_max,
        {{ parameter('steroid_low_mg') }} as steroid_low_mg,
        {{ parameter('sparing_reduction_percent') }} as sparing_reduction_percent,
        cast({{ parameter('sparing_first_day') }} as integer) as sparing_first_day,
        cast({{ parameter('sparing_last_day') }} as integer) as sparing_last_day,
        cast({{ parameter('sustained_from_week') }} as integer) as sustained_from_week
    from {{ ref('protocol_parameters') }}
    where scenario = 'PRIMARY'
)

select
    numbers.*,
    all_items.items,
    all_items.major_organ_items,
    all_items.clinical_items
from numbers
cross join all_items
