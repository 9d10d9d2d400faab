"""Reading what the simulator wrote, with nothing of the simulator."""

import csv
from pathlib import Path

Table = list[dict[str, str]]

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"


def read(file: Path) -> Table:
    """The rows of a CSV file as text."""
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def contract(form: str) -> list[str]:
    """The columns of a form in the contract."""
    return [row["column_name"] for row in read(SEEDS / "form_columns.csv") if row["form"] == form]


def keys() -> dict[str, list[str]]:
    """The key columns of each form."""
    found: dict[str, list[str]] = {}
    for row in read(SEEDS / "form_columns.csv"):
        found.setdefault(row["form"], [])
        if row["key"] == "Y":
            found[row["form"]].append(row["column_name"])
    return found
