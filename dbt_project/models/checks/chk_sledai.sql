-- One row per usable SLEDAI-2K record: the total of its items beside the site's, and the items left blank.
-- For EFF02 and EFF03. An item that is there but cannot be read is another finding (VAL02).
{% set items = range(1, 25) %}

select
    delivered.row_id,
    delivered.siteid,
    delivered.usubjid,
    coalesce(delivered.visit, delivered.visit_delivered) as visit,
    delivered.record_key,
    'sledai' as form,
    totals.sledai as items_total,
    totals.site_total,
    delivered.sledtot_delivered,
    nullif(concat_ws(
        ', '
        {%- for item in items %}
            {%- set column = 'sledai%02d' % item %},
            case when delivered.{{ column }}_delivered is null then '{{ item }}' end
        {%- endfor %}
    ), '') as blank_items
from {{ ref('typed_sledai') }} as delivered
inner join {{ ref('int_sledai_records') }} as totals on delivered.row_id = totals.row_id
where delivered.quarantine_rule is null
