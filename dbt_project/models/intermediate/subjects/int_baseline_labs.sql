-- Laboratory results at baseline that may predict who responds: complement, anti-dsDNA and 24 h protein. One row per
-- subject with a known day 0. Which result is the baseline of a test was decided in int_lab_records.
select
    day0.usubjid,
    count(*) filter (where labs.lbtestcd in ('C3', 'C4', 'CH50') and labs.anrind = 'LOW') > 0 as has_low_complement,
    count(*) filter (where labs.lbtestcd = 'DSDNA' and labs.anrind = 'HIGH') > 0 as has_dsdna_above_normal,
    max(labs.lbstresn) filter (where labs.lbtestcd = 'PROT24') as protein_24h
from {{ ref('int_day0') }} as day0
left join {{ ref('int_lab_records') }} as labs
    on day0.usubjid = labs.usubjid and labs.is_baseline and labs.lbtestcd in ('C3', 'C4', 'CH50', 'DSDNA', 'PROT24')
where day0.trtsdt is not null
group by day0.usubjid
