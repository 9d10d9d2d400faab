-- LB: one row per result whose test can be read, as delivered and in the standard unit of its test.
with records as (
    {{ sdtm_visit_records('lb') }}
)

select
    {{ studyid() }} as studyid,
    'LB' as domain,
    records.usubjid,
    {{ sdtm_seq('records.lbdtc_delivered, records.visitnum nulls last, records.lbtestcd') }} as lbseq,
    records.lbtestcd,
    tests.label as lbtest,
    records.lborres,
    case when records.lborres is not null then records.lborresu end as lborresu,
    records.lbnrlo_delivered as lbornrlo,
    records.lbnrhi_delivered as lbornrhi,
    coalesce(records.lbstresc, {{ shortest_number('records.lbstresn') }}) as lbstresc,
    records.lbstresn,
    records.lbstresu,
    records.lbstnrlo,
    records.lbstnrhi,
    -- As the analysis has it, so that no two tables of one trial contradict each other.
    rated.anrind as lbnrind,
    case when records.lborres is null then 'NOT DONE' end as lbstat,
    records.visitnum,
    records.visit,
    {{ sdtm_dtc('records.lbdtc_delivered') }} as lbdtc,
    {{ sdtm_day('lbdt') }} as lbdy,
    records.row_id as srcid
from records
inner join {{ ref('lab_tests') }} as tests on records.lbtestcd = tests.testcd
left join {{ ref('int_lab_records') }} as rated on records.row_id = rated.row_id
