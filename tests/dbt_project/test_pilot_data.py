"""The CDISC pilot study through this project's SQL, held against what its authors published: facts nobody here made up.

Where the pilot's plan has another rule than this trial's, the test says which, and that nothing else differs.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.dbt_project.pilot_data import macros, pilot, run_model

# Observed assessments: one score each, as the pilot's analysis data sets hold them.
INSTRUMENTS = [("adadas", "ACTOT", 545), ("adcibc", "CIBICVAL", 562), ("adnpix", "NPTOT", 2106)]
NO_LIMIT = 10_000


@pytest.fixture(scope="module")
def study() -> Iterator[duckdb.DuckDBPyConnection]:
    with pilot(sdtm=["dm", "ex"], adam=["adsl", "adadas", "adcibc", "adnpix"]) as connection:
        yield connection


def windows_of(
    study: duckdb.DuckDBPyConnection, table: str, paramcd: str
) -> list[tuple[str, str, str | None, bool, bool]]:
    """Of each assessment after baseline: the subject, the pilot's visit and ours, and whether each chose it."""
    study.execute(f"""
        create or replace table observed as
        select row_number() over (order by USUBJID, ADT, VISITNUM)::varchar as row_id, *
        from adam.{table} where PARAMCD = '{paramcd}' and DTYPE is null and AVISITN > 0
    """)
    study.execute("""
        create or replace table intermediate.int_activity_records as
        select 'SCORE' as component, row_id, SITEID as siteid, USUBJID as usubjid, ADT as adt,
            (ADY - 1)::integer as protday, true as complete, true as complete_by_site_total,
            row_number() over (partition by USUBJID order by VISITNUM desc) as tie_order
        from observed
    """)
    study.execute("""
        create or replace table intermediate.int_endpoint_subjects as
        select distinct 'PRIMARY' as scenario, USUBJID as usubjid from observed
    """)
    study.execute("""
        create or replace table intermediate.int_endpoint_parameters as
        select 'PRIMARY' as scenario, false as by_site_total
    """)
    # Their windows count study days, ours protocol days; their last window may be open.
    study.execute(f"""
        create or replace table protocol.analysis_visits as
        select distinct 'PRIMARY' as scenario, AVISIT as avisit, AVISITN::integer as avisitn,
            (AWTARGET - 1)::integer as target_day, (AWLO - 1)::integer as window_first_day,
            (coalesce(nullif(AWHI, 'nan'), {NO_LIMIT}) - 1)::integer as window_last_day
        from observed
    """)
    rows = run_model(study, "int_visit_windows", "row_id, avisit, chosen")
    ours = {row_id: (avisit, chosen) for row_id, avisit, chosen in rows}
    assert len(ours) == len(rows)
    theirs = study.execute("select row_id, USUBJID, AVISIT, ANL01FL is not distinct from 'Y' from observed")
    return [
        (subject, avisit, *ours.get(row_id, (None, False)), chosen)
        for row_id, subject, avisit, chosen in theirs.fetchall()
    ]


@pytest.mark.parametrize(("table", "paramcd", "records"), INSTRUMENTS)
def test_every_record_falls_into_the_published_visit(
    table: str, paramcd: str, records: int, study: duckdb.DuckDBPyConnection
) -> None:
    """But one, which the pilot put into week 24 on day 286, outside the window (141 to 220) that stands beside it."""
    found = windows_of(study, table, paramcd)
    assert len(found) == records
    outside = [("01-704-1093", "Week 24")] if paramcd == "CIBICVAL" else []
    assert [(subject, theirs) for subject, theirs, ours, *_ in found if ours is None] == outside
    assert [row for row in found if row[2] is not None and row[1] != row[2]] == []


