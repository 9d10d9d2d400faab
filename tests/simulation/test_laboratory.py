"""Laboratory and vital signs agree with the SLEDAI-2K items that they bear on, by the score's own definitions.

The limits are written out here, so that the simulator's own can't vouch for themselves.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from tests.simulation.conftest import Written
from tests.simulation.reading import Table

# Results this close to an assessment are held against it.
DAYS = 10
GRAMS = {"g/24 h": 1.0, "mg/24 h": 0.001, "mg/mg": 1.0}

Row = dict[str, str]


def below_limit(row: Row) -> bool:
    return float(row["lborres"]) < float(row["lbnrlo"])


def above_limit(row: Row) -> bool:
    return float(row["lborres"]) > float(row["lbnrhi"])


def over_five_cells(row: Row) -> bool:
    return row["lborresu"] == "/HPF" and int(row["lborres"]) > 5


def over_half_a_gram(row: Row) -> bool:
    return float(row["lborres"]) * GRAMS[row["lborresu"]] > 0.5


def positive(row: Row) -> bool:
    return row["lborres"] == "POSITIVE"


# Item, the tests that bear on it, and what makes a result abnormal.
ITEMS: dict[str, tuple[str, set[str], Callable[[Row], bool]]] = {
    "urinary casts": ("sledai11", {"UCAST"}, positive),
    "haematuria": ("sledai12", {"URBC"}, over_five_cells),
    "proteinuria": ("sledai13", {"PROT24", "UPCR"}, over_half_a_gram),
    "pyuria": ("sledai14", {"UWBC"}, over_five_cells),
    "low complement": ("sledai20", {"C3", "C4", "CH50"}, below_limit),
    "increased DNA binding": ("sledai21", {"DSDNA"}, above_limit),
    "thrombocytopenia": ("sledai23", {"PLT"}, lambda row: float(row["lborres"]) < 100),
    "leukopenia": ("sledai24", {"WBC"}, lambda row: float(row["lborres"]) < 3),
}


def of_subjects(rows: Table) -> dict[tuple[str, str], Table]:
    """Rows by subject."""
    found: dict[tuple[str, str], Table] = {}
    for row in rows:
        found.setdefault((row["site"], row["subjid"]), []).append(row)
    return found


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_is_present_exactly_when_a_result_is_abnormal(clean: Written, item: str) -> None:
    column, tests, is_abnormal = ITEMS[item]
    results = of_subjects([row for row in clean.form("lb") if row["lbtestcd"] in tests])
    seen: Counter[str] = Counter()
    for subject, assessments in of_subjects(clean.form("sledai")).items():
        measured = [(date.fromisoformat(row["lbdtc"]), is_abnormal(row)) for row in results.get(subject, [])]
        for assessment in assessments:
            day = date.fromisoformat(assessment["sledtc"][:10])
            near = [abnormal for when, abnormal in measured if abs((when - day).days) <= DAYS]
            if near:
                assert any(near) == (assessment[column] == "1"), assessment
                seen[assessment[column]] += 1
    assert seen["0"] > 0
    assert seen["1"] > 0 or item == "urinary casts"


def test_fever_is_measured(clean: Written) -> None:
    temperatures = {
        (row["site"], row["subjid"], row["vsdtc"]): float(row["vsorres"])
        for row in clean.form("vs")
        if row["vstestcd"] == "TEMP"
    }
    fever = Counter(
        (temperatures[row["site"], row["subjid"], row["sledtc"][:10]] > 38, row["sledai22"] == "1")
        for row in clean.form("sledai")
    )
    assert set(fever) == {(True, True), (False, False)}


def test_the_laboratory_follows_the_disease_and_the_treatment(clean: Written) -> None:
    def mean(test: str, visit: str) -> float:
        values = [
            float(row["lborres"]) * (0.01 if row["lborresu"] == "mg/dL" else 1.0)
            for row in clean.form("lb")
            if (row["lbtestcd"], row["visit"]) == (test, visit)
        ]
        return sum(values) / len(values)

    assert mean("HGB", "W48") > mean("HGB", "D0")
    assert mean("C4", "W48") > mean("C4", "D0")
    assert mean("IGG", "W48") < 0.95 * mean("IGG", "D0")
