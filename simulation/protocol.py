"""The protocol as the simulator needs it, read from the dbt seeds.

What belongs here: reading a seed into a small typed object. What does not: a number of the protocol
written out; a visit's window, an item's weight or a vial's size is changed in the seed alone.
"""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"


@dataclass(frozen=True)
class PlannedVisit:
    """One visit of the schedule, with its target day and window (days since the first infusion)."""

    label: str
    target: int
    first: int
    last: int
    infusion: bool


@dataclass(frozen=True)
class Protocol:
    """What is fixed for every subject."""

    columns: dict[str, tuple[str, ...]]
    keys: dict[str, tuple[str, ...]]
    visits: tuple[PlannedVisit, ...]
    screening_first_day: int
    sledai_weights: tuple[int, ...]
    bilag_systems: tuple[str, ...]
    pga_factors: dict[str, Decimal]
    pga_maxima: dict[str, Decimal]
    parameters: dict[str, Decimal]
    drug_classes: dict[str, str]
    steroid_equivalents: dict[str, Decimal]

    def whole(self, parameter: str) -> int:
        """A parameter that is counted, such as days or points."""
        return int(self.parameters[parameter])


def rows(seed: str) -> list[dict[str, str]]:
    """The rows of one seed, as text."""
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def protocol() -> Protocol:
    """The protocol of scenario PRIMARY: the one that the sites follow."""
    columns: dict[str, list[str]] = {}
    keys: dict[str, list[str]] = {}
    for row in sorted(rows("form_columns"), key=lambda row: int(row["position"])):
        columns.setdefault(row["form"], []).append(row["column_name"])
        if row["key"] == "Y":
            keys.setdefault(row["form"], []).append(row["column_name"])
    planned = rows("planned_visits")
    scales, drugs = rows("pga_scales"), rows("drug_dictionary")
    return Protocol(
        columns={form: tuple(names) for form, names in columns.items()},
        keys={form: tuple(names) for form, names in keys.items()},
        visits=tuple(
            PlannedVisit(
                row["visit"],
                int(row["target_day"]),
                int(row["window_first_day"]),
                int(row["window_last_day"]),
                row["plannum"] != "",
            )
            for row in sorted(planned, key=lambda row: int(row["visitnum"]))
            if row["target_day"] != ""
        ),
        screening_first_day=next(int(row["window_first_day"]) for row in planned if row["visit"] == "SCR"),
        sledai_weights=tuple(
            int(row["weight"]) for row in sorted(rows("sledai_items"), key=lambda row: int(row["item"]))
        ),
        bilag_systems=tuple(
            row["column_name"] for row in sorted(rows("bilag_systems"), key=lambda row: int(row["position"]))
        ),
        pga_factors={row["scale"]: Decimal(row["factor"]) for row in scales},
        pga_maxima={row["scale"]: Decimal(row["scale_max"]) for row in scales},
        parameters={
            row["parameter"]: Decimal(row["value"])
            for row in rows("protocol_parameters")
            if row["scenario"] == "PRIMARY"
        },
        drug_classes={row["name"]: row["drug_class"] for row in drugs},
        steroid_equivalents={
            row["name"]: Decimal(row["prednisone_equivalent"]) for row in drugs if row["prednisone_equivalent"]
        },
    )
