-- RS: disease activity as it was assessed: the 24 items of SLEDAI-2K and the site's own total, the nine grades of
-- BILAG-2004, and PGA. Totals that the warehouse derives are no records and stand in adqs.
with sledai as (
    {{ sdtm_visit_records('sledai') }}
),

bilag as (
    {{ sdtm_visit_records('bilag') }}
),

pga as (
    {{ sdtm_visit_records('pga') }}
),

-- The questions of an instrument are rows of a seed; each finds its answer in the column that is named after it.
sledai_answers as (
    select
        sledai.*,
        items.item as test_order,
        'SLED' || lpad(cast(items.item as varchar), 2, '0') as rstestcd,
        'SLEDAI-2K: ' || items.label as rstest,
        case items.item
            {% for item in sledai_item_columns() -%}
                when {{ loop.index }} then sledai.{{ item }}_delivered
            {% endfor -%}
        end as answer_delivered,
        case items.item
            {% for item in sledai_item_columns() -%}
                when {{ loop.index }} then sledai.{{ item }}
            {% endfor -%}
        end as answer
    from sledai
    cross join {{ ref('sledai_items') }} as items
),

bilag_answers as (
    select
        bilag.*,
        100 + systems.position as test_order,
        systems.paramcd as rstestcd,
        'BILAG-2004: ' || systems.label as rstest,
        case systems.column_name
            {% for column in bilag_columns() -%}
                when '{{ column }}' then bilag.{{ column }}_delivered
            {% endfor -%}
        end as answer_delivered,
        case systems.column_name
            {% for column in bilag_columns() -%}
                when '{{ column }}' then bilag.{{ column }}
            {% endfor -%}
        end as answer
    from bilag
    cross join {{ ref('bilag_systems') }} as systems
),

records as (
    select
        usubjid,
        row_id,
        visit,
        visitnum,
        trtsdt,
        sledtc_delivered as dtc,
        sledt as dt,
        'SLEDAI-2K' as rscat,
        test_order,
        rstestcd,
        rstest,
        answer_delivered as rsorres,
        cast(null as varchar) as rsorresu,
        cast(answer as varchar) as rsstresc,
        cast(answer as decimal(28, 10)) as rsstresn
    from sledai_answers
    union all
    select
        usubjid,
        row_id,
        visit,
        visitnum,
        trtsdt,
        sledtc_delivered as dtc,
        sledt as dt,
        'SLEDAI-2K' as rscat,
        25 as test_order,
        'SLETOT' as rstestcd,
        'SLEDAI-2K: Total by the site' as rstest,
        sledtot_delivered as rsorres,
        cast(null as varchar) as rsorresu,
        cast(sledtot as varchar) as rsstresc,
        cast(sledtot as decimal(28, 10)) as rsstresn
    from sledai
    union all
    select
        usubjid,
        row_id,
        visit,
        visitnum,
        trtsdt,
        bildtc_delivered as dtc,
        bildt as dt,
        'BILAG-2004' as rscat,
        test_order,
        rstestcd,
        rstest,
        answer_delivered as rsorres,
        cast(null as varchar) as rsorresu,
        answer as rsstresc,
        cast(null as decimal(28, 10)) as rsstresn
    from bilag_answers
    union all
    select
        usubjid,
        row_id,
        visit,
        visitnum,
        trtsdt,
        pgadtc_delivered as dtc,
        pgadt as dt,
        'PGA' as rscat,
        200 as test_order,
        'PGA' as rstestcd,
        'Physician''s Global Assessment' as rstest,
        pgares_delivered as rsorres,
        pgascale as rsorresu,
        {{ shortest_number('pga_score') }} as rsstresc,
        pga_score as rsstresn
    from pga
)

select
    {{ studyid() }} as studyid,
    'RS' as domain,
    records.usubjid,
    {{ sdtm_seq('records.dtc nulls last, records.visitnum nulls last, records.test_order') }} as rsseq,
    records.rstestcd,
    records.rstest,
    records.rscat,
    records.rsorres,
    case when records.rsorres is not null then records.rsorresu end as rsorresu,
    records.rsstresc,
    records.rsstresn,
    case when records.rsorres is null then 'NOT DONE' end as rsstat,
    'INVESTIGATOR' as rseval,
    records.visitnum,
    records.visit,
    {{ sdtm_dtc('records.dtc') }} as rsdtc,
    {{ sdtm_day('dt') }} as rsdy,
    records.row_id as srcid
from records
