{#- Parts of the response that are the same for each component or number of points. The steps are in int_response. -#}

{#- Whether nothing of a record is missing, in the scenario at hand: a total of the site makes a SLEDAI-2K whole. -#}
{% macro complete_record() -%}
    case when parameters.by_site_total then records.complete_by_site_total else records.complete end
{%- endmacro %}

{#- SLEDAI-2K of a record, in the scenario at hand. -#}
{% macro sledai_score(records) -%}
    case when parameters.by_site_total then {{ records }}.possible_site_total else {{ records }}.sledai end
{%- endmacro %}

{#- SRI-k observed: the three-valued AND of its components, with a fall of `further` points more than for SRI-4. -#}
{% macro composite(further) -%}
    components.sledchg <= -(parameters.sri_points + {{ further }}) and components.bilag_met and components.pga_met
{%- endmacro %}

{#- A component's result, or where it is unknown its last known one from an earlier analysis visit after baseline. -#}
{% macro carried_forward(result) -%}
    coalesce(
        {{ result }},
        last_value({{ result }} ignore nulls) over (
            partition by scenario, usubjid order by avisitn rows between unbounded preceding and 1 preceding
        )
    )
{%- endmacro %}

{#- The primary result: an event that counts comes first, then what is known, then non-response at a closed visit. -#}
{% macro primary_result(composite) -%}
    case
        when counting_event is not null then 'N'
        when {{ composite }} then 'Y'
        when not {{ composite }} then 'N'
        when closed then 'N'
    end
{%- endmacro %}
