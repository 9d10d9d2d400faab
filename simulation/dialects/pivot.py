"""Long to wide: the tests of a visit side by side, as many systems keep them, and the way back.

What belongs here: which forms can be turned so, and the turning. What does not: files (wide.py, redcap_csv.py).

A record goes into the first row of its subject, visit and date in which its test is still free; a result delivered
twice gets a row of its own. The order of tests within a visit is lost, which is no matter: a load tells rows apart
by their keys, and its result does not depend on their order.
"""

from dataclasses import dataclass

from simulation.dialects.contract import codes
from simulation.dialects.dialect import CannotCarryError, Entry, Table


@dataclass(frozen=True)
class Pivot:
    """A form with a record per test: which column names the test, and which are its own."""

    test: str
    measures: tuple[str, ...]
    codelist: str

    def tests(self) -> tuple[str, ...]:
        return codes(self.codelist)


PIVOTS = {
    "acr": Pivot("acrcrit", ("acrmet", "acrdtc"), "ACRCRIT"),
    "ie": Pivot("ietestcd", ("ieorres",), "IETESTCD"),
    "vs": Pivot("vstestcd", ("vsorres", "vsorresu"), "VSTESTCD"),
    "lb": Pivot("lbtestcd", ("lborres", "lborresu", "lbnrlo", "lbnrhi"), "LBTESTCD"),
}


def slot(test: str, measure: str) -> str:
    """The wide column of one test's result, unit or limit."""
    return f"{test}_{measure}".lower()


def wide(form: str, table: Table) -> Table:
    """The form with a row per subject, visit and date.

    Raises:
        CannotCarryError: a test without any value leaves no trace; one outside the code list has no place.
    """
    pivot = PIVOTS[form]
    measures = [name for name in pivot.measures if name in table.header]
    shared = [name for name in table.header if name not in (pivot.test, *measures)]
    header = [*shared, *(slot(test, measure) for test in pivot.tests() for measure in measures)]
    rows: dict[tuple[str, ...], list[dict[str, str]]] = {}
    order: list[dict[str, str]] = []
    for record in table.named():
        test = record[pivot.test]
        if test not in pivot.tests():
            raise CannotCarryError(f"{form}: {test!r} is no test that has a column")
        values = {slot(test, measure): record[measure] for measure in measures}
        if not any(values.values()):
            raise CannotCarryError(f"{form}: {test} of subject {record['subjid']} has no value")
        places = rows.setdefault(tuple(record[name] for name in shared), [])
        place = next((row for row in places if values.keys().isdisjoint(row)), None)
        if place is None:
            place = {name: record[name] for name in shared}
            places.append(place)
            order.append(place)
        place.update(values)
    return Table(header, [[row.get(name, "") for name in header] for row in order])


def rows_entry(form: str) -> Entry:
    """The register's lines: one record per test, in the order of the code list."""
    pivot = PIVOTS[form]
    return {
        "rows": [
            {"columns": {slot(test, measure): measure for measure in pivot.measures}, "constants": {pivot.test: test}}
            for test in pivot.tests()
        ]
    }
