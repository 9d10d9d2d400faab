-- One row per delivered cell whose text is damaged, and in what way; the text itself, which may be a subject's own
-- words, is left where it is. It holds only what is wrong, quarantined rows included. For VAL10.
with damaged as (
    {%- for form in forms() %}
        select
            '{{ form }}' as form,
            cells.*,
            records.siteid,
            records.usubjid,
            {{ visit_label('records', form) }} as visit,
            records.record_key
        from ({{ damaged_cells(form) }}) as cells
        inner join {{ ref('typed_' ~ form) }} as records on cells.row_id = records.row_id
        where cells.damage <> ''
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select
    damaged.row_id,
    damaged.siteid,
    damaged.usubjid,
    damaged.visit,
    damaged.record_key,
    damaged.form,
    damaged.column_name,
    columns_of_form.label,
    damaged.damage
from damaged
inner join {{ ref('form_columns') }} as columns_of_form
    on damaged.form = columns_of_form.form and damaged.column_name = columns_of_form.column_name
