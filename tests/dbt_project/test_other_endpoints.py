"""BICLA, LLDAS, DORIS remission, steroid sparing, the course of the response and times to events, by hand.

Every expectation comes from the papers that the protocol's parameters name. The standard baseline is SLEDAI-2K 10
(arthritis, haematuria, rash), BILAG DBDBDDDDD, PGA 1.5.
"""

from __future__ import annotations

import pytest

from tests.dbt_project.endpoint_tables import RESPONSE, endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import SELECTED, Derived

SELECTED.update(["+adeff", "+adresp", "+adtte"])
ADEFF, ADRESP, ADTTE = "candidate.analysis.adeff", "candidate.analysis.adresp", "candidate.analysis.adtte"
DS = "dscat  dsdecod  dsdtc"
CM = "cmtrt  cmclas  cmstdtc  cmendtc  cmdose"


def week_48(name: str, now: str, baseline: str | None = None, **extra: str) -> str:
    """A subject with one assessment, at week 48."""
    first = f"0  D0  {baseline}" if baseline else "0  D0  9+12+15  DBDBDDDDD  1.5"
    return endpoint_subject(f"OTHER-{name}", f"336  W48  {now}", baseline=first, **extra)  # type: ignore[arg-type]


# BICLA: every A and B of baseline improves, no new A, at most one new B, SLEDAI-2K and PGA no worse.
# name: (week 48, baseline or None, bicblfl bicimpfl bicbilfl bicslefl bicpgafl biclaoc)
BICLA = {
    "IMPROVED": ("9+12+15  DCDCDDDDD  1.5", None, "Y Y Y Y Y Y"),
    "ONEKEPT": ("9+12+15  DCDBDDDDD  1.5", None, "Y N Y Y Y N"),
    "ATOB": ("9+12+15  DBDDDDDDD  1.5", "9+12+15  DADDDDDDD  1.5", "Y Y Y Y Y Y"),
    "ASTAYS": ("9+12+15  DADDDDDDD  1.5", "9+12+15  DADDDDDDD  1.5", "Y N Y Y Y N"),
    # A B that became an A has not improved, and is a new A.
    "BTOA": ("9+12+15  DADCDDDDD  1.5", None, "Y N N Y Y N"),
    # One new B elsewhere is allowed, two are not.
    "ONENEWB": ("9+12+15  BCDCDDDDD  1.5", None, "Y Y Y Y Y Y"),
    "TWONEWB": ("9+12+15  BCBCDDDDD  1.5", None, "Y Y N Y Y N"),
    # SLEDAI-2K as at baseline is no worsening; a point more (fever) is.
    "SLEDAIUP": ("9+12+15+22  DCDCDDDDD  1.5", None, "Y Y Y N Y N"),
    "PGA179": ("9+12+15  DCDCDDDDD  1.79", None, "Y Y Y Y Y Y"),
    "PGA180": ("9+12+15  DCDCDDDDD  1.80", None, "Y Y Y Y N N"),
    # Without an A or B nothing can improve.
    "NOTHINGACTIVE": ("9+12+15  DDDDDDDDD  1.5", "9+12+15  CCDDDDDDD  1.5", "N Y Y Y Y N"),
    # Gaps: a B now where baseline is missing could be a B that stayed; a C can't be.
    "GAPTHENB": ("9+12+15  BCDCDDDDD  1.5", "9+12+15  -BDBDDDDD  1.5", "Y . Y Y Y ."),
    "GAPTHENC": ("9+12+15  CCDCDDDDD  1.5", "9+12+15  -BDBDDDDD  1.5", "Y Y Y Y Y Y"),
    "BTHENGAP": ("9+12+15  D-DCDDDDD  1.5", None, "Y . . Y Y ."),
    "DTHENGAP": ("9+12+15  -CDCDDDDD  1.5", None, "Y Y . Y Y ."),
    # Whether there was a B at all hangs on the gap.
    "ONLYGAP": ("9+12+15  CDDDDDDDD  1.5", "9+12+15  -DDDDDDDD  1.5", ". Y Y Y Y ."),
    # A known failure is one whatever is missing.
    "KNOWNFAILURE": ("9+12+15 ?24  DBDCDDDDD  .", None, "Y N Y . . N"),
}
BICLA_SITES = {name: week_48(f"B-{name}", now, baseline) for name, (now, baseline, _) in BICLA.items()}


