"""EFF06 to EFF10: from assessments and laboratory results as delivered to the sentence a site reads.

Worked out by hand from the protocol and from SLEDAI-2K's own definitions. Protocol days stand for dates; day 0 is
2025-01-06. Every subject is clean but for what its case writes down; week 48 is closed when its case says so.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.dbt_project.subject_tables import DAY0
from tests.validation.written_subjects import CUT, Cases, Outcomes, bilag, found, sledai, visits

CASES = Cases()
CLOSED = 358  # week 48 ends on day 350; sites have seven days to enter it


def case(siteid: str, *findings: str, cut: int = CUT, **forms: str) -> None:
    CASES.add(siteid, *(f"{finding[:5]} {siteid}-1{finding[5:]}" for finding in findings), cut=cut, **forms)


def day(protocol_day: int) -> str:
    return (DAY0 + timedelta(days=protocol_day)).isoformat()


def pga(*records: str) -> str:
    return "\n".join(["visit  pgadtc  pgares  pgascale", *records])


# EFF06: a system is never graded E again. A run of E is told once, where it begins.
NEVER = "EFF06, {}: BILAG-2004 grade E (never involved) after another grade: {}"
RENAL_E = {"bilrenal": "E"}
case(
    "NEVERAGAIN",
    NEVER.format("W2", f"Mucocutaneous (A on {day(0)}), Renal (C on {day(0)})"),
    NEVER.format("W16", f"Renal (D on {day(84)})"),
    bilag=bilag(
        ("D0", "0", {"bilmuco": "A"}),
        ("W2", "14", {**RENAL_E, "bilmuco": "E"}),
        ("W4", "28", {**RENAL_E, "bilmuco": "E"}),
        ("W8", "56", RENAL_E),
        ("W12", "84", {"bilrenal": "D"}),
        ("W16", "112", RENAL_E),
    ),
)
# E before another grade is what E means; on one day nobody knows which came first; what is left blank is no grade.
case(
    "FIRSTE",
    "EFF04, W4: BILAG-2004 grades left blank: Renal",
    bilag=bilag(
        ("D0", "0", RENAL_E),
        ("W2", "14", RENAL_E),
        ("UNS", "14", {}),
        ("W4", "28", {"bilrenal": "."}),
        ("W8", "56", {}),
    ),
)
case(
    "BETWEEN",
    "EFF04, W2: BILAG-2004 grades left blank: Renal",
    NEVER.format("W4", f"Renal (C on {day(0)})"),
    # The assessment known to its month only takes no part.
    "VAL05, UNS: Date of assessment (bildtc) is delivered as '2025-02'; a full date (year-month-day) is needed",
    bilag=bilag(("D0", "0", {}), ("W2", "14", {"bilrenal": "."}), ("W4", "28", RENAL_E), ("UNS", "2025-02", {})),
)

# EFF07 and EFF10: items that the laboratory decides, on both sides of every limit.
LB = "visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo  lbnrhi\n"
ALL_PRESENT = {f"sledai{item}": "1" for item in (12, 13, 14, 20, 21, 23, 24)}


def at_week_2(answers: dict[str, str], total: int) -> str:
    return sledai(("D0", "0", {}), ("W2", "14", {**answers, "sledtot": str(total)}))


PRESENT = "EFF07, W2: SLEDAI-2K item {} is answered 1, but every result within 10 days is normal: {}"
ABSENT = "EFF10, W2: SLEDAI-2K item {} is answered 0, but the nearest result within 10 days is abnormal: {}"
case(
    "NORMAL",
    PRESENT.format("12 (Haematuria)", f"URBC 5 /HPF on {day(24)} (abnormal above 5 per high-power field)"),
    PRESENT.format("13 (Proteinuria)", f"PROT24 500 mg/24 h on {day(14)} (abnormal above 0.5 g/24 h)"),
    PRESENT.format(
        "20 (Low complement)",
        f"C3 90 mg/dL on {day(14)} (abnormal below 90 mg/dL), C4 0.1 g/L on {day(14)} (abnormal below 0.1 g/L)",
    ),
    PRESENT.format("21 (Increased DNA binding)", f"DSDNA 30 IU/mL on {day(14)} (abnormal above 30 IU/mL)"),
    PRESENT.format("23 (Thrombocytopenia)", f"PLT 100 10^9/L on {day(14)} (abnormal below 100 10^9/L)"),
    PRESENT.format("24 (Leukopenia)", f"WBC 3 10^9/L on {day(4)} (abnormal below 3 10^9/L)"),
    sledai=at_week_2(ALL_PRESENT, 22),
    # Eleven days off (UWBC) is too far. Of several results of a test the nearest is named.
    lb=LB + "W2  24  URBC  5  /HPF  0  4\nW2  14  PROT24  500  mg/24 h  .  150\nW2  25  UWBC  0  /HPF  0  4\n"
    "W2  14  C3  90  mg/dL  90  180\nUNS  18  C3  100  mg/dL  90  180\nW2  14  C4  0.1  g/L  0.1  0.4\n"
    "W2  14  DSDNA  30  IU/mL  .  30\nW2  14  PLT  100  10^9/L  125  350\nW2  4  WBC  3  10^9/L  3.5  9.5",
)
case(
    "ABNORMAL",
    ABSENT.format("12 (Haematuria)", f"URBC 6 /HPF on {day(24)} (abnormal above 5 per high-power field)"),
    ABSENT.format("13 (Proteinuria)", f"PROT24 501 mg/24 h on {day(14)} (abnormal above 0.5 g/24 h)"),
    ABSENT.format("14 (Pyuria)", f"UWBC 5.1 /HPF on {day(24)} (abnormal above 5 per high-power field)"),
    ABSENT.format("20 (Low complement)", f"C4 0.09 g/L on {day(14)} (abnormal below 0.1 g/L)"),
    ABSENT.format("21 (Increased DNA binding)", f"DSDNA 31 IU/mL on {day(14)} (abnormal above 30 IU/mL)"),
    ABSENT.format("23 (Thrombocytopenia)", f"PLT 99 10^9/L on {day(14)} (abnormal below 100 10^9/L)"),
    sledai=at_week_2({}, 4),
    lb=LB + "W2  24  URBC  6  /HPF  0  4\nW2  14  PROT24  501  mg/24 h  .  150\nW2  24  UWBC  5.1  /HPF  0  4\n"
    "W2  14  C3  0.9  g/L  0.9  1.8\nW2  14  C4  0.09  g/L  0.1  0.4\nW2  14  DSDNA  31  IU/mL  .  30\n"
    "W2  14  PLT  99  10^9/L  125  350\nUNS  25  WBC  2.9  10^9/L  3.5  9.5",
)
# One abnormal result near it is reason enough for a yes, whatever the others say; a no goes by the nearest.
case(
    "EITHER",
    ABSENT.format("24 (Leukopenia)", f"WBC 2 10^9/L on {day(13)} (abnormal below 3 10^9/L)"),
    sledai=at_week_2({"sledai20": "1"}, 6),
    lb=LB + "W2  14  C3  1.2  g/L  0.9  1.8\nW2  22  C4  0.05  g/L  0.1  0.4\n"
    "UNS  11  PLT  80  10^9/L  125  350\nW2  14  PLT  150  10^9/L  125  350\n"
    "UNS  13  WBC  2  10^9/L  3.5  9.5\nW2  15  WBC  4  10^9/L  3.5  9.5",
)
# Where one of the results can't be compared, nobody can say that all are normal; zero needs no unit.
case(
    "UNKNOWN",
    "EFF03, W2: SLEDAI-2K items left blank: 23; without all 24 the score is unknown",
    PRESENT.format("12 (Haematuria)", f"URBC 0 on {day(14)} (abnormal above 5 per high-power field)"),
    "VAL05, W2: Date of sample (lbdtc) is delivered as '2025-01'; a full date (year-month-day) is needed",
    "VAL06, W2: C4 9 is delivered in the unit 'arb. units', which the protocol does not know for it",
    sledai=at_week_2({"sledai12": "1", "sledai20": "1", "sledai21": "1", "sledai23": "."}, 12),
    lb=LB + "W2  14  C3  1.2  g/L  0.9  1.8\nW2  14  C4  9  arb. units  10  40\nW2  14  URBC  0  .  0  4\n"
    "W2  14  DSDNA  POSITIVE  .  .  .\nW2  14  PLT  80  10^9/L  125  350\nW2  2025-01  WBC  1  10^9/L  3.5  9.5",
)

# EFF08: seven days apart are allowed, eight are not; UNS may repeat, so its records need not belong together.
case("WEEK", pga=pga("D0  0  1.5  0-3", "W2  21  1.2  0-3"))
case(
    "WIDE",
    f"EFF08, W2: the components of the visit are 8 days apart (SLEDAI-2K {day(14)}, BILAG-2004 {day(22)}, "
    "PGA (blank)); 7 days are allowed",
    f"EFF08, W4: the components of the visit are 9 days apart (SLEDAI-2K {day(28)}, BILAG-2004 {day(28)}, "
    f"PGA {day(19)}); 7 days are allowed",
    sledai=sledai(("D0", "0", {}), ("W2", "14", {}), ("W4", "28", {}), ("UNS", "40", {})),
    bilag=bilag(("D0", "0", {}), ("W2", "22", {}), ("W4", "28", {}), ("UNS", "60", {})),
    pga=pga("D0  0  1.5  0-3", "W4  19  1.2  0-3"),
)

# EFF09: week 48 is protocol days 323 to 350, its target day 336.
NONE = f"EFF09, W48: the visit is closed with no {{}}: none is dated {day(323)} to {day(350)}"


def week_48(sledai_on: str = "336", bilag_on: str = "336", pga_row: str = "W48  336  1.2  0-3") -> dict[str, str]:
    return {
        "sledai": sledai(("D0", "0", {}), ("W48", sledai_on, {})),
        "bilag": bilag(("D0", "0", {}), ("W48", bilag_on, {})),
        "pga": pga("D0  0  1.5  0-3", pga_row),
    }


def left(how: str, on: int) -> str:
    return f"dscat  dsdecod  dsdtc\nSTUDY  {how}  {on}"


def all_missing() -> list[str]:
    return [NONE.format(name) for name in ("SLEDAI-2K", "BILAG-2004", "PGA")]


case("FULL", cut=CLOSED, **week_48())
case("NOTYET", cut=CLOSED - 1)
case("NOTHING", *all_missing(), cut=CLOSED)
case("NOVISIT", *all_missing(), cut=CLOSED, sv=visits(W48=""))
case(
    "LASTEDGES",
    NONE.format("SLEDAI-2K"),
    f"EFF08, W48: the components of the visit are 28 days apart (SLEDAI-2K {day(322)}, BILAG-2004 {day(350)}, "
    f"PGA {day(323)}); 7 days are allowed",
    cut=CLOSED,
    **week_48("322", "350", "W48  323  1.2  0-3"),
)
# Who left before the target day has no week 48 to be assessed at, unless something of it was; who completed has.
case("LEFT", cut=CLOSED, ds=left("WITHDRAWAL BY SUBJECT", 335))
case("LEFTON", *all_missing(), ds=left("WITHDRAWAL BY SUBJECT", 336))
case("COMPLETED", *all_missing(), ds=left("COMPLETED", 330))
case(
    "PART",
    NONE.format("PGA"),
    ds=left("WITHDRAWAL BY SUBJECT", 325),
    sledai=sledai(("D0", "0", {}), ("ET", "325", {})),
    bilag=bilag(("D0", "0", {}), ("ET", "325", {})),
    pga=pga("D0  0  1.5  0-3"),
)
# A PGA that says nothing is told of here, a SLEDAI-2K item that does not by EFF03.
case(
    "BLANK",
    f"EFF09, W48: the visit is closed with no PGA: that of {day(336)} has no value or no scale",
    cut=CLOSED,
    **week_48(pga_row="W48  336  .  0-3"),
)
case(
    "NOSCALE",
    f"EFF09, W48: the visit is closed with no PGA: that of {day(336)} has no value or no scale",
    cut=CLOSED,
    **week_48(pga_row="W48  336  1.2  ."),
)
# What other rules tell of is not told again.
case(
    "MONTH",
    "VAL05, W48: Date of assessment (pgadtc) is delivered as '2025-12'; a full date (year-month-day) is needed",
    cut=CLOSED,
    **week_48(pga_row="W48  2025-12  1.2  0-3"),
)
case(
    "TWICE",
    "VAL07, W48: One of 2 differing rows with the same key; none of them is used",
    cut=CLOSED,
    **week_48(pga_row="W48  336  1.2  0-3\nW48  336  1.3  0-3"),
)


@pytest.mark.parametrize("siteid", CASES.expected)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid, ("EFF", "LAB", "VAL")) == sorted(CASES.expected[siteid])


def test_every_finding_says_where_its_record_stands(outcomes: Outcomes) -> None:
    for outcome in outcomes:
        if outcome.rule.rule_id.startswith("EFF"):
            assert outcome.violations["source_row"].null_count() == 0


def test_the_record_of_components_apart_is_the_one_furthest_from_the_others(outcomes: Outcomes) -> None:
    (violations,) = (outcome.violations for outcome in outcomes if outcome.rule.rule_id == "EFF08")
    of_site = violations.filter(violations["siteid"] == "WIDE").sort("visit")
    assert of_site.select("visit", "form", "field", "value").rows() == [
        ("W2", "bilag", "bildtc", day(22)),
        ("W4", "pga", "pgadtc", day(19)),
    ]


def test_what_is_missing_at_week_48_stands_at_another_record_of_it(outcomes: Outcomes) -> None:
    (violations,) = (outcome.violations for outcome in outcomes if outcome.rule.rule_id == "EFF09")
    rows = {(row["siteid"], row["field"]): row["row_id"] for row in violations.iter_rows(named=True)}
    assert rows["PART", "PGA"] == "PART sledai 2"
    # Screening and the fourteen planned visits: the last is week 48.
    assert rows["NOTHING", "PGA"] == "NOTHING sv 15"
    assert rows["NOVISIT", "PGA"] == "NOVISIT dm 1"
