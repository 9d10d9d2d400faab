"""The macro divide_half_away against Python's fractions: exact, rounded half away from zero, whatever the sign."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import duckdb
import jinja2
import pytest

from orchestration.derivation.project import PROJECT_DIR


@pytest.fixture(scope="module")
def division() -> str:
    macros = jinja2.Environment().from_string((PROJECT_DIR / "macros" / "exact_division.sql").read_text("utf-8")).module
    return str(macros.divide_half_away("dividend", "divisor", 2))  # type: ignore[attr-defined]


def divided(division: str, pairs: list[tuple[str, str]]) -> list[Decimal | None]:
    with duckdb.connect() as connection:
        connection.execute("create table pairs (number integer, dividend decimal(38, 13), divisor decimal(37, 13))")
        connection.executemany("insert into pairs values (?, ?, ?)", [(i, *pair) for i, pair in enumerate(pairs)])
        return [row[0] for row in connection.execute(f"select {division} from pairs order by number").fetchall()]


@pytest.mark.parametrize(
    ("dividend", "divisor", "quotient"),
    [
        ("0.125", "1", "0.13"),
        ("-0.125", "1", "-0.13"),
        ("0.125", "-1", "-0.13"),
        ("0.1249999999999", "1", "0.12"),
        ("1", "3", "0.33"),
        ("2", "3", "0.67"),
        ("0", "7", "0.00"),
        # 100 x (1010.05 - 1000) / 1000: 1.00499... in binary floating point.
        ("1005", "1000", "1.01"),
        # A dose and a weight that nobody can have must not stop a load.
        ("100000000000000", "0.000000001", "100000000000000000000000.00"),
    ],
)
def test_halves_go_away_from_zero(division: str, dividend: str, divisor: str, quotient: str) -> None:
    assert divided(division, [(dividend, divisor)]) == [Decimal(quotient)]


def test_nothing_is_divided_by_zero(division: str) -> None:
    assert divided(division, [("1", "0")]) == [None]


def test_agrees_with_exact_fractions(division: str) -> None:
    numbers = random.Random(48)
    pairs = [
        (
            str(Decimal(numbers.randint(-(10**9), 10**9)).scaleb(-6)),
            str(Decimal(numbers.randint(1, 10**12)).scaleb(-10)),
        )
        for _ in range(500)
    ]
    assert divided(division, pairs) == [
        half_away(Fraction(dividend) / Fraction(divisor)) for dividend, divisor in pairs
    ]


def half_away(value: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        hundredths = abs(value) * 100
        rounded = (hundredths.numerator * 2 + hundredths.denominator) // (hundredths.denominator * 2)
        return (Decimal(rounded) / 100).copy_sign(value.numerator).quantize(Decimal("0.01"), ROUND_HALF_UP)
