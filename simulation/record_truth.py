"""The truth of single records: each planted defect, each correction and removal.

What belongs here: a row of the truth for each, with the key and the value that a delivery shows. What
does not: planting and correcting (planting.py, corrections.py). A defect is listed with the rule that
has to find it; others may find it too (a dose ten times too high is also off the plan).
"""

from simulation.corrections import Change
from simulation.defects import Defect
from simulation.file_defects import FileDefect
from simulation.protocol import protocol
from simulation.records import Row, iso
from simulation.sites import Site
from simulation.truth import TruthRow

DATE_BELONGS_TO_KEY_AT_UNS = {"sv": "svdtc", "ex": "exstdtc", "sledai": "sledtc", "bilag": "bildtc", "pga": "pgadtc"}


def defect_truth(site: Site, subjid: str, defect: Defect, nights: list[int]) -> TruthRow | None:
    """One planted defect; None when no delivery shows it."""
    delivered = [night for night in nights if defect.row.shown(night)]
    if not delivered:
        return None
    columns = protocol().columns[defect.form]
    value = defect.row.values[columns.index(defect.field)] if defect.field in columns else ""
    return (
        site.siteid, subjid, defect.form, record_key(defect.form, defect.row), defect.field, value, defect.kind,
        defect.rule, iso(delivered[0]), iso(delivered[-1]),
    )  # fmt: skip


def file_truth(site: Site, defect: FileDefect, night: int) -> TruthRow:
    """One defect of a whole file."""
    return (
        site.siteid, "", defect.form, f"{defect.form}.csv", defect.field, "", defect.kind, defect.rule,
        iso(night), iso(night),
    )  # fmt: skip


def change_truth(site: Site, subjid: str, change: Change) -> TruthRow:
    """One row that was corrected or removed; the night is the first that shows it so."""
    columns = protocol().columns[change.form]
    before = change.row.values[columns.index(change.field)] if change.field else ""
    return (
        site.siteid, subjid, change.form, record_key(change.form, change.row), change.kind, iso(change.night),
        change.field, before, change.after,
    )  # fmt: skip


def record_key(form: str, row: Row) -> str:
    """The key of a row as text; at an unscheduled visit its date belongs to it."""
    named = dict(zip(protocol().columns[form], row.values, strict=True))
    parts = [str(named[column]) for column in protocol().keys[form]]
    if named.get("visit") == "UNS" and form in DATE_BELONGS_TO_KEY_AT_UNS:
        parts.append(str(named[DATE_BELONGS_TO_KEY_AT_UNS[form]]))
    return " | ".join(parts)