@pytest.mark.parametrize("name", BICLA)
def test_bicla(endpoint: Derived, name: str) -> None:
    columns = "bicblfl bicimpfl bicbilfl bicslefl bicpgafl biclaoc"
    assert endpoint.rows(ADEFF, BICLA_SITES[name], columns, "avisitn = 48") == [BICLA[name][2].split()]


def prednisone(*records: str) -> str:
    return "\n".join([CM, *(f"PREDNISONE  CORTICOSTEROID  {record}" for record in records)])


# LLDAS: SLEDAI-2K of at most 4, no major organ, nothing new, PGA of at most 1, at most 7.5 mg a day.
# DORIS: no item but complement and anti-dsDNA, PGA below 0.5, at most 5 mg a day.
# name: (week 48, prednisone, llslefl llorgfl llnewfl llpgafl llstefl lldasoc, doclifl dopgafl dostefl dorisoc)
STATES: dict[str, tuple[str, str, str, str]] = {
    "QUIET": ("0  DDDDDDDDD  0.4", "", "Y Y Y Y Y Y", "Y Y Y Y"),
    "SEROLOGY": ("20+21  DDDDDDDDD  0.4", "", "Y Y N Y Y N", "Y Y Y Y"),
    "ARTHRITIS": ("9  DDDDDDDDD  0.4", "", "Y Y Y Y Y Y", "N Y Y N"),
    # Arthritis and thrombocytopenia are 5 points; the second is new as well.
    "FIVEPOINTS": ("9+23  DDDDDDDDD  0.4", "", "N Y N Y Y N", "N Y Y N"),
    # Haematuria was there at baseline and is a major organ; so are pleurisy and fever, and these are new.
    "KIDNEY": ("12  DDDDDDDDD  0.4", "", "Y N Y Y Y N", "N Y Y N"),
    "PLEURISY": ("18  DDDDDDDDD  0.4", "", "Y N N Y Y N", "N Y Y N"),
    "FEVER": ("22  DDDDDDDDD  0.4", "", "Y N N Y Y N", "N Y Y N"),
    "PGA100": ("0  DDDDDDDDD  1.00", "", "Y Y Y Y Y Y", "Y N Y N"),
    "PGA101": ("0  DDDDDDDDD  1.01", "", "Y Y Y N Y N", "Y N Y N"),
    "PGA050": ("0  DDDDDDDDD  0.50", "", "Y Y Y Y Y Y", "Y N Y N"),
    "PGA049": ("0  DDDDDDDDD  0.49", "", "Y Y Y Y Y Y", "Y Y Y Y"),
    "DOSE50": ("0  DDDDDDDDD  0.4", "-30  .  5", "Y Y Y Y Y Y", "Y Y Y Y"),
    "DOSE51": ("0  DDDDDDDDD  0.4", "-30  .  5.01", "Y Y Y Y Y Y", "Y Y N N"),
    "DOSE75": ("0  DDDDDDDDD  0.4", "-30  .  7.5", "Y Y Y Y Y Y", "Y Y N N"),
    "DOSE76": ("0  DDDDDDDDD  0.4", "-30  .  7.51", "Y Y Y Y N N", "Y Y N N"),
    # The dose of the day: one that ended the day before doesn't count, one that ends on it does.
    "ENDED": ("0  DDDDDDDDD  0.4", "-30  335  20", "Y Y Y Y Y Y", "Y Y Y Y"),
    "ENDSTODAY": ("0  DDDDDDDDD  0.4", "-30  336  20", "Y Y Y Y N N", "Y Y N N"),
    # An unanswered item: fever could be new and a major organ; complement could be new but no clinical activity.
    "FEVEROPEN": ("0 ?22  DDDDDDDDD  0.4", "", ". . . Y Y .", ". Y Y ."),
    "COMPLEMENTOPEN": ("0 ?20  DDDDDDDDD  0.4", "", ". Y . Y Y .", "Y Y Y Y"),
    # Rash was there at baseline, so that it is open now makes nothing new.
    "RASHOPEN": ("0 ?15  DDDDDDDDD  0.4", "", ". Y Y Y Y .", ". Y Y ."),
    "KNOWNFAILURE": ("9 ?22  DDDDDDDDD  .", "-30  .  20", ". . . . N N", "N . N N"),
}
STATE_SITES = {
    name: week_48(f"S-{name}", now, **({"cm": prednisone(cm)} if cm else {}))
    for name, (now, cm, _, _) in STATES.items()
}


