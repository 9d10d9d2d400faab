-- One row per value of an analysis table that claims to come from a source row, or fails to name it though it stands
-- there: the table, the subject, and the form and row. Whether the row was delivered is asked by chk_sources.
select
    'adsv' as analysis_table,
    siteid,
    usubjid,
    'sv' as form,
    srcid as row_id
from {{ ref('adsv') }}
where srcid is not null or status = 'DONE'
union all
select
    'adex' as analysis_table,
    siteid,
    usubjid,
    'ex' as form,
    srcid as row_id
from {{ ref('adex') }}
where srcid is not null or status = 'GIVEN'
union all
select
    'adqs' as analysis_table,
    siteid,
    usubjid,
    case when paramcd like 'SLE%' then 'sledai' when paramcd = 'PGA' then 'pga' else 'bilag' end as form,
    srcid as row_id
from {{ ref('adqs') }}
union all
select
    'adlb' as analysis_table,
    siteid,
    usubjid,
    'lb' as form,
    srcid as row_id
from {{ ref('adlb') }}
union all
select
    'adcm' as analysis_table,
    siteid,
    usubjid,
    'cm' as form,
    srcid as row_id
from {{ ref('adcm') }}
where srcid is not null or nrec > 0
union all
select
    'adie' as analysis_table,
    siteid,
    usubjid,
    coalesce(srcform, 'ie') as form,
    srcid as row_id
from {{ ref('adie') }}
where srcid is not null or iestat <> 'NOT EVALUABLE'
union all
select
    'adae' as analysis_table,
    siteid,
    usubjid,
    'ae' as form,
    srcid as row_id
from {{ ref('adae') }}
union all
select
    'adae' as analysis_table,
    siteid,
    usubjid,
    'ex' as form,
    irsrcid as row_id
from {{ ref('adae') }}
where irsrcid is not null or irplan is not null
union all
select
    'adsri' as analysis_table,
    siteid,
    usubjid,
    'sledai' as form,
    srcsled as row_id
from {{ ref('adsri') }}
where srcsled is not null or sledai is not null
union all
select
    'adsri' as analysis_table,
    siteid,
    usubjid,
    'bilag' as form,
    srcbil as row_id
from {{ ref('adsri') }}
where srcbil is not null or bilnewa is not null
union all
select
    'adsri' as analysis_table,
    siteid,
    usubjid,
    'pga' as form,
    srcpga as row_id
from {{ ref('adsri') }}
where srcpga is not null or pga is not null
