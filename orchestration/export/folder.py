"""One export: a folder named by its publication, with a file per table and format and a manifest of hashes.

    <folder>/<load>/manifest.csv            every file with its table, rows and SHA-256 (<load>-sdtm for that model)
    <folder>/<load>/<format>/<table>.<...>  the tables
    <folder>/<load>/define.xml              what they mean
    <folder>/<load>/refused.csv             what a format could not carry, if anything
    <folder>/<load>/replaced.csv            what was written in ASCII on request, if anything

It is written beside its place and renamed: a folder with that name is whole. What holds free text only its owner may
open. The same publication and the same request
give the same bytes. How a format looks belongs in its module.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path

from orchestration.export.described import ExportTable, analysis_tables, sdtm_tables
from orchestration.export.formats import DEFINE, DESCRIBED_FIRST, FORMATS, TABLE_FORMATS, Request
from orchestration.export.refusal import CannotCarryError, Replacement, Violation
from orchestration.export.sdtm import open_sdtm
from orchestration.export.source import Source, open_current, sha256_of

ADAM = "adam"
MANIFEST_COLUMNS = ("file", "table", "rows", "sha256")


@contextmanager
def _open_analysis(warehouse: Path, tables: list[ExportTable], _: Callable[[str], None]) -> Iterator[Source]:
    with open_current(warehouse, tables) as source:
        yield source


@dataclass(frozen=True)
class Model:
    """What can be exported together: its tables, where they are read, how its folder is told apart, and who may look
    into that."""

    called: str
    suffix: str
    tables: Callable[[], dict[str, ExportTable]]
    open: Callable[[Path, list[ExportTable], Callable[[str], None]], AbstractContextManager[Source]]
    mode: int = 0o777  # less what the umask takes


MODELS = {
    ADAM: Model("analysis table", "", analysis_tables, _open_analysis),
    "sdtm": Model("SDTM table", "-sdtm", sdtm_tables, open_sdtm, mode=0o700),
}


@dataclass
class Exported:
    """What an export wrote: the folder, its number of files, and what it had to refuse or was asked to replace."""

    folder: Path
    load_id: str
    files: int = 0
    refused: dict[str, list[Violation]] = field(default_factory=dict)
    replaced: list[Replacement] = field(default_factory=list)


def export(
    warehouse: Path,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    tables: Sequence[str] = (),
    *,
    model: str = ADAM,
    ascii_only: bool = False,
    report: Callable[[str], None] = lambda _: None,
) -> Exported:
    """Write the tables of a model of the current publication into a folder of its own; all where none is named.

    A table that a format can't carry is left out there, and said; everything else is written.

    Raises:
        ValueError: a model, format or table that there is not, or nothing that define.xml could describe.
        FileExistsError: this publication has been exported there already.
    """
    _known([model], list(MODELS), "model")
    chosen = _chosen_tables(MODELS[model], tables)
    chosen_formats = _known(formats, FORMATS, "format")
    if chosen_formats == [DEFINE]:
        raise ValueError(
            "define.xml describes files of tables: ask for another format besides, for example xpt,define."
        )
    with MODELS[model].open(warehouse, chosen, report) as source:
        place = folder / f"{source.load_id}{MODELS[model].suffix}"
        if place.exists():
            raise FileExistsError(f"{place} exists: this publication has been exported there. Move it away first.")
        partial = folder / f".{place.name}.{os.getpid()}.partial"
        partial.mkdir(mode=MODELS[model].mode, parents=True)
        try:
            exported = _write(
                source, chosen, chosen_formats, partial, Request(ascii_only, DEFINE in chosen_formats), report
            )
            _flush(partial)
            partial.rename(place)
        finally:
            shutil.rmtree(partial, ignore_errors=True)
    exported.folder = place
    return exported


def _write(
    source: Source,
    tables: list[ExportTable],
    formats: list[str],
    folder: Path,
    request: Request,
    report: Callable[[str], None],
) -> Exported:
    exported = Exported(folder, source.load_id)
    rows = {table.name: source.row_count(table) for table in tables}
    manifest: list[tuple[str, str, int | str, str]] = []
    for name in [name for name in formats if name != DEFINE]:
        kind = TABLE_FORMATS[name]
        (folder / name).mkdir()
        for table in tables:
            file = folder / name / f"{table.name}.{kind.suffix}"
            report(f"{name}: {table.name}, {rows[table.name]:,} rows")
            try:
                exported.replaced += kind.write(source, table, file, request)
            except CannotCarryError as error:
                exported.refused.setdefault(name, []).extend(error.violations)
                continue
            manifest.append((f"{name}/{file.name}", table.name, rows[table.name], sha256_of(file)))
    beside = _said_beside(folder, exported)
    if request.with_define:
        report("define.xml")
        beside += _describe(source, tables, [file for file, *_ in manifest], folder)
    manifest += [(name, "", "", sha256_of(folder / name)) for name in beside]
    _write_rows(folder / "manifest.csv", MANIFEST_COLUMNS, manifest)
    exported.files = len(manifest)
    return exported


def _describe(source: Source, tables: list[ExportTable], files: list[str], folder: Path) -> list[str]:
    """define.xml for the tables that are there in some format; none where no table is."""
    # Importing its model and schema takes a while, and most exports ask for neither.
    from orchestration.export.define_xml import write_define

    hrefs: dict[str, ExportTable] = {}
    for table in tables:
        written = [f"{name}/{table.name}.{TABLE_FORMATS[name].suffix}" for name in DESCRIBED_FIRST]
        hrefs |= dict.fromkeys([file for file in written if file in files][:1], table)
    if not hrefs:
        return []
    write_define(source, hrefs, folder / "define.xml")
    return ["define.xml"]


def _said_beside(folder: Path, exported: Exported) -> list[str]:
    """The lists of what was refused and replaced; a list that would be empty is not written."""
    written = []
    if exported.refused:
        header = ("format", *(each.name for each in fields(Violation)))
        rows = [(name, *astuple(violation)) for name, found in exported.refused.items() for violation in found]
        _write_rows(folder / "refused.csv", header, rows)
        written.append("refused.csv")
    if exported.replaced:
        header = tuple(each.name for each in fields(Replacement))
        _write_rows(folder / "replaced.csv", header, [astuple(replacement) for replacement in exported.replaced])
        written.append("replaced.csv")
    return written


def _write_rows(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _chosen_tables(model: Model, names: Sequence[str]) -> list[ExportTable]:
    described = model.tables()
    return [described[name] for name in _known(names or list(described), list(described), model.called)]


def _known(names: Sequence[str], known: Sequence[str], what: str) -> list[str]:
    """Those named, each once, in the order of those there are."""
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"There is no {what} {', '.join(unknown)}; there are {', '.join(known)}.")
    return [name for name in known if name in names]


def _flush(folder: Path) -> None:
    """Onto the disk before the rename: a folder that is there must be whole, also after a power cut."""
    for path in [folder, *folder.rglob("*")]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