@pytest.mark.parametrize(
    ("table", "paramcd", "ties"), [("adadas", "ACTOT", 0), ("adcibc", "CIBICVAL", 0), ("adnpix", "NPTOT", 5)]
)
def test_the_chosen_record_is_the_published_one(
    table: str, paramcd: str, ties: int, study: duckdb.DuckDBPyConnection
) -> None:
    """But where two are equally far from the target: the pilot takes the earlier date or planned visit, this trial the
    later."""
    found = windows_of(study, table, paramcd)
    differing = {(subject, avisit) for subject, avisit, ours, chosen, theirs in found if ours and chosen != theirs}
    equally_far = study.execute("""
        select USUBJID, AVISIT from observed
        qualify abs(ADY - AWTARGET) = min(abs(ADY - AWTARGET)) over (partition by USUBJID, AVISIT)
    """).fetchall()
    tied = {key for key in equally_far if equally_far.count(key) > 1}
    assert differing == tied
    assert len(tied) == ties


def test_last_observation_carried_forward(study: duckdb.DuckDBPyConnection) -> None:
    """ADAS-Cog: the published LOCF rows, save that the pilot carries a baseline forward and this trial never does."""
    result = macros("response").carried_forward("observed")
    rows = study.execute(f"""
        with visits as (
            select 'PRIMARY' as scenario, USUBJID as usubjid, AVISITN as avisitn, AVAL as published, DTYPE as dtype,
                case when DTYPE is null then AVAL end as observed
            from adam.adadas where PARAMCD = 'ACTOT' and ANL01FL = 'Y' and AVISITN > 0
        )
        select dtype, published, {result} as carried, count(observed) over (partition by usubjid order by avisitn)
        from visits
    """).fetchall()
    assert [row for row in rows if row[0] is None and row[1] != row[2]] == []
    imputed = [row for row in rows if row[0] == "LOCF"]
    seen_before = [row for row in imputed if row[3] > 0]
    assert len(seen_before) == 165
    assert [row for row in seen_before if row[1] != row[2]] == []
    never_seen = [row for row in imputed if row[3] == 0]
    assert (len(never_seen), {row[2] for row in never_seen}) == (57, {None})


def test_cumulative_dose(study: duckdb.DuckDBPyConnection) -> None:
    """CUMDOSE is the dose a day times the days of each interval. Where the end of an interval is missing, the pilot
    takes the end of treatment from another form; here a total with an unknown part is unknown."""
    study.execute("""
        create or replace table intermediate.int_infusions as
        select dm.SITEID as siteid, ex.USUBJID as usubjid, ex.EXSEQ::integer as plannum, 'GIVEN' as status,
            (ex.EXDOSE * (ex.EXENDTC::date - ex.EXSTDTC::date + 1))::decimal(20, 6) as exdose_mg,
            null::decimal(20, 6) as plan_mg, null::integer as intervl, dm.RFSTDTC::date as trtsdt
        from sdtm.ex as ex join sdtm.dm as dm using (USUBJID)
    """)
    unknown = {row[0] for row in study.execute("select USUBJID from sdtm.ex where EXENDTC is null").fetchall()}
    published = dict(study.execute("select USUBJID, CUMDOSE from adam.adsl").fetchall())
    ours = dict(run_model(study, "adexsum", "usubjid, cumdose"))
    assert set(ours) == set(published)
    assert (len(ours), len(unknown)) == (254, 6)
    assert {subject for subject, dose in ours.items() if dose is None} == unknown
    assert [subject for subject, dose in ours.items() if dose is not None and dose != published[subject]] == []


def test_treatment_days_and_the_average_dose(study: duckdb.DuckDBPyConnection) -> None:
    day = macros("day_arithmetic")
    days = day.study_day(day.days_between("TRTSDT", "TRTEDT"))
    dose = macros("exact_division").divide_half_away("CUMDOSE::decimal(18, 2)", "TRTDURD::decimal(18, 2)", 1)
    rows = study.execute(
        f"select TRTDURD, {days}, AVGDD::decimal(9, 4), {dose} from adam.adsl where not isnan(TRTDURD)"
    ).fetchall()
    assert len(rows) == 254
    assert [row for row in rows if row[0] != row[1] or row[2] != row[3]] == []


