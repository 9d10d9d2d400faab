"""CSV with a row per answer: subject, visit, date, item, value, as electronic questionnaires export the scores.

What belongs here: the forms that are questionnaires, and how their items are called. What does not: the other forms,
which are canonical CSV.

An unanswered item has a row without a value. Two assessments that agree in subject, visit and date can't be told
apart here.
"""

from simulation.dialects.canonical import Canonical
from simulation.dialects.contract import contract
from simulation.dialects.delimited import CANONICAL
from simulation.dialects.dialect import CannotCarryError, Entry, File, Forms, Night, Table

SHARED = {
    "sledai": {"subjid": "participant", "visit": "timepoint", "sledtc": "completed"},
    "bilag": {"subjid": "participant", "visit": "timepoint", "bildtc": "completed"},
    "pga": {"subjid": "participant", "visit": "timepoint", "pgadtc": "completed"},
}
ITEM, VALUE = "question", "answer"


class ItemPerRow:
    """SLEDAI-2K, BILAG-2004 and the global assessment answer by answer."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        answered = {form: table for form, table in forms.items() if form in SHARED}
        files = Canonical().write({form: table for form, table in forms.items() if form not in SHARED}, night)
        for form, table in answered.items():
            header, rows = answers(form, table)
            files[f"{form}_answers.csv"] = File(CANONICAL.text([header], rows), len(rows))
        return files

    def entry(self) -> Entry:
        forms: dict[str, Entry] = {}
        for form, shared in SHARED.items():
            columns = {theirs: ours for ours, theirs in shared.items()}
            columns |= {item_name(name): name for name in contract()[form] if name not in shared}
            forms[form] = {
                "file": f"{form}_answers.csv",
                "items": {"item": ITEM, "value": VALUE},
                "columns": columns,
            }
        return {"format": "csv", "forms": forms}


def item_name(column: str) -> str:
    """As the questionnaire calls the item."""
    return f"Q_{column.upper()}"


def answers(form: str, table: Table) -> tuple[list[str], list[list[str]]]:
    """The header, and a row per record and item.

    Raises:
        CannotCarryError: two records agree in all that tells them apart; or there is none, and so no item is named.
    """
    if not table.rows:
        raise CannotCarryError(f"{form}: without a record the items have no names")
    shared = [name for name in table.header if name in SHARED[form]]
    items = [name for name in table.header if name not in SHARED[form]]
    rows: list[list[str]] = []
    seen: set[tuple[str, ...]] = set()
    for record in table.named():
        identity = tuple(record[name] for name in shared)
        if identity in seen:
            raise CannotCarryError(f"{form}: two records of {', '.join(identity)} would become one")
        seen.add(identity)
        rows += [[*identity, item_name(name), record[name]] for name in items]
    return [*(SHARED[form][name] for name in shared), ITEM, VALUE], rows
