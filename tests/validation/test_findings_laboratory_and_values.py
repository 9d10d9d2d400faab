"""LAB01, LAB02, VAL09, VAL10: from a value as delivered to the sentence a site reads (day 0 is 2025-01-06).

Worked out by hand from the seeds lab_tests and plausible_ranges. Every subject is clean but for what its case
writes down.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.dbt_project.subject_tables import Subject
from tests.support.dbt import form_columns
from tests.validation.written_subjects import CUT, WHOLE, Cases, Outcomes, found

CASES = Cases()
LB = "visit  lbdtc  lbtestcd  lborres  lborresu  lbnrlo  lbnrhi\n"
FIRST = "(the first such result of the subject)"


def case(siteid: str, *findings: str, **forms: str) -> None:
    CASES.add(siteid, *(f"{finding[:5]} {siteid}-1{finding[5:]}" for finding in findings), **forms)


# LAB01: once per subject and test; which limits a test needs differs.
case(
    "LIMITS",
    f"LAB01, SCR: C3 of 2024-12-30 has no lower limit of normal {FIRST}",
    f"LAB01, SCR: DSDNA of 2024-12-30 has no upper limit of normal {FIRST}",
    f"LAB01, SCR: PLT of 2024-12-30 has no lower limit and no upper limit of normal {FIRST}",
    f"LAB01, D0: WBC of 2025-01-06 has no upper limit of normal {FIRST}",
    lb=LB + "SCR  -7  C3  1.2  g/L  .  1.8\nD0  0  C3  1.2  g/L  .  1.8\nSCR  -7  C4  0.2  g/L  0.1  .\n"
    "SCR  -7  DSDNA  10  IU/mL  0  .\nSCR  -7  PLT  200  10^9/L  .  .\nSCR  -7  WBC  5  10^9/L  3.5  9.5\n"
    "D0  0  WBC  5  10^9/L  3.5  .\nSCR  -7  ANA  320  titre  .  .\nSCR  -7  HIV  NEGATIVE  .  .  .\n"
    "SCR  -7  CREAT  60  umol/L  .  84\nD0  0  CREAT  .  umol/L  .  .",
)
case(
    "REVERSED",
    f"LAB01, SCR: PLT of 2024-12-30 has a lower limit of normal of 350, above its upper limit of 125 {FIRST}",
    "VAL03, D0: Upper limit of normal (lbnrhi) is delivered as '3.9999x', which is not a number",
    lb=LB + "SCR  -7  PLT  200  10^9/L  350  125\nD0  0  PLT  200  10^9/L  350  125\n"
    "SCR  -7  WBC  5  10^9/L  4  4\nD0  0  WBC  5  10^9/L  4  3.9999x",
)

# LAB02: another unit, not another spelling of it; what the protocol does not know is VAL06.
case(
    "UNITS",
    "LAB02, W2: C3 of 2025-01-20 is in mg/dL, while the subject's first result is in g/L",
    "VAL06, W2: C4 20 is delivered in the unit 'arb. units', which the protocol does not know for it",
    lb=LB + "SCR  -7  C3  1.2  g/L  0.9  1.8\nW2  14  C3  120  mg/dL  90  180\nW4  28  C3  120  mg/dL  90  180\n"
    "SCR  -7  C4  0.2  g/L  0.1  0.4\nW2  14  C4  20  arb. units  10  40\nW4  28  C4  0.2  G/L  0.1  0.4\n"
    "SCR  -7  DSDNA  10  IU/mL  0  30\nW2  14  DSDNA  10  U/mL  0  30",
)

# VAL09: both ends of a range are plausible, beyond them nothing is; in the standard unit, whatever was delivered.
RANGE = ": {} is delivered as {}, outside what is plausible ({})"
case(
    "RANGES",
    "VAL09" + RANGE.format("Age at consent (years)", "111 years", "1 to 110 years"),
    "VAL09" + RANGE.format("Height (cm)", "1.62 cm", "100 to 220 cm"),
    "VAL09, D0" + RANGE.format("PULSE", "24 beats/min", "25 to 250 beats/min"),
    "VAL09, W2" + RANGE.format("TEMP", "98.6 C", "32 to 43 C"),
    "VAL09, D0" + RANGE.format("Vials of 400 mg", "11 vials", "0 to 10 vials"),
    "VAL09, SCR" + RANGE.format("C3", "90 g/L", "0.05 to 4 g/L"),
    "VAL09, D0" + RANGE.format("C3", "4.9 mg/dL", "0.05 to 4 g/L"),
    "LAB02, D0: C3 of 2025-01-06 is in mg/dL, while the subject's first result is in g/L",
    dm="subjid  sex  age  brthyr  height_cm\n1  F  111  1910  1.62",
    vs="visit  vsdtc  vstestcd  vsorres  vsorresu\nD0  0  WEIGHT  60  kg\nD0  0  PULSE  24  beats/min\n"
    "W2  14  PULSE  25  beats/min\nW4  28  PULSE  250  beats/min\nD0  0  TEMP  98.6  F\nW2  14  TEMP  98.6  C",
    ex="visit  exstdtc  exendtc  exdose  exvial120  exvial400\nD0  0 09:30  0 10:30  600  20  11",
    lb=LB + "SCR  -7  C3  90  g/L  0.9  1.8\nD0  0  C3  4.9  mg/dL  90  180\nW2  14  C3  5  mg/dL  90  180\n"
    "UNS  16  C3  4  g/L  0.9  1.8",
)

# VAL10: what is wrong with the text, never the text itself; it is read all the same. A blank in the notation of these
# tables parts the cells, so BLANK and the others stand for what is delivered.
BLANK, TAB, WIDE = "\u2420", "\u2409", "\u2421"
DELIVERED = {BLANK: " ", TAB: "\t", WIDE: "\u3000"}


class WithBlanks(Subject):
    """A subject whose text has blanks where they do not belong."""

    def rows(self) -> Iterator[tuple[str, dict[str, str]]]:
        for form, cells in super().rows():
            yield form, {column: value.translate(str.maketrans(DELIVERED)) for column, value in cells.items()}


MHTERM = "VAL10 TEXT-1: Reported term (mhterm) is delivered with "
CASES.add_subject(
    WithBlanks(
        "TEXT",
        CUT,
        {
            **WHOLE,
            "mh": "mhseq  mhcat  mhterm\n1  OTHER  Raynaud ph\ufffdnomenon\n"
            f"2  OTHER  Dry{TAB}eyes{BLANK}{BLANK}since 2019\n3  OTHER  Dry eyes{WIDE}\n4  OTHER  Dry\u200beyes\n"
            f"5  OTHER  Sj\u00f6gren \u5e72\u71e5, since 2019\n6  OTHER{BLANK}  Gout",
            "sv": f"visit  svdtc\n{BLANK}D0  0\nW2  14",
        },
    ),
    MHTERM + "a replacement character",
    MHTERM + "a control character, several blanks in a row",
    MHTERM + "a blank at its beginning or end",
    MHTERM + "an invisible character",
    "VAL10 TEXT-1: Category of history (mhcat) is delivered with a blank at its beginning or end",
    "VAL10 TEXT-1, D0: Visit label (visit) is delivered with a blank at its beginning or end",
)


@pytest.mark.parametrize("siteid", CASES.expected)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid, ("LAB", "VAL")) == sorted(CASES.expected[siteid])


def test_what_was_looked_at_is_counted_where_it_stands(
    outcomes: Outcomes, written_trial: duckdb.DuckDBPyConnection
) -> None:
    counted = {
        outcome.rule.rule_id: outcome.rows_checked for outcome in outcomes if outcome.table.startswith("checks.")
    }
    delivered = {form: written_trial.table(f"raw.{form}").shape[0] for form in form_columns()}
    with_results = written_trial.table("raw.lb").unique("siteid").shape[0]
    assert counted["LAB01"] == counted["LAB02"] > with_results >= len(CASES.expected)
    assert counted["VAL09"] > delivered["vs"]
    assert counted["VAL10"] == sum(delivered.values())
