"""Events against visits, maturity, missing data, and the rates over mature visits."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from jinja2 import Environment

from orchestration.derivation.project import PROJECT_DIR
from tests.dbt_project.endpoint_tables import RESPONSE, endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import Derived

ADSRI = "candidate.analysis.adsri"
DS = "dscat  dsdecod  dsdtc"
WEEK_48 = f"336  W48  {RESPONSE}"

# An event counts when it is dated on or before the assessment, or the target date where nothing was assessed.
# name: (records, disposition or medication, result and reason at week 48 by hand)
EVENTS = {
    "ONTHEDAY": (WEEK_48, {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  336"}, "N  TREATMENT DISCONTINUED"),
    "DAYAFTER": (WEEK_48, {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  337"}, "Y  RESPONDER"),
    "ONTARGET": ("", {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  336"}, "N  TREATMENT DISCONTINUED"),
    "AFTERTARGET": ("", {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  337"}, "N  MISSING"),
    # The latest date of the chosen records counts, complete or not: a PGA without a value on day 340.
    "INCOMPLETELATER": (
        "336  W48  9  DCDCDDDDD  .\n340  UNS  .  .  9\n330  UNS  .  .  0.8",
        {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  337"},
        "Y  RESPONDER",
    ),
    "ONLYINCOMPLETE": (
        "336  W48  9  DCDCDDDDD  .\n340  UNS  .  .  9",
        {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  337"},
        "N  TREATMENT DISCONTINUED",
    ),
    "COMPLETED": (WEEK_48, {"ds": f"{DS}\nTREATMENT  COMPLETED  336\nSTUDY  COMPLETED  336"}, "Y  RESPONDER"),
    "DISCONTINUED": (WEEK_48, {"ds": f"{DS}\nSTUDY  WITHDRAWAL BY SUBJECT  336"}, "N  DISCONTINUED"),
    "UNREADABLEEND": (WEEK_48, {"ds": f"{DS}\nSTUDY  finished  336"}, "N  DISCONTINUED"),
    "DEATH": (WEEK_48, {"ds": f"{DS}\nSTUDY  DEATH  336"}, "N  DEATH"),
    # Death itself comes from the end of study; as the end of treatment it is an end of treatment.
    "TREATMENTDEATH": (WEEK_48, {"ds": f"{DS}\nTREATMENT  DEATH  336"}, "N  TREATMENT DISCONTINUED"),
    # The order of the protocol, whatever the dates.
    "ORDER": (
        WEEK_48,
        {
            "ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  100\nSTUDY  ADVERSE EVENT  330",
            "cm": "cmtrt  cmclas  cmstdtc\nRITUXIMAB  BIOLOGIC  90",
        },
        "N  DISCONTINUED",
    ),
    # An event that comes first in the order but too late for the visit is not its reason.
    "NOTYET": (
        WEEK_48,
        {
            "ds": f"{DS}\nSTUDY  ADVERSE EVENT  340",
            "cm": "cmtrt  cmclas  cmstdtc\nRITUXIMAB  BIOLOGIC  90",
        },
        "N  PROHIBITED MEDICATION",
    ),
    # Of several ends the earliest counts; events after the end of the study don't.
    "FIRSTEND": (WEEK_48, {"ds": f"{DS}\nSTUDY  COMPLETED  330\nSTUDY  DEATH  335"}, "Y  RESPONDER"),
    "AFTERTHEEND": (
        WEEK_48,
        {"ds": f"{DS}\nSTUDY  COMPLETED  330\nTREATMENT  LACK OF EFFICACY  331"},
        "Y  RESPONDER",
    ),
    "LASTDAY": (
        WEEK_48,
        {"ds": f"{DS}\nSTUDY  COMPLETED  330\nTREATMENT  LACK OF EFFICACY  330"},
        "N  TREATMENT DISCONTINUED",
    ),
    # Without a date: the day after the last dated visit, infusion or assessment, here day 337.
    "NODATE": (WEEK_48, {"ds": f"{DS}\nTREATMENT  LACK OF EFFICACY  ."}, "Y  RESPONDER"),
}
EVENT_SITES = {
    name: endpoint_subject(f"ICE-{name}", records, **extra)  # type: ignore[arg-type]
    for name, (records, extra, _) in EVENTS.items()
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_against_week_48(endpoint: Derived, name: str) -> None:
    assert endpoint.rows(ADSRI, EVENT_SITES[name], "sri4 reason", "avisitn = 48") == expected(
        f"sri4  reason\n{EVENTS[name][2]}"
    )


STOPPED = endpoint_subject(
    "STOPPED",
    f"56  W8  {RESPONSE}\n84  W12  {RESPONSE}",
    ds=f"{DS}\nTREATMENT  PHYSICIAN DECISION  70",
    cm="cmtrt  cmclas  cmstdtc\nRITUXIMAB  BIOLOGIC  70",
    cut=100,
)


def test_an_event_also_decides_visits_still_to_come_and_is_shown_on_all(endpoint: Derived) -> None:
    columns = "avisitn sri4oc sri4 sri4locf sri8 icefl iceterm icedt reason maturfl"
    assert endpoint.rows(ADSRI, STOPPED, columns, "avisitn in (4, 8, 12, 48)") == expected("""
        avisitn  sri4oc  sri4  sri4locf  sri8  icefl  iceterm                 icedt  reason                  maturfl
        4        .       N     .         N     N      TREATMENT DISCONTINUED  70     MISSING                 Y
        8        Y       Y     Y         N     N      TREATMENT DISCONTINUED  70     RESPONDER               Y
        12       Y       N     N         N     Y      TREATMENT DISCONTINUED  70     TREATMENT DISCONTINUED  N
        48       .       N     N         N     Y      TREATMENT DISCONTINUED  70     TREATMENT DISCONTINUED  N
    """)


# Week 2 ends on day 21, so with seven days for late entry it is mature once the site cut lies after day 28.
MATURITY = {
    28: endpoint_subject("CUT28", cut=28),
    29: endpoint_subject("CUT29", cut=29),
    None: endpoint_subject("NOCUTATALL", cut=None),
}
ENDED = endpoint_subject("ENDED", cut=10, ds=f"{DS}\nSTUDY  COMPLETED  9")


@pytest.mark.parametrize(
    ("cut", "result"),
    [(28, ["N", "N", ".", "PENDING"]), (29, ["Y", "Y", "N", "MISSING"]), (None, ["N", "N", ".", "PENDING"])],
)
def test_maturity_to_the_day(endpoint: Derived, cut: int | None, result: list[str]) -> None:
    assert endpoint.rows(ADSRI, MATURITY[cut], "maturfl closedfl sri4 reason", "avisitn = 2") == [result]


def test_an_end_of_study_closes_every_visit_without_making_it_mature(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, ENDED, "maturfl closedfl sri4 sri4locf reason", "avisitn in (2, 48)") == [
        ["N", "Y", "N", ".", "MISSING"],
        ["N", "Y", "N", ".", "MISSING"],
    ]


# Components carried separately, from an earlier analysis visit, never from baseline, never into a visit still open.
CARRIED = endpoint_subject(
    "CARRIED",
    """
    14   W2   .        DCDCDDDDD  0.8
    28   W4   9        DCDCDDDDD  0.8
    56   W8   9        DCDCDDDDD  .
    84   W12  9+12+15  .          .
    112  W16  .        .          1.9
    140  W20  9        .          .
    168  W24  9        DADCDDDDD  0.8
    196  W28  9        .          0.8
    """,
    cut=250,
)


def test_the_last_known_result_of_each_component_is_carried_forward(endpoint: Derived) -> None:
    assert endpoint.rows(ADSRI, CARRIED, "avisitn sri4oc sri4 sri4locf reason", "avisitn <= 36") == expected("""
        avisitn  sri4oc  sri4  sri4locf  reason
        2        .       N     .         MISSING
        4        Y       Y     Y         RESPONDER
        8        .       N     Y         MISSING
        12       N       N     N         SLEDAI
        16       N       N     N         PGA
        20       .       N     N         MISSING
        24       N       N     N         BILAG
        28       .       N     N         MISSING
        32       .       N     N         MISSING
        36       .       .     .         PENDING
    """)


def test_rates_count_mature_visits_only(endpoint: Derived) -> None:
    rows = endpoint.all_rows(
        """
        with week_48 as (from candidate.analysis.adsri where avisitn = 48)
        select
            srisum.*,
            (select count(*) from week_48 where maturfl = 'Y') as mature,
            (select count(*) from week_48 where maturfl = 'N') as immature,
            (select count(*) from week_48 where maturfl = 'Y' and sri4 = 'Y') as responders
        from candidate.analysis.srisum where avisitn = 48 order by estimator
        """
    )
    assert [row["estimator"] for row in rows] == ["LOCF", "NRI", "OC"]
    primary = rows[1]
    assert (primary["n"], primary["nresp"]) == (primary["mature"], primary["responders"])
    assert {row["nimmature"] for row in rows} == {primary["immature"]}
    assert all(row["nresp"] <= row["n"] <= primary["n"] for row in rows)


# By the textbook formula on a calculator (BLISS-52: 167 of 290; BLISS-76: 118 of 273), and the ends of the scale.
@pytest.mark.parametrize(
    ("responders", "subjects", "low", "high"),
    [
        (167, 290, "0.518354", "0.631386"),
        (118, 273, "0.374812", "0.491537"),
        (0, 10, "0.000000", "0.277533"),
        (10, 10, "0.722467", "1.000000"),
        (1, 1, "0.206549", "1.000000"),
        (0, 0, None, None),
    ],
)
def test_the_wilson_interval(responders: int, subjects: int, low: str | None, high: str | None) -> None:
    macro = (PROJECT_DIR / "macros" / "wilson_limit.sql").read_text(encoding="utf-8")
    for side, limit in (("-", low), ("+", high)):
        call = f"select {{{{ wilson_limit({responders}, {subjects}, 1.959964, '{side}') }}}}"
        found = duckdb.sql(Environment().from_string(macro + call).render()).fetchall()
        assert found == [(Decimal(limit) if limit else None,)]
