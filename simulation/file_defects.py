"""Defects of whole files on the last night, at a few sites: each holds back one form of one site at most.

What belongs here: columns and rows of a finished file. What does not: single rows (planting_kinds.py).
They need a good delivery before them, so a trial of a single night has only the harmless one. The
forms are ones in which no single row is spoiled, so that no planted defect is hidden by them.
"""

from dataclasses import dataclass

from simulation.records import Records

SITES_A_ROUND = 12


@dataclass(frozen=True)
class FileDefect:
    """One kind: at one site in twelve, in one form."""

    kind: str
    rule: str
    place: int
    form: str
    field: str
    needs_earlier_delivery: bool
    meaning: str


FILE_DEFECTS = (
    FileDefect("column missing", "DEL03", 4, "ae", "aeout", True, "ae comes without the column aeout"),
    FileDefect("column nobody knows", "DEL04", 2, "mh", "mhcomment", False, "mh has a column mhcomment"),
    FileDefect("file cut short", "DEL07", 5, "acr", "", True, "a fifth of the rows of acr is missing at the end"),
)
SHARE_KEPT = 0.80

Table = tuple[list[str], list[list[object]]]


def file_defects(site: int, clean: bool, nights: int) -> list[FileDefect]:
    """What is wrong with the last delivery of a site."""
    if clean:
        return []
    return [
        defect
        for defect in FILE_DEFECTS
        if site % SITES_A_ROUND == defect.place and (nights > 1 or not defect.needs_earlier_delivery)
    ]


def fit_to_spoil(defect: FileDefect, subjects: list[Records], nights: list[int]) -> bool:
    """Whether the form had rows before: an empty file can't be cut short."""
    before = nights[-2] if defect.needs_earlier_delivery else nights[-1]
    return any(row.shown(before) for records in subjects for row in records.forms[defect.form])


def spoil(defect: FileDefect, header: list[str], rows: list[list[object]]) -> Table:
    """The header and rows of a form with the defect in them."""
    if defect.kind == "column missing":
        at = header.index(defect.field)
        return header[:at] + header[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]
    if defect.kind == "column nobody knows":
        return [*header, defect.field], [[*row, ""] for row in rows]
    return header, rows[: int(len(rows) * SHARE_KEPT)]