@pytest.mark.parametrize("name", STATES)
def test_low_disease_activity(endpoint: Derived, name: str) -> None:
    columns = "llslefl llorgfl llnewfl llpgafl llstefl lldasoc"
    assert endpoint.rows(ADEFF, STATE_SITES[name], columns, "avisitn = 48") == [STATES[name][2].split()]


@pytest.mark.parametrize("name", STATES)
def test_remission(endpoint: Derived, name: str) -> None:
    columns = "doclifl dopgafl dostefl dorisoc"
    assert endpoint.rows(ADEFF, STATE_SITES[name], columns, "avisitn = 48") == [STATES[name][3].split()]


# New against the assessment before, not against baseline: alopecia comes at week 4, stays, goes, and comes again.
FEATURES = endpoint_subject(
    "OTHER-FEATURES",
    """
    14  W2   9      DDDDDDDDD  0.4
    28  W4   16     DDDDDDDDD  0.4
    84  W12  16     DDDDDDDDD  0.4
    112 W16  0 ?16  DDDDDDDDD  0.4
    140 W20  16     DDDDDDDDD  0.4
    168 W24  0      DDDDDDDDD  0.4
    """.replace("112 ", "112  ")
    .replace("140 ", "140  ")
    .replace("168 ", "168  "),
    cut=250,
)


def test_a_feature_is_new_against_the_assessment_before(endpoint: Derived) -> None:
    # Nothing was assessed at week 8, so week 12 looks at week 4. At week 16 the item is open, where it was present
    # before: nothing can be new. At week 20 it is present after an open answer: it could be new.
    assert endpoint.rows(ADEFF, FEATURES, "avisitn llnewfl lldasoc lldas", "avisitn <= 28") == expected("""
        avisitn  llnewfl  lldasoc  lldas
        2        Y        Y        Y
        4        N        N        N
        8        .        .        N
        12       Y        Y        Y
        16       Y        .        N
        20       .        .        N
        24       Y        Y        Y
        28       .        .        N
    """)


def test_events_and_visits_to_come(endpoint: Derived) -> None:
    """As with SRI-4: no response from an event on, none at a closed visit that is unknown, else not known yet."""
    found = endpoint.rows(ADEFF, EVENT, "avisitn icefl biclaoc bicla lldas doris", "avisitn in (2, 48)")
    assert found == expected("""
        avisitn  icefl  biclaoc  bicla  lldas  doris
        2        N      .        N      N      N
        48       Y      Y        N      N      N
    """)
    assert endpoint.rows(ADEFF, TO_COME, "biclaoc bicla lldas doris closedfl", "avisitn = 48") == [
        [".", ".", ".", ".", "N"]
    ]


EVENT = week_48("EVENT", "0  DCDCDDDDD  0.4", ds=f"{DS}\nTREATMENT  LACK OF EFFICACY  336")
TO_COME = endpoint_subject("OTHER-TOCOME", cut=300)
NEW = endpoint_subject("OTHER-NEW", cut=20)

# Steroid sparing: above 7.5 mg at baseline; at most 7.5 and at least 25 % less on every day from 280 to 336.
SPARING = {
    "TO75": (prednisone("-30  279  10", "280  .  7.5"), "Y 7.5 Y"),
    "TO76": (prednisone("-30  279  10.1", "280  .  7.51"), "Y 7.51 N"),
    "ADAYLATE": (prednisone("-30  280  10", "281  .  5"), "Y 10 N"),
    # 9 mg at baseline: three quarters are 6.75.
    "QUARTER": (prednisone("-30  279  9", "280  .  6.75"), "Y 6.75 Y"),
    "NOQUARTER": (prednisone("-30  279  9", "280  .  6.76"), "Y 6.76 N"),
    "LOWATBASELINE": (prednisone("-30  .  7.5"), "N 7.5 ."),
    # A short course inside the period; and one on its last day, and the day after.
    "SHORT": (prednisone("-30  100  10", "300  302  8"), "Y 8 N"),
    "LASTDAY": (prednisone("-30  100  10", "336  340  8"), "Y 8 N"),
    "DAYAFTER": (prednisone("-30  100  10", "337  340  8"), "Y 0 Y"),
    "ADDSUP": (prednisone("-30  279  10", "280  .  5", "290  300  3"), "Y 8 N"),
}
SPARING_SITES = {name: week_48(f"P-{name}", RESPONSE, cm=cm) for name, (cm, _) in SPARING.items()}
SPARING_OPEN = endpoint_subject("OTHER-P-OPEN", cm=SPARING["TO75"][0], cut=335)
SPARING_TO_COME = endpoint_subject("OTHER-P-TOCOME", cm=SPARING["TO75"][0], cut=100)
SPARING_FAILED = endpoint_subject("OTHER-P-FAILED", cm=SPARING["TO76"][0], cut=300)
SPARING_KNOWN = endpoint_subject("OTHER-P-KNOWN", cm=SPARING["TO75"][0], cut=336)
SPARING_LEFT = week_48("P-LEFT", RESPONSE, cm=SPARING["TO75"][0], ds=f"{DS}\nSTUDY  WITHDRAWAL BY SUBJECT  330")


