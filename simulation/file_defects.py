"""Defects of whole files on the last night, at a few sites: each holds back one form of one site at most.

What belongs here: columns and rows of a finished file. What does not: single rows (planting_kinds.py).
They need a good delivery before them, so a trial of a single night has only the harmless one. The
forms are ones in which no single row is spoiled, so that no planted defect is hidden by them.
"""

from dataclasses import dataclass

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


FILE_DEFECTS = (
    FileDefect("column missing", "DEL03", 4, "ae", "aeout", True),
    FileDefect("column nobody knows", "DEL04", 2, "mh", "mhcomment", False),
    FileDefect("file cut short", "DEL07", 5, "acr", "", True),
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


def spoil(defect: FileDefect, header: list[str], rows: list[list[object]]) -> Table:
    """The header and rows of a form with the defect in them."""
    if defect.kind == "column missing":
        at = header.index(defect.field)
        return header[:at] + header[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]
    if defect.kind == "column nobody knows":
        return [*header, defect.field], [[*row, ""] for row in rows]
    return header, rows[: int(len(rows) * SHARE_KEPT)]
