"""The protocol's tables of drugs and doses, read once from the seed files.

What belongs here: the dictionary, dose frequencies and dose units. What does not: all other seeds
(protocol_tables.py), and any rule that uses these tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from validation.second_derivation.protocol_tables import seed_rows, whole_or_none


@dataclass(frozen=True)
class Drug:
    """A drug the dictionary knows; `prednisone_equivalent` in mg of prednisone per mg, None where it has none."""

    preferred_name: str
    drug_class: str
    prednisone_equivalent: Fraction | None
    is_study_drug: bool


@cache
def doses_per_14_days() -> dict[str, int | None]:
    """Frequency as delivered -> administrations in 14 days; None for a single one."""
    return {row["frequency"]: whole_or_none(row["doses_per_14_days"]) for row in seed_rows("dose_frequencies")}


@cache
def drugs() -> dict[str, Drug]:
    """The dictionary: a name in upper case -> the drug."""
    return {
        row["name"]: Drug(
            preferred_name=row["preferred_name"],
            drug_class=row["drug_class"],
            prednisone_equivalent=Fraction(row["prednisone_equivalent"]) if row["prednisone_equivalent"] else None,
            is_study_drug=row["is_study_drug"] == "Y",
        )
        for row in seed_rows("drug_dictionary")
    }


@cache
def milligrams_per_unit(form: str) -> dict[str, Fraction]:
    """Dose unit of a form (`ex`, `cm`) in lower case -> milligrams in one of it."""
    return {
        row["unit"].lower(): Fraction(row["factor"]) for row in seed_rows("unit_conversions") if row["domain"] == form
    }
