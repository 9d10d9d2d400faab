-- Which rows of the forms other than dm are kept out of the analysis, and why: only those. Rows that differ under one
-- key are all used in ds and cm: leaving an end of study or a medication out could make a responder.
{% set others = forms() | reject('equalto', 'dm') | list %}

with

{%- for form in others %}

    {{ verdicts_of(form, differing_rows_are_used=form in ('ds', 'cm')) }}{{ ',' if not loop.last }}
{%- endfor %}

{% for form in others -%}
    select
        row_id,
        form,
        quarantine_rule,
        quarantine_reason
    from verdicts_{{ form }}
    {%- if not loop.last %}
        union all
    {% endif %}
{%- endfor %}
