-- respbl: subjects whose response at week 48 is mature and known, one row each, ready for a model: the outcome, what
-- was known at baseline, early change, exposure. Only the duration of disease is derived here; when each column is
-- known stands beside it in the dictionary (known_at), so that no model of an early outcome looks into the future.
with subjects as (
    select *
    from {{ ref('adsl') }}
    where maturfl = 'Y' and respgrp in ('RESPONSE', 'NO RESPONSE')
),

-- A partial date of diagnosis counts as the middle of what it can be.
diagnosis as (
    select
        usubjid,
        slediagdt_min + cast((slediagdt_max - slediagdt_min) // 2 as integer) as slediagdt
    from {{ ref('stg_dm') }}
),

duration as (
    select
        subjects.usubjid,
        case when diagnosis.slediagdt <= subjects.trtsdt then subjects.trtsdt - diagnosis.slediagdt end as days
    from subjects
    inner join diagnosis on subjects.usubjid = diagnosis.usubjid
),

baseline_sledai as (
    select items.*
    from {{ ref('int_baseline') }} as baseline
    inner join {{ ref('stg_sledai') }} as items on baseline.row_id = items.row_id
    where baseline.scenario = 'PRIMARY' and baseline.component = 'SLEDAI'
),

baseline_bilag as (
    select grades.*
    from {{ ref('int_baseline') }} as baseline
    inner join {{ ref('stg_bilag') }} as grades on baseline.row_id = grades.row_id
    where baseline.scenario = 'PRIMARY' and baseline.component = 'BILAG'
),

early as (
    select
        {% for week in (4, 8, 12) -%}
            max(sledchg) filter (where avisitn = {{ week }}) as sledch{{ week }},
            max(pgachg) filter (where avisitn = {{ week }}) as pgach{{ week }},
            max(sri4oc) filter (where avisitn = {{ week }}) as sri4oc{{ week }},
        {% endfor -%}
        usubjid
    from {{ ref('adsri') }}
    group by usubjid
),

-- A sum is unknown when one of its parts is.
early_exposure as (
    select
        usubjid,
        cast(count(*) as integer) as ngiven,
        case when count(exdose) = count(*) then sum(exdose) end as dose
    from {{ ref('adex') }}
    where status = 'GIVEN' and protday <= 7 * 12
    group by usubjid
)

select
    subjects.studyid,
    subjects.siteid,
    subjects.usubjid,
    subjects.respgrp,
    cast(subjects.respgrp = 'RESPONSE' as integer) as respn,
    subjects.age,
    subjects.sex,
    subjects.race,
    cast({{ divide_half_away('100 * duration.days', '36525', 2) }} as decimal(18, 2)) as disdur,
    subjects.acrn,
    subjects.blsledai,
    subjects.blbilagtot,
    subjects.blbilaga,
    subjects.blbilagb,
    subjects.blpga,
    {% for number in range(1, 25) -%}
        baseline_sledai.sledai{{ '%02d' % number }} as blsled{{ '%02d' % number }},
    {% endfor -%}
    {% for system in ('const', 'muco', 'neuro', 'musc', 'card', 'gast', 'opht', 'renal', 'haem') -%}
        baseline_bilag.bil{{ system }} as blb{{ system }},
    {% endfor -%}
    subjects.bllowcfl,
    subjects.bldnafl,
    subjects.blprot24,
    subjects.blsteroid,
    subjects.blisfl,
    subjects.blamfl,
    subjects.blweight,
    {% for week in (4, 8, 12) -%}
        early.sledch{{ week }},
        early.pgach{{ week }},
        early.sri4oc{{ week }},
    {% endfor -%}
    coalesce(early_exposure.ngiven, 0) as ngiven12,
    early_exposure.dose as cumdos12,
    exposure.ngiven,
    exposure.rdi
from subjects
left join duration on subjects.usubjid = duration.usubjid
left join baseline_sledai on subjects.usubjid = baseline_sledai.usubjid
left join baseline_bilag on subjects.usubjid = baseline_bilag.usubjid
left join early on subjects.usubjid = early.usubjid
left join early_exposure on subjects.usubjid = early_exposure.usubjid
left join {{ ref('adexsum') }} as exposure on subjects.usubjid = exposure.usubjid
order by subjects.usubjid