@pytest.mark.parametrize(
    ("domain", "records"), [("ae", 937), ("cm", 2035), ("ds", 544), ("lbch", 32_740), ("vs", 29_643)]
)
def test_study_days_and_dates(domain: str, records: int) -> None:
    """Every study day of the pilot's records, and every date as it stands, partial ones included."""
    prefix = domain[:2].upper()
    start = {"AE": "AEST", "CM": "CMST", "DS": "DSST"}.get(prefix, prefix)
    day, dates = macros("day_arithmetic"), macros("typing", "sdtm")
    read = dates.read_day(f"{start}DTC")
    ours = day.study_day(day.days_between("RFSTDTC::date", read))
    with pilot(sdtm=["dm", domain]) as connection:
        rows = connection.execute(f"""
            select {start}DY, {ours} from sdtm.{domain} join (select USUBJID, RFSTDTC from sdtm.dm) using (USUBJID)
            where not isnan({start}DY) and {read} is not null
        """).fetchall()
        changed = connection.execute(f"""
            select count(*) from sdtm.{domain} where {dates.sdtm_dtc(f"{start}DTC")} is distinct from {start}DTC
        """).fetchall()
    assert len(rows) == records
    assert [row for row in rows if row[0] != row[1]] == []
    assert changed == [(0,)]


@pytest.mark.parametrize(
    ("domain", "judged", "baselines", "later"),
    [("lbch", 32_734, 4155, 372), ("lbhe", 21_634, 2772, 215), ("lbur", 2291, 1392, 83)],
)
def test_laboratory_results_against_their_limits_and_their_baselines(
    domain: str, judged: int, baselines: int, later: int
) -> None:
    """LOW, NORMAL or HIGH as published, in the units of the laboratory, in which the pilot compared. Its baseline is the
    planned screening, here it is the last result up to the first dose: the same, save where somebody was sampled again."""
    with pilot(sdtm=["dm", domain]) as connection:
        connection.execute(f"""
            create table staging.typed_lb as
            select USUBJID || ' ' || LBSEQ::integer as row_id, null as siteid, USUBJID as usubjid, VISIT as visit,
                VISIT as visit_delivered, left(LBDTC, 10)::date as lbdt, LBDTC as lbdtc_delivered, LBTESTCD as lbtestcd,
                try_cast(LBORRES as decimal(18, 6)) as lbstresn, null as lbstresc, LBORRESU as lbstresu,
                try_cast(LBORNRLO as decimal(18, 6)) as lbstnrlo, try_cast(LBORNRHI as decimal(18, 6)) as lbstnrhi,
                null as quarantine_rule
            from sdtm.{domain}
        """)
        connection.execute("""
            create or replace table intermediate.int_day0 as
            select USUBJID as usubjid, RFSTDTC::date as trtsdt from sdtm.dm where RFSTDTC is not null
        """)
        connection.execute(f"""
            create or replace table protocol.lab_tests as
            select distinct LBTESTCD as testcd, 'BOTH' as limits_needed from sdtm.{domain}
        """)
        ours = {row[0]: row[1:] for row in run_model(connection, "int_lab_records", "row_id, anrind, is_baseline")}
        theirs = connection.execute(f"""
            select USUBJID || ' ' || LBSEQ::integer, LBNRIND, LBBLFL is not distinct from 'Y', USUBJID, LBTESTCD, LBDTC
            from sdtm.{domain}
        """).fetchall()
    rows = [(*ours[row_id], *rest) for row_id, *rest in theirs if row_id in ours]
    assert len(rows) == len(ours)
    # A result without limits is not judged here; the pilot calls some of those normal or abnormal all the same.
    assert [row for row in rows if row[0] is not None and row[0] != row[2]] == []
    assert len([row for row in rows if row[0] is not None]) == judged
    assert len([row for row in rows if row[1] and row[3]]) == baselines
    screened = {(subject, test): day for *_, subject, test, day in (row for row in rows if row[3] and not row[1])}
    again = {(subject, test): day for *_, subject, test, day in (row for row in rows if row[1] and not row[3])}
    assert len(screened) == later
    assert [key for key, day in screened.items() if not again[key] > day] == []
