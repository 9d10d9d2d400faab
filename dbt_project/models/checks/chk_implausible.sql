-- One row per value outside its plausible range: a slip of the decimal point, of the unit or of the column. It holds
-- only what is wrong, quarantined rows included, as for every rule on values. For VAL09.
-- A value that can't be read or converted is another finding (VAL03, VAL06).
{% set values = [
    ('dm', 'age', 'age', none, none),
    ('dm', 'brthyr', 'brthyr', none, none),
    ('dm', 'height_cm', 'height_cm', none, none),
    ('vs', 'vsorres', 'vsstresn', 'vstestcd', 'vsorresu'),
    ('ex', 'exvial120', 'exvial120', none, none),
    ('ex', 'exvial400', 'exvial400', none, none),
    ('lb', 'lborres', 'lbstresn', 'lbtestcd', 'lborresu'),
    ('cm', 'cmdose', 'cmdose_mg', none, 'cmdosu'),
] %}

{%- for form, column, value, test, unit in values %}
    {{ 'union all' if not loop.first }}
    select
        delivered.row_id,
        delivered.siteid,
        delivered.usubjid,
        {{ visit_label('delivered', form) }} as visit,
        delivered.record_key,
        '{{ form }}' as form,
        '{{ column }}' as column_name,
        {{ 'delivered.' ~ test if test else 'columns_of_form.label' }} as what,
        concat_ws(
            ' ',
            delivered.{{ column ~ ('' if column == 'lborres' else '_delivered') }},
            {{ 'delivered.' ~ unit if unit else 'ranges.unit' }}
        ) as delivered,
        cast(delivered.{{ value }} as decimal(28, 10)) as value,
        ranges.low,
        ranges.high,
        concat_ws(
            ' ', {{ shortest_number('ranges.low') }}, 'to', {{ shortest_number('ranges.high') }}, ranges.unit
        ) as range_written
    from {{ ref('typed_' ~ form) }} as delivered
    inner join {{ ref('plausible_ranges') }} as ranges
        on {{ 'delivered.' ~ test ~ ' = ranges.testcd' if test else "ranges.testcd = '*'" }}
    inner join {{ ref('form_columns') }} as columns_of_form
        on ranges.form = columns_of_form.form and ranges.column_name = columns_of_form.column_name
    where
        ranges.form = '{{ form }}' and ranges.column_name = '{{ column }}'
        and (delivered.{{ value }} < ranges.low or delivered.{{ value }} > ranges.high)
{%- endfor %}
