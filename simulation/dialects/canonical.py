"""Canonical CSV, which the register need say nothing about: what the contract asks for, and most sites send."""

from simulation.dialects.delimited import CANONICAL
from simulation.dialects.dialect import Entry, File, Forms, Night


class Canonical:
    """UTF-8, comma, a header row, ISO 8601 dates."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        return {
            f"{form}.csv": File(CANONICAL.text([table.header], table.rows), len(table.rows))
            for form, table in forms.items()
        }

    def entry(self) -> Entry:
        return {}
