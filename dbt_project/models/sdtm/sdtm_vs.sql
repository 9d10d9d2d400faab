-- VS: one row per measurement whose test can be read, as delivered and in its standard unit.
with records as (
    {{ sdtm_visit_records('vs') }}
)

select
    {{ studyid() }} as studyid,
    'VS' as domain,
    records.usubjid,
    {{ sdtm_seq('records.vsdtc_delivered, records.visitnum nulls last, records.vstestcd') }} as vsseq,
    records.vstestcd,
    case records.vstestcd
        when 'WEIGHT' then 'Weight'
        when 'HEIGHT' then 'Height'
        when 'TEMP' then 'Temperature'
        when 'SYSBP' then 'Systolic Blood Pressure'
        when 'DIABP' then 'Diastolic Blood Pressure'
        when 'PULSE' then 'Pulse Rate'
    end as vstest,
    records.vsorres_delivered as vsorres,
    case when records.vsorres_delivered is not null then records.vsorresu end as vsorresu,
    {{ shortest_number('records.vsstresn') }} as vsstresc,
    records.vsstresn,
    records.vsstresu,
    case when records.vsorres_delivered is null then 'NOT DONE' end as vsstat,
    records.visitnum,
    records.visit,
    {{ sdtm_dtc('records.vsdtc_delivered') }} as vsdtc,
    {{ sdtm_day('vsdt') }} as vsdy,
    records.row_id as srcid
from records
where records.vstestcd is not null
