"""Delivered text and what staging must make of it: typed values, units, drugs. Which rows are kept out is tested in
test_quarantine.py."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.support.compiled import write_warehouse
from tests.support.dbt import BuiltWarehouse

# Each value is delivered in a row of its own; the same list says what it must be read as.
FULL_DATES = [
    ("2026-03-01", date(2026, 3, 1)),
    ("  2026-03-01 ", date(2026, 3, 1)),  # stray blanks don't matter
    ("2026-03-01T09:30", date(2026, 3, 1)),
    ("2026-03-01T09:30:15", date(2026, 3, 1)),
    ("2024-02-29", date(2024, 2, 29)),
    ("2026-02-29", None),  # no leap year
    ("2026-13-01", None),
    ("2026-03-01T25:00", None),  # an impossible time makes the whole value impossible
    ("0000-01-01", None),
    ("1899-12-31", None),  # no date of this trial
    ("9999-12-31", None),
    ("2026-03", None),  # partial, where a full date is needed
    ("2026", None),
    ("01.03.2026", None),  # a dialect ends at the reader
    ("2026-3-1", None),
    ("20260301", None),
    ("2026-03-01 09:30", None),
    ("UNK", None),
    ("   ", None),
    (None, None),
]
PARTIAL_DATES = [
    ("2024-02-17", date(2024, 2, 17), date(2024, 2, 17), date(2024, 2, 17)),
    ("2024-02", None, date(2024, 2, 1), date(2024, 2, 29)),
    ("2026-12", None, date(2026, 12, 1), date(2026, 12, 31)),
    ("2024", None, date(2024, 1, 1), date(2024, 12, 31)),
    ("2024-00", None, None, None),
    ("2024-13", None, None, None),
    ("2024-02-30", None, None, None),
    ("24", None, None, None),
    ("9999", None, None, None),
    ("0001-01", None, None, None),
    ("2024-", None, None, None),
    (None, None, None, None),
]
TIMES = [
    ("2026-03-01T09:30", date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)),
    ("2026-03-01T23:59:59", date(2026, 3, 1), datetime(2026, 3, 1, 23, 59, 59)),
    ("2026-03-01", date(2026, 3, 1), None),  # a date without a time is a date
    ("2026-03-01T24:00", None, None),
    ("2026-03", None, None),
]
NUMBERS = [
    ("172.5", Decimal("172.5")),
    (" 172 ", Decimal("172")),
    ("+1.60", Decimal("1.6")),
    ("-3", Decimal("-3")),
    ("0.1", Decimal("0.1")),  # exactly
    ("000000000000123", Decimal("123")),
    ("1e2", None),
    ("1,5", None),
    ("1 000", None),
    (".5", None),
    ("5.", None),
    ("<5", None),
    ("NaN", None),
    ("1234567890", None),  # ten digits before the point are no measurement
    ("9" * 400, None),
]
WHOLE_NUMBERS = [
    ("34", 34),
    ("34.0", 34),
    ("34.5", None),
    ("thirty", None),
    ("999999", 999999),
    ("1000000", None),
    ("-1", -1),
]
CODES = [("F", "F"), (" M ", "M"), ("f", None), ("W", None), (None, None)]
PGA = [
    ("2.3", "0-3", Decimal("2.3")),
    ("3.01", "0-3", None),  # off its scale
    ("-0.1", "0-3", None),
    ("7.7", "0-10", Decimal("2.31")),
    ("10", "0-10", Decimal("3")),
    ("33.3", "0-100", Decimal("0.999")),
    ("100.1", "0-100", None),
    ("2", "0-5", None),
    ("2", None, None),
    ("high", "0-3", None),
]
VITAL_SIGNS = [
    ("WEIGHT", "58.2", "kg", Decimal("58.2"), True),
    ("WEIGHT", "154.3", "lb", Decimal("69.989302691"), True),  # the exact factor, nothing rounded
    ("WEIGHT", "58.2", "KG", Decimal("58.2"), True),
    ("WEIGHT", "58.2", "stone", None, False),
    ("WEIGHT", "58.2", None, None, False),  # never guessed
    ("WEIGHT", "heavy", "kg", None, None),
    ("HEIGHT", "1.68", "m", Decimal("168"), True),
    ("HEIGHT", "168", "kg", None, False),  # a unit of another test
    ("TEMP", "98.6", "F", Decimal("37.0"), True),
]
LABORATORY = [
    ("C3", "90", "mg/dL", Decimal("0.9"), None),
    ("PROT24", "700", "mg/24 h", Decimal("0.7"), None),
    ("UPCR", "100", "mg/mmol", Decimal("0.884"), None),
    ("PLT", "95000", "/uL", Decimal("95"), None),
    ("CREAT", "1", "mg/dL", Decimal("88.4"), None),
    ("IGG", "4", "furlong", None, None),
    ("HIV", "NEGATIVE", None, None, "NEGATIVE"),
    ("HIV", "negative", None, None, None),
    ("C3", "< 0.1", "g/L", None, None),
]
DRUGS = [
    ("prednisone", "PREDNISONE", Decimal("1"), "N"),
    (" Medrol ", "METHYLPREDNISOLONE", Decimal("1.25"), "N"),
    ("Cyclosporine A", "CICLOSPORIN", None, "N"),
    ("BENLYSTA", "BELIMUMAB", None, "Y"),
    ("Herbal tea", "HERBAL TEA", None, "N"),
    (None, None, None, "N"),
]
DOSES: list[tuple[str, str | None, Decimal | None]] = [
    ("10", "mg", Decimal("10")),
    ("0.5", "g", Decimal("500")),
    ("500", "mcg", Decimal("0.5")),
    ("10", "mL", None),  # no mass
    ("10", None, None),
    ("ten", "mg", None),
]


def subjects(column: str, values: list[Any], offset: int) -> list[dict[str, Any]]:
    """One row of dm for each value, which stands in `column`."""
    return [{"row_id": f"{column}-{n}", "subjid": str(offset + n), column: value[0]} for n, value in enumerate(values)]


FORMS: dict[str, list[dict[str, Any]]] = {
    "dm": [
        *subjects("rficdtc", FULL_DATES, 1000),
        *subjects("slediagdtc", PARTIAL_DATES, 2000),
        *subjects("height_cm", NUMBERS, 3000),
        *subjects("age", WHOLE_NUMBERS, 4000),
        *subjects("sex", CODES, 5000),
    ],
    "ex": [
        *({"subjid": str(1000 + n), "visit": "D0", "exstdtc": value[0]} for n, value in enumerate(TIMES)),
        *(
            {"subjid": str(2000 + n), "visit": "D0", "exdose": dose, "exdosu": unit}
            for n, (dose, unit, _) in enumerate([("580", "mg", None), ("0.58", "g", None), ("580", "mg/kg", None)])
        ),
    ],
    "sledai": [{"subjid": "1000", "visit": "D0", "sledai01": "1", "sledai02": "0", "sledai03": "2", "sledai24": "1"}],
    "bilag": [{"subjid": "1000", "visit": "D0", "bilconst": "A", "bilmuco": "E", "bilneuro": "a", "bilmusc": "F"}],
    "pga": [
        {"subjid": str(1000 + n), "visit": "D0", "pgares": value, "pgascale": scale}
        for n, (value, scale, _) in enumerate(PGA)
    ],
    "vs": [
        {"subjid": "1000", "visit": "D0", "vsdtc": f"2026-03-{n:02d}", "vstestcd": test, "vsorres": v, "vsorresu": unit}
        for n, (test, v, unit, _, _) in enumerate(VITAL_SIGNS, 1)
    ],
    "lb": [
        {"subjid": "1000", "visit": "D0", "lbdtc": f"2026-03-{n:02d}", "lbtestcd": test, "lborres": v, "lborresu": unit,
         "lbnrlo": "80"}
        for n, (test, v, unit, _, _) in enumerate(LABORATORY, 1)
    ],
    "cm": [
        *({"subjid": "1000", "cmseq": str(n), "cmtrt": name[0]} for n, name in enumerate(DRUGS, 1)),
        *(
            {"subjid": "1001", "cmseq": str(n), "cmtrt": "prednisone", "cmdose": dose, "cmdosu": unit}
            for n, (dose, unit, _) in enumerate(DOSES, 1)
        ),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> BuiltWarehouse:
    return write_warehouse(tmp_path_factory.mktemp("staging"), FORMS)


def by_number(values: list[Any]) -> list[Any]:
    return list(enumerate(values))


def test_full_dates(warehouse: BuiltWarehouse) -> None:
    subjects = warehouse.table("staging.stg_dm")
    assert [(text, subjects[f"rficdtc-{n}"]["rficdt"]) for n, (text, _) in by_number(FULL_DATES)] == FULL_DATES


def test_partial_dates(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.table("staging.stg_dm")
    columns = ("slediagdt", "slediagdt_min", "slediagdt_max")
    read = [(text, *(rows[f"slediagdtc-{n}"][name] for name in columns)) for n, (text, *_) in by_number(PARTIAL_DATES)]
    assert read == PARTIAL_DATES


def test_times(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.table("staging.stg_ex")
    read = [(text, rows[f"ex-{n + 1}"]["exstdt"], rows[f"ex-{n + 1}"]["exstdtm"]) for n, (text, *_) in by_number(TIMES)]
    assert read == TIMES


@pytest.mark.parametrize(
    ("column", "values"), [("height_cm", NUMBERS), ("age", WHOLE_NUMBERS), ("sex", CODES)], ids=["height", "age", "sex"]
)
def test_numbers_and_codes(warehouse: BuiltWarehouse, column: str, values: list[Any]) -> None:
    rows = warehouse.table("staging.stg_dm")
    assert [(text, rows[f"{column}-{n}"][column]) for n, (text, _) in by_number(values)] == values


def test_delivered_text_stands_beside_the_value(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.table("staging.typed_dm")
    assert rows["rficdtc-1"]["rficdtc_delivered"] == "2026-03-01"  # trimmed
    assert rows["rficdtc-5"]["rficdtc_delivered"] == "2026-02-29"
    assert rows["rficdtc-18"]["rficdtc_delivered"] is None  # only blanks
    assert rows["sex-2"]["sex_delivered"] == "f"


def test_items_and_grades(warehouse: BuiltWarehouse) -> None:
    (items,) = warehouse.rows("from staging.stg_sledai")
    assert [items[f"sledai{n}"] for n in ("01", "02", "03", "04", "24")] == [1, 0, None, None, 1]
    (grades,) = warehouse.rows("select bilconst, bilmuco, bilneuro, bilmusc, bilcard from staging.stg_bilag")
    assert list(grades.values()) == ["A", "E", None, None, None]


def test_pga_is_rescaled_exactly(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.table("staging.stg_pga")
    assert [(text, scale, rows[f"pga-{n + 1}"]["pga_score"]) for n, (text, scale, _) in by_number(PGA)] == PGA


def test_vital_signs_in_standard_units(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from staging.stg_vs order by vsdt")
    for (test, _, unit, expected, known), row in zip(VITAL_SIGNS, rows, strict=True):
        value = row["vsstresn"]
        if test == "TEMP":  # the factor 5/9 has no end
            value = round(value, 4)
        assert (test, unit, value, row["unit_known"]) == (test, unit, expected, known)


def test_laboratory_in_standard_units(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from staging.stg_lb order by lbdt")
    assert [(row["lbstresn"], row["lbstresc"]) for row in rows] == [tuple(value[3:]) for value in LABORATORY]
    assert (rows[0]["lbnrlo"], rows[0]["lbstnrlo"]) == (Decimal(80), Decimal("0.8"))  # limits convert alike


def test_drugs_and_doses(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from staging.stg_cm order by subjid, cast(cmseq as integer)")
    drugs, doses = rows[: len(DRUGS)], rows[len(DRUGS) :]
    columns = ("cm_name", "prednisone_equivalent", "is_study_drug")
    assert [tuple(row[name] for name in columns) for row in drugs] == [drug[1:] for drug in DRUGS]
    assert [row["cmdose_mg"] for row in doses] == [dose[2] for dose in DOSES]


def test_infusion_doses_in_mg(warehouse: BuiltWarehouse) -> None:
    rows = warehouse.rows("from staging.stg_ex where exdose is not null order by subjid")
    assert [row["exdose_mg"] for row in rows] == [Decimal(580), Decimal(580), None]