@pytest.mark.parametrize("name", SPARING)
def test_steroid_sparing(endpoint: Derived, name: str) -> None:
    found = endpoint.rows(ADRESP, SPARING_SITES[name], "spareel maxpred sparefl")
    assert found == [SPARING[name][1].split()]


def test_steroid_sparing_is_not_known_before_its_time_and_lost_by_an_event(endpoint: Derived) -> None:
    assert endpoint.rows(ADRESP, SPARING_OPEN, "spareel maxpred sparefl closedfl") == [["Y", ".", ".", "N"]]
    assert endpoint.rows(ADRESP, SPARING_TO_COME, "spareel maxpred sparefl closedfl") == [["Y", ".", ".", "N"]]
    # What is known already decides against it, and on the last day all is known, whether the visit is closed or not.
    assert endpoint.rows(ADRESP, SPARING_FAILED, "maxpred sparefl closedfl") == [[".", "N", "N"]]
    assert endpoint.rows(ADRESP, SPARING_KNOWN, "maxpred sparefl closedfl") == [["7.5", "Y", "N"]]
    assert endpoint.rows(ADRESP, SPARING_LEFT, "spareel sparefl closedfl") == [["Y", "N", "Y"]]


def course(name: str, *responding: int, cut: int = 400, **extra: str) -> str:
    """A subject assessed at every analysis visit, responding in these weeks only."""
    weeks = (2, *range(4, 49, 4))
    lines = [
        f"{7 * week}  W{week}  {RESPONSE if week in responding else '9+12+15  DBDBDDDDD  1.5'}"
        for week in weeks
        if 7 * week <= cut
    ]
    return endpoint_subject(f"OTHER-C-{name}", "\n".join(lines), cut=cut, **extra)  # type: ignore[arg-type]


