"""Concomitant medication: a row of `cm` with its drug, class and dates ("Intercurrent events").

What belongs here: what a row says, by name and by dictionary. What does not: whether it is prohibited (prohibited.py)
and what it adds to the steroid dose (steroids.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from validation.second_derivation.drug_tables import Drug, drugs
from validation.second_derivation.reading import Span, code, span
from validation.second_derivation.usable import Row


@dataclass(frozen=True)
class Medication:
    """One medication record; name in upper case, the preferred one where the dictionary knows the drug."""

    row: Row
    name: str | None
    drug: Drug | None
    drug_class: str | None
    class_is_unreadable: bool  # delivered, not in the codelist, and the dictionary doesn't know the drug either
    start: Span | None
    end: Span | None

    @property
    def is_study_drug(self) -> bool:
        return self.drug is not None and self.drug.is_study_drug


def medications(rows: Sequence[Row]) -> list[Medication]:
    """The records of `cm`. The delivered class counts; without a readable one, the dictionary's."""
    records = []
    for row in rows:
        name = row["cmtrt"].upper() if row["cmtrt"] is not None else None
        drug = drugs().get(name) if name is not None else None
        drug_class = code(row["cmclas"], "CMCLAS") or (drug.drug_class if drug is not None else None)
        records.append(
            Medication(
                row=row,
                name=drug.preferred_name if drug is not None else name,
                drug=drug,
                drug_class=drug_class,
                class_is_unreadable=drug_class is None and row["cmclas"] is not None,
                start=span(row["cmstdtc"]),
                end=span(row["cmendtc"]),
            )
        )
    return records
