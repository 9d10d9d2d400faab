"""Steroid increase: which records count for how much, and the first day from day 168 on that exceeds the limit.

Day 0 is 2025-01-06, so June 2025 is day 146 to 175 and July day 176 to 206. The site cut is day 400. A record is
prednisone by mouth, in mg once a day, unless it says otherwise. The limit is the larger of 1.25 x baseline and baseline
+ 5 mg, and a dose of exactly the limit does not exceed it.
"""

from __future__ import annotations

import pytest

from tests.dbt_project.endpoint_tables import endpoint_subject
from tests.dbt_project.written_trial import Derived

SHORT = "cmtrt  cmclas  cmdose  cmstdtc  cmendtc"
LONG = "cmtrt  cmclas  cmdose  cmdosu  cmdosfrq  cmroute  cmindc  cmstdtc  cmendtc"
TEN_MG = "PREDNISONE  CORTICOSTEROID  10  -60  ."


def prednisone(*records: str) -> str:
    """Records written as 'dose start end'."""
    return "\n".join([SHORT, *("  ".join(["PREDNISONE", "CORTICOSTEROID", *record.split()]) for record in records)])


def one(frequency: str, dose: str, start: str = "200", end: str = "250") -> str:
    return f"{LONG}\nPREDNISONE  CORTICOSTEROID  {dose}  mg  {frequency}  ORAL  SLE  {start}  {end}"


def drug(name: str, dose: str, unit: str = "mg", route: str = "ORAL", cmclas: str = "CORTICOSTEROID") -> str:
    return f"{LONG}\n{name}  {cmclas}  {dose}  {unit}  QD  {route}  SLE  200  250"


# name: (medication, the day of the event by hand, None for none)
STEROIDS = "scenario = 'PRIMARY' and iceterm = 'STEROID INCREASE'"

