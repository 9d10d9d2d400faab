-- One row per analysis table and source row that a value in it claims to come from (or fails to name): whether that row
-- stands in raw and in metadata.provenance, and belongs to the same subject. For INV09.
with

claims as (
    select
        'adsv' as analysis_table,
        siteid,
        usubjid,
        'sv' as form,
        srcid as row_id
    from {{ ref('adsv') }}
    where srcid is not null or status = 'DONE'
    union
    select
        'adex' as analysis_table,
        siteid,
        usubjid,
        'ex' as form,
        srcid as row_id
    from {{ ref('adex') }}
    where srcid is not null or status = 'GIVEN'
    union
    select
        'adqs' as analysis_table,
        siteid,
        usubjid,
        case when paramcd like 'SLE%' then 'sledai' when paramcd = 'PGA' then 'pga' else 'bilag' end as form,
        srcid as row_id
    from {{ ref('adqs') }}
    union
    select
        'adlb' as analysis_table,
        siteid,
        usubjid,
        'lb' as form,
        srcid as row_id
    from {{ ref('adlb') }}
    union
    select
        'adcm' as analysis_table,
        siteid,
        usubjid,
        'cm' as form,
        srcid as row_id
    from {{ ref('adcm') }}
    where srcid is not null or nrec > 0
    union
    select
        'adie' as analysis_table,
        siteid,
        usubjid,
        coalesce(srcform, 'ie') as form,
        srcid as row_id
    from {{ ref('adie') }}
    where srcid is not null or iestat <> 'NOT EVALUABLE'
    union
    select
        'adae' as analysis_table,
        siteid,
        usubjid,
        'ae' as form,
        srcid as row_id
    from {{ ref('adae') }}
    union
    select
        'adae' as analysis_table,
        siteid,
        usubjid,
        'ex' as form,
        irsrcid as row_id
    from {{ ref('adae') }}
    where irsrcid is not null or irplan is not null
    union
    select
        'adsri' as analysis_table,
        siteid,
        usubjid,
        'sledai' as form,
        srcsled as row_id
    from {{ ref('adsri') }}
    where srcsled is not null or sledai is not null
    union
    select
        'adsri' as analysis_table,
        siteid,
        usubjid,
        'bilag' as form,
        srcbil as row_id
    from {{ ref('adsri') }}
    where srcbil is not null or bilnewa is not null
    union
    select
        'adsri' as analysis_table,
        siteid,
        usubjid,
        'pga' as form,
        srcpga as row_id
    from {{ ref('adsri') }}
    where srcpga is not null or pga is not null
),

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

select
    claims.row_id,
    claims.siteid,
    claims.usubjid,
    claims.analysis_table || ' | ' || claims.usubjid || ' | ' || claims.form || ' | ' || coalesce(claims.row_id, '')
        as record_key,
    claims.form,
    claims.analysis_table,
    delivered.row_id is not null as is_in_raw,
    provenance.row_id is not null as is_in_provenance
from claims
left join delivered
    on claims.row_id = delivered.row_id and claims.form = delivered.form and claims.usubjid = delivered.usubjid
left join {{ ref('provenance') }} as provenance on claims.row_id = provenance.row_id and claims.form = provenance.form
