-- The values of each disease activity record, one row per record and parameter: all parameters for every record, the
-- value NULL where it is unknown. Dates, baseline and analysis visits belong in int_activity_records and after.
select
    row_id,
    'SLEDAI' as paramcd,
    'SLEDAI-2K total score' as param,
    cast(sledai as decimal(12, 4)) as aval,
    cast(null as varchar) as avalc
from {{ ref('int_sledai_records') }}
union all
select
    row_id,
    'SLETOT' as paramcd,
    'SLEDAI-2K total score given by the site' as param,
    cast(site_total as decimal(12, 4)) as aval,
    cast(null as varchar) as avalc
from {{ ref('int_sledai_records') }}
union all
select
    row_id,
    'PGA' as paramcd,
    'Physician''s global assessment (0-3)' as param,
    cast(pga_score as decimal(12, 4)) as aval,
    cast(null as varchar) as avalc
from {{ ref('stg_pga') }}
union all
select
    row_id,
    'BILAGTOT' as paramcd,
    'BILAG-2004 total points' as param,
    cast(bilag_total as decimal(12, 4)) as aval,
    cast(null as varchar) as avalc
from {{ ref('int_bilag_records') }}
union all
select
    row_id,
    'BILAGA' as paramcd,
    'BILAG-2004 number of A grades' as param,
    cast(a_grades as decimal(12, 4)) as aval,
    cast(null as varchar) as avalc
from {{ ref('int_bilag_records') }}
union all
select
    row_id,
    'BILAGB' as paramcd,
    'BILAG-2004 number of B grades' as param,
    cast(b_grades as decimal(12, 4)) as aval,
    cast(null as varchar) as avalc
from {{ ref('int_bilag_records') }}
union all
select
    row_id,
    paramcd,
    'BILAG-2004 grade: ' || label as param,
    cast(points as decimal(12, 4)) as aval,
    grade as avalc
from {{ ref('int_bilag_grades') }}