COURSES = {
    "NEVER": course("NEVER"),
    "ONLYAT48": course("ONLYAT48", 48),
    "FROM36": course("FROM36", 36, 40, 44, 48),
    "FROM40": course("FROM40", 40, 44, 48),
    "LOST": course("LOST", 8, 12, 44),
    "AGAIN": course("AGAIN", 8, 44, 48),
    # Assessed to week 36; week 40 and on are still to come.
    "OPEN": course("OPEN", 36, cut=260),
    # The response of week 8 stands; from the event on there is none.
    "EVENT": course("EVENT", 8, 12, 40, 44, 48, ds=f"{DS}\nTREATMENT  LACK OF EFFICACY  100"),
    "LEFT": course("LEFT", cut=400, ds=f"{DS}\nSTUDY  WITHDRAWAL BY SUBJECT  100"),
    "COMPLETED": course("COMPLETED", 48, ds=f"{DS}\nSTUDY  COMPLETED  340"),
}


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("NEVER", "0 13 0 . . . . N N"),
        ("ONLYAT48", "1 13 7.69 48 336 48 1 N N"),
        ("FROM36", "4 13 30.77 36 252 36 85 N Y"),
        ("FROM40", "3 13 23.08 40 280 40 57 N N"),
        ("LOST", "3 13 23.08 8 56 . . Y N"),
        ("AGAIN", "3 13 23.08 8 56 44 29 Y N"),
        # 10 visits are known (weeks 2 to 36); the sustained response hangs on weeks 40 to 48.
        ("OPEN", "1 10 10 36 252 . . N ."),
        ("EVENT", "2 13 15.38 8 56 . . Y N"),
    ],
)
def test_the_course_of_the_response(endpoint: Derived, name: str, result: str) -> None:
    columns = "nresp nknown resppct frespwk frespdt krespwk krespdur lostfl sustfl"
    assert endpoint.rows(ADRESP, COURSES[name], columns) == [result.split()]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        (
            "NEVER",
            """
            TTDISC   400  401  1  CENSORED: STILL FOLLOWED, SITE CUT
            TTSRI4   336  337  2  CENSORED: END OF TREATMENT PERIOD WITHOUT IT
            TTSRI4S  336  337  2  CENSORED: END OF TREATMENT PERIOD WITHOUT IT
            """,
        ),
        (
            "AGAIN",
            """
            TTDISC   400  401  1  CENSORED: STILL FOLLOWED, SITE CUT
            TTSRI4   56   57   0  FIRST SRI-4 RESPONSE
            TTSRI4S  308  309  0  SRI-4 RESPONSE KEPT TO THE ENDPOINT
            """,
        ),
        (
            "OPEN",
            """
            TTDISC   260  261  1  CENSORED: STILL FOLLOWED, SITE CUT
            TTSRI4   252  253  0  FIRST SRI-4 RESPONSE
            TTSRI4S  224  225  1  CENSORED: STILL FOLLOWED, LAST VISIT KNOWN AS NO RESPONSE
            """,
        ),
        (
            "EVENT",
            """
            TTDISC   400  401  1  CENSORED: STILL FOLLOWED, SITE CUT
            TTSRI4   56   57   0  FIRST SRI-4 RESPONSE
            TTSRI4S  100  101  3  CENSORED: TREATMENT DISCONTINUED
            """,
        ),
        (
            "LEFT",
            """
            TTDISC   100  101  0  END OF STUDY: WITHDRAWAL BY SUBJECT
            TTSRI4   100  101  3  CENSORED: DISCONTINUED
            TTSRI4S  100  101  3  CENSORED: DISCONTINUED
            """,
        ),
        (
            "COMPLETED",
            """
            TTDISC   340  341  2  CENSORED: STUDY COMPLETED
            TTSRI4   336  337  0  FIRST SRI-4 RESPONSE
            TTSRI4S  336  337  0  SRI-4 RESPONSE KEPT TO THE ENDPOINT
            """,
        ),
    ],
)
def test_times_to_events(endpoint: Derived, name: str, result: str) -> None:
    header = "paramcd  adt  aval  cnsr  evntdesc"
    assert endpoint.rows(ADTTE, COURSES[name], "paramcd adt aval cnsr evntdesc") == expected(header + result.rstrip())


def test_a_subject_who_is_not_assessed(endpoint: Derived) -> None:
    """By day 300 week 36 is mature (266 + 7 days of lag) and counts as none on its target day; by day 20 nothing is."""
    for site, day in ((TO_COME, "252"), (NEW, "0")):
        assert endpoint.rows(ADTTE, site, "paramcd adt cnsr", "paramcd <> 'TTDISC'") == [
            ["TTSRI4", day, "1"],
            ["TTSRI4S", day, "1"],
        ]


# An event after the endpoint's visit stops nobody who had come to it; on the day itself it does.
LATE_EVENT = course("LATEEVENT", ds=f"{DS}\nSTUDY  WITHDRAWAL BY SUBJECT  380")
EVENT_ON_THE_DAY = course("EVENTONTHEDAY", ds=f"{DS}\nSTUDY  WITHDRAWAL BY SUBJECT  336")


def test_an_event_after_the_end_stops_nobody(endpoint: Derived) -> None:
    assert endpoint.rows(ADTTE, LATE_EVENT, "adt cnsr", "paramcd = 'TTSRI4'") == [["336", "2"]]
    assert endpoint.rows(ADTTE, EVENT_ON_THE_DAY, "adt cnsr", "paramcd = 'TTSRI4'") == [["336", "3"]]