CASES: dict[str, tuple[str, str | None]] = {
    # Baseline 10: the limit is 15 (12.5 is less). Baseline 40: 50 (45 is less). Baseline 20: 25 both ways.
    "TEN-AT": (prednisone("10 -60 199", "15 200 ."), None),
    "TEN-OVER": (prednisone("10 -60 199", "15.01 200 ."), "200"),
    "FORTY-AT": (prednisone("40 -60 199", "50 200 ."), None),
    "FORTY-OVER": (prednisone("40 -60 199", "50.01 200 ."), "200"),
    "TWENTY-AT": (prednisone("20 -60 199", "25 200 ."), None),
    "TWENTY-OVER": (prednisone("20 -60 199", "25.01 200 ."), "200"),
    # Mean over days -7 to -1: 10 mg on three days of seven is 30/7; the limit 30/7 + 5 = 9.2857...
    "THREEDAYS-UNDER": (prednisone("10 -3 0", "9.2857 200 ."), None),
    "THREEDAYS-OVER": (prednisone("10 -3 0", "9.2858 200 ."), "200"),
    # Only days -7 to -1: a dose up to day -8, or from day 0 on, is no baseline.
    "DAY-8": (prednisone("10 -60 -8", "5.01 200 ."), "200"),
    "DAY0": (prednisone("10 0 100", "5.01 200 ."), "200"),
    "DAY-7": (prednisone("70 -7 -7", "15 200 ."), None),
    "DAY-1": (prednisone("70 -1 -1", "15.01 200 ."), "200"),
    # From no steroid the limit is 5. QOD is half, QW a seventh, BID twice, TID three times its dose a day.
    "QD-AT": (one("QD", "5"), None),
    "QD-OVER": (one("QD", "5.01"), "200"),
    "QOD-AT": (one("QOD", "10"), None),
    "QOD-OVER": (one("QOD", "10.01"), "200"),
    "QW-AT": (one("QW", "35"), None),
    "QW-OVER": (one("QW", "35.01"), "200"),
    "BID-AT": (one("BID", "2.5"), None),
    "BID-OVER": (one("BID", "2.51"), "200"),
    "TID-UNDER": (one("TID", "1.66"), None),
    "TID-OVER": (one("TID", "1.67"), "200"),
    # ONCE is its start day only, whatever end it has.
    "ONCE-AT": (one("ONCE", "5"), None),
    "ONCE-OVER": (one("ONCE", "5.01"), "200"),
    "ONCE-167": (one("ONCE", "500", "167", "180"), None),
    "ONCE-168": (one("ONCE", "500", "168", "."), "168"),
    # From day 168 on: a dose raised before and kept counts on day 168, one that ended on day 167 does not.
    "KEPT": (prednisone("10 -60 99", "20 100 ."), "168"),
    "ENDED167": (prednisone("10 -60 99", "20 100 167", "10 168 ."), None),
    "ENDED168": (prednisone("10 -60 99", "20 100 168", "10 169 ."), "168"),
    # Overlapping records add up, also for the day on which one replaces the other.
    "ADD-AT": (prednisone("5 -60 .", "5 200 ."), None),
    "ADD-OVER": (prednisone("5 -60 .", "5.01 200 ."), "200"),
    "ADD-ONEDAY": (prednisone("10 -60 200", "6 200 ."), "200"),
    "ADD-NEXTDAY": (prednisone("10 -60 199", "6 200 ."), None),
    "ADD-THIRD": (prednisone("10 -60 .", "3 190 210", "3 205 220"), "205"),
    # Equivalents: 1.25 x 4 = 5; 6.667 x 0.75 = 5.00025; 0.833 x 6.002 = 4.999666; 0.25 x 20; 0.2 x 25.
    "METHYL-AT": (drug("Medrol", "4"), None),
    "METHYL-OVER": (drug(" methylprednisolone ", "4.01"), "200"),
    "DEXA-OVER": (drug("DEXAMETHASONE", "0.75"), "200"),
    "DEXA-UNDER": (drug("DEXAMETHASONE", "0.7499"), None),
    "DEFLA-UNDER": (drug("DEFLAZACORT", "6.002"), None),
    "DEFLA-OVER": (drug("DEFLAZACORT", "6.003"), "200"),
    "HYDRO-AT": (drug("Hydrocortisone", "20"), None),
    "CORTISONE-OVER": (drug("CORTISONE", "25.1"), "200"),
    "GRAMS": (drug("PREDNISONE", "0.00501", "g"), "200"),
    "UNKNOWNUNIT": (drug("PREDNISONE", "50", "drops"), None),
    "OTHERSTEROID": (drug("BUDESONIDE", "50"), None),
    # Systemic is by class and route: by mouth, into a vein or a muscle. The delivered class counts.
    "IV": (drug("PREDNISOLONE", "50", route="IV"), "200"),
    "IM": (drug("PREDNISOLONE", "50", route="IM"), "200"),
    "SC": (drug("PREDNISOLONE", "50", route="SC"), None),
    "TOPICAL": (drug("PREDNISOLONE", "50", route="TOPICAL"), None),
    "OTHERROUTE": (drug("PREDNISOLONE", "50", route="OTHER"), None),
    "OTHERCLASS": (drug("PREDNISOLONE", "50", cmclas="OTHER"), None),
    # A class that is blank or can't be read: the dictionary's. A route: it counts where it raises the later dose ...
    "NOCLASS": (drug("PREDNISOLONE", "50", cmclas="."), "200"),
    "BADCLASS": (drug("PREDNISOLONE", "50", cmclas="steroid"), "200"),
    "NOROUTE": (drug("PREDNISOLONE", "50", route="."), "200"),
    "BADROUTE": (drug("PREDNISOLONE", "50", route="p.o."), "200"),
    # ... and does not raise the baseline alone, but does as long as it is given.
    "ROUTEBASE": (
        f"{LONG}\nPREDNISONE  CORTICOSTEROID  50  mg  QD  .  SLE  -60  -1\n"
        "PREDNISONE  CORTICOSTEROID  50  mg  QD  ORAL  SLE  200  .",
        "200",
    ),
    "ROUTEKEPT": (f"{LONG}\nPREDNISONE  CORTICOSTEROID  50  mg  QD  .  SLE  -60  .", "168"),
    # Premedication of an infusion, in any case, doesn't count; without a dose or a frequency a record counts nothing.
    "PREMEDICATION": (f"{LONG}\nMEDROL  CORTICOSTEROID  100  mg  ONCE  IV  Premedication  196  196", None),
    "NOTPREMEDICATION": (f"{LONG}\nMEDROL  CORTICOSTEROID  100  mg  ONCE  IV  Flare  196  196", "196"),
    "NODOSE": (f"{LONG}\nPREDNISONE  CORTICOSTEROID  .  mg  QD  ORAL  SLE  200  .", None),
    "NOFREQUENCY": (f"{LONG}\nPREDNISONE  CORTICOSTEROID  50  mg  .  ORAL  SLE  200  .", None),
    "NEGATIVEDOSE": (prednisone("10 -60 .", "20 200 .", "-20 200 ."), "200"),
    # A partial start is the earliest day it can be, a partial end the latest, a missing start the first infusion.
    "PARTIALSTART": (prednisone("20 2025-07 ."), "176"),
    "PARTIALSTARTJUNE": (prednisone("20 2025-06 ."), "168"),
    "PARTIALEND": (prednisone("20 100 2025-06"), "168"),
    "PARTIALENDMAY": (prednisone("20 100 2025-05"), None),
    "MISSINGSTART": (prednisone("20 . 170"), "168"),
    "MISSINGSTARTBASE": (prednisone("10 . 100", "10 200 ."), "200"),
    "MISSINGSTARTOLD": (prednisone("20 . -30"), None),
    # An end before the start can't be the end, so the record runs to the site cut as one without.
    "ENDBEFORESTART": (prednisone("20 150 140"), "168"),
    # Dates that can't be read are missing ones: from the first infusion to the site cut.
    "UNREADABLEDATES": (prednisone("20 soon later"), "168"),
}
SITES = {name: endpoint_subject(name, cm=medication) for name, (medication, _) in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_the_day_of_the_increase(endpoint: Derived, name: str) -> None:
    found = endpoint.rows("intermediate.int_intercurrent_events", SITES[name], "icedt", STEROIDS)
    assert found == ([] if CASES[name][1] is None else [[CASES[name][1]]])


# The mean over days -7 to -1, exact to four places: 10 a day; 30/7; 20 QOD and 7 QW; 10 twice a day; nothing.
BASELINES = {
    "BASE-QD": (prednisone("10 -60 ."), "10"),
    "BASE-THREE": (prednisone("10 -3 ."), "4.2857"),
    "BASE-MIXED": (
        f"{LONG}\nPREDNISONE  CORTICOSTEROID  20  mg  QOD  ORAL  SLE  -60  .\n"
        "PREDNISONE  CORTICOSTEROID  7  mg  QW  ORAL  SLE  -60  .",
        "11",
    ),
    "BASE-BID": (one("BID", "10", "-60", "."), "20"),
    "BASE-ONCE": (one("ONCE", "70", "-5", "."), "10"),
    "BASE-NONE": ("", "0"),
}
BASELINE_SITES = {name: endpoint_subject(name, cm=medication) for name, (medication, _) in BASELINES.items()}


@pytest.mark.parametrize("name", BASELINES)
def test_the_baseline_dose(endpoint: Derived, name: str) -> None:
    found = endpoint.rows("intermediate.int_steroid_baseline", BASELINE_SITES[name], "blsteroid")
    assert found == [[BASELINES[name][1]]]


RAISED = prednisone("10 -60 99", "20 100 .")
AFTER_STUDY = endpoint_subject(
    "AFTERSTUDY", cm=prednisone("20 200 ."), ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  199"
)
LAST_DAY = endpoint_subject("LASTDAY", cm=prednisone("20 200 ."), ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  200")
# A record without an end runs to the site cut: before day 168 nothing is exceeded yet. Without a cut no one knows more
# than that it was given on the day it starts.
CUT_167 = endpoint_subject("CUT167", cm=RAISED, cut=167)
CUT_168 = endpoint_subject("CUT168", cm=RAISED, cut=168)
STARTED_AFTER_CUT = endpoint_subject("STARTEDAFTERCUT", cm=prednisone("20 200 ."), cut=180)
NO_CUT = endpoint_subject("NOCUT", cm=prednisone("20 200 ."), cut=None)


@pytest.mark.parametrize(
    ("siteid", "day"),
    [
        (AFTER_STUDY, None),
        (LAST_DAY, "200"),
        (CUT_167, None),
        (CUT_168, "168"),
        (STARTED_AFTER_CUT, "200"),
        (NO_CUT, "200"),
    ],
)
def test_the_end_of_the_study_and_the_site_cut(endpoint: Derived, siteid: str, day: str | None) -> None:
    found = endpoint.rows("intermediate.int_intercurrent_events", siteid, "icedt", STEROIDS)
    assert found == ([] if day is None else [[day]])
