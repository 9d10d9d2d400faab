-- One row per analysis table and source row that leads nowhere, and only those: a value claims to come from a row that
-- does not stand in raw for that form and subject, or that metadata.provenance does not know. For INV09.
with

delivered as (
    {%- for form in ['dm', 'acr', 'ie', 'mh', 'sv', 'ex', 'sledai', 'bilag', 'pga', 'lb', 'cm', 'ae'] %}
        select
            row_id,
            '{{ form }}' as form,
            {{ studyid() }} || '-' || siteid || '-' || {{ trimmed('subjid') }} as usubjid
        from {{ source('raw', form) }}
        where closed_load is null
        {%- if not loop.last %}
            union all
        {%- endif %}
    {%- endfor %}
)

select distinct
    claims.row_id,
    claims.siteid,
    claims.usubjid,
    claims.analysis_table || ' | ' || claims.usubjid || ' | ' || claims.form || ' | ' || coalesce(claims.row_id, '')
        as record_key,
    claims.form,
    claims.analysis_table,
    delivered.row_id is not null as is_in_raw,
    provenance.row_id is not null as is_in_provenance
from {{ ref('chk_source_claims') }} as claims
left join delivered
    on claims.row_id = delivered.row_id and claims.form = delivered.form and claims.usubjid = delivered.usubjid
left join {{ ref('provenance') }} as provenance on claims.row_id = provenance.row_id and claims.form = provenance.form
where delivered.row_id is null or provenance.row_id is null