def test_events_in_time_are_the_rate_of_responders(endpoint: Derived) -> None:
    """Of mature subjects, those with a response that is kept are the responders of the endpoint, one by one."""
    different = endpoint.all_rows("""
        select times.usubjid
        from candidate.analysis.adtte as times
        inner join candidate.analysis.adsri as adsri
            on times.usubjid = adsri.usubjid and adsri.avisit = 'Week 48'
        where times.paramcd = 'TTSRI4S' and times.maturfl = 'Y' and (times.cnsr = 0) <> (adsri.sri4 = 'Y')
    """)
    assert different == []


# What is unknown never makes a low dose: a record without a dose, without a frequency, of an unknown name; the dose of a
# record that ended the day before is no matter.
UNKNOWN_DOSES = {
    "NODOSE": ("PREDNISONE  CORTICOSTEROID  -30  .  .", ". . . ."),
    "NONAME": ("STEROID TABLETS  CORTICOSTEROID  -30  .  5", ". . . ."),
    "ENDED": ("PREDNISONE  CORTICOSTEROID  -30  335  .", "0 Y Y Y"),
    # What is known beside it exceeds the limit of remission already, not that of low disease activity.
    "ANDSIX": ("PREDNISONE  CORTICOSTEROID  -30  .  .\nPREDNISONE  CORTICOSTEROID  -30  .  6", ". . N N"),
    "ZERO": ("PREDNISONE  CORTICOSTEROID  -30  .  0", "0 Y Y Y"),
}
UNKNOWN_SITES = {
    name: week_48(f"U-{name}", "0  DDDDDDDDD  0.4", cm=f"{CM}\n{records}")
    for name, (records, _) in UNKNOWN_DOSES.items()
}
# Assessed on day 336, while medication is known up to day 335.
AFTER_CUT = week_48("U-AFTERCUT", "0  DDDDDDDDD  0.4", cm=prednisone("-30  .  5"), cut=335)
UNKNOWN_SPARING = week_48("U-SPARING", RESPONSE, cm=prednisone("-30  299  10", "300  .  ."))


@pytest.mark.parametrize("name", UNKNOWN_DOSES)
def test_an_unknown_dose_is_no_low_one(endpoint: Derived, name: str) -> None:
    found = endpoint.rows(ADEFF, UNKNOWN_SITES[name], "preddose llstefl dostefl dorisoc", "avisitn = 48")
    assert found == [UNKNOWN_DOSES[name][1].split()]


def test_a_dose_after_medication_is_known_is_unknown(endpoint: Derived) -> None:
    columns = "preddose llstefl dostefl lldasoc dorisoc"
    assert endpoint.rows(ADEFF, AFTER_CUT, columns, "avisitn = 48") == [[".", ".", ".", ".", "."]]


def test_an_unknown_dose_spares_nothing(endpoint: Derived) -> None:
    assert endpoint.rows(ADRESP, UNKNOWN_SPARING, "spareel maxpred sparefl") == [["Y", ".", "N"]]


# An A now fails whatever is missing at baseline; no A or B at baseline fails whatever is not assessed now.
GAP_THEN_A = week_48("B-GAPTHENA", "9+12+15  ACDCDDDDD  1.5", "9+12+15  -BDBDDDDD  1.5")
NOTHING_TO_IMPROVE = week_48("B-NOTHING", "9+12+15  .  1.5", "9+12+15  CCDDDDDDD  1.5")


def test_bicla_that_is_known_to_fail_in_spite_of_gaps(endpoint: Derived) -> None:
    columns = "bicblfl bicimpfl bicbilfl biclaoc"
    assert endpoint.rows(ADEFF, GAP_THEN_A, columns, "avisitn = 48") == [["Y", ".", ".", "N"]]
    assert endpoint.rows(ADEFF, NOTHING_TO_IMPROVE, columns, "avisitn = 48") == [["N", ".", ".", "N"]]


def test_what_is_the_same_as_in_adsri_is_the_same(endpoint: Derived) -> None:
    different = endpoint.all_rows("""
        select usubjid, avisitn
        from candidate.analysis.adeff as here
        full join candidate.analysis.adsri as adsri using (usubjid, avisitn)
        where
            (here.adt, here.bicbilfl, here.bicpgafl, here.icefl, here.maturfl, here.closedfl, here.srcsled)
            is distinct from
            (adsri.adt, adsri.bilfl, adsri.pgafl, adsri.icefl, adsri.maturfl, adsri.closedfl, adsri.srcsled)
    """)
    assert different == []
