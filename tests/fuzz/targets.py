"""Every way in which bytes of a site are read, and what must hold whatever the bytes are: tables, or a refusal.

A target reads and checks; it knows nothing of processes, of time, or of how the bytes were damaged.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import polars as pl

from orchestration.ingestion.formats import delimited_pieces
from orchestration.ingestion.formats.inspection import how_it_was_read, inspect, register_lines
from orchestration.ingestion.formats.long import KeyColumns, long_frames
from orchestration.ingestion.formats.refusal import FileRefusedError, refusing
from orchestration.ingestion.formats.suspicion import suspected
from orchestration.ingestion.formats.tables import APART, FORMATS, ReadAs, SourceTable, read_batches, read_tables
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.manifest import Present, mismatches
from orchestration.ingestion.reader import read_csv
from tests.orchestration.ingestion.formats.examples import CSV, REDCAP, whole_files

CANONICAL = b'subjid,visit,pgares\n0001,W4,1.5\n0001,"W8, late",\n0002,W4,"two\nlines"\n'
MANIFEST = b"file,rows,sha256\ndm.csv,2," + b"ab" * 32 + b"\npga.csv,1," + b"cd" * 32 + b"\n"
DICTIONARY = b"Variable / Field Name,Form Name,Field Label\nrecord_id,dm,Record\nsex,dm,Sex\nsys,bp,Systolic\n"
CHINESE = "受试者;性别\n1;女\n2;男𠮷\n"
PROJECT = "orchestration"
PYTHONS_OWN = ("builtins", "struct", "decimal")  # the modules of its exceptions
NAME = "bytes"  # of the file a target may write


@dataclass(frozen=True)
class Target:
    """One reader: whole files to damage, and a call that returns, or refuses them in a sentence."""

    name: str
    examples: Callable[[], list[bytes]]
    read: Callable[[bytes, Path], None]  # the folder is for what must be read from a file


def held(tables: Iterator[SourceTable]) -> None:
    """There are tables, and they are as a table is promised to be."""
    found = False
    for table in tables:
        found = True
        assert table.frame.columns[0] == "row"
        assert table.frame.schema["row"] == pl.Int32
        assert set(table.frame.schema.values()) <= {pl.Int32, pl.String}
        assert set(table.labels) | set(table.kinds) <= set(table.frame.columns)
        assert table.frame.height == 0 or (table.frame["row"].min() or 0) >= 1  # type: ignore[operator]
    assert found, "neither a table nor a refusal"


def _whole(read_as: ReadAs) -> Callable[[bytes, Path], None]:
    return lambda data, folder: held(read_tables(data, read_as))


def _here(read_as: ReadAs) -> Callable[[bytes, Path], None]:
    """Of what is read in a process of its own elsewhere: here it may take this one along."""
    what, module = FORMATS[read_as.format]
    reader = import_module(f"orchestration.ingestion.formats.{module}")

    def read(data: bytes, folder: Path) -> None:
        with refusing(what):
            held(reader.read(data, read_as))

    return read


def _pieces(read_as: ReadAs) -> Callable[[bytes, Path], None]:
    """Pieces of a few bytes, which must come to the same as the whole."""

    def read(data: bytes, folder: Path) -> None:
        delimited_pieces.CHUNK = 1 + len(data) % 50 if len(data) < 10_000 else 5_000
        whole, refusal = _read_or_refused(read_tables(data, read_as))
        parts, refusal_of_parts = _read_or_refused(read_batches(data, read_as))
        rules = [one and one.rule_id for one in (refusal, refusal_of_parts)]
        assert rules[0] == rules[1], f"whole: {refusal}; in pieces: {refusal_of_parts}"
        if refusal_of_parts is not None:
            raise refusal_of_parts
        held(iter(parts))
        for table in whole:
            assert pl.concat([part.frame for part in parts if part.name == table.name]).equals(table.frame)

    return read


def _read_or_refused(tables: Iterator[SourceTable]) -> tuple[list[SourceTable], FileRefusedError | None]:
    try:
        return list(tables), None
    except FileRefusedError as refusal:
        return [], refusal


def _batches(read_as: ReadAs) -> Callable[[bytes, Path], None]:
    return lambda data, folder: held(read_batches(data, read_as))


def _canonical(data: bytes, folder: Path) -> None:
    content = read_csv(data, ("subjid", "visit", "pgares"))
    assert content.frame.columns == ["row", "subjid", "visit", "pgares", "extra"]
    assert content.subjects <= content.rows


def _forms(data: bytes, folder: Path) -> None:
    content = read_csv(data, column_names("dm"))
    assert content.subjects <= content.rows


def _manifest(data: bytes, folder: Path) -> None:
    problems = mismatches(data, {"dm.csv": Present("ab" * 32, 2), "Other.csv": Present(None, None)})
    assert problems, "Other.csv has no bytes and so matches nothing"
    assert all(isinstance(problem, str) and problem for problem in problems)


def _dictionary(data: bytes, folder: Path) -> None:
    path = folder / NAME
    path.write_bytes(data)
    held(read_tables(REDCAP, ReadAs("redcap", dictionary=path)))


def _inspect(data: bytes, folder: Path) -> None:
    """As `mrbs inspect` and `mrbs inspect --long` do it."""
    path = folder / NAME
    path.write_bytes(data)
    read_as = suspected(path)
    found = list(inspect(path, read_as, 3))
    assert found
    lines = [*how_it_was_read(path, read_as), *register_lines(path, read_as, found)]
    assert all(isinstance(line, str) for line in lines)
    for frame in long_frames(path, read_as, KeyColumns()):
        assert frame.columns == ["subject", "event", "form", "repeat", "item", "value"]


def _example(name: str) -> Callable[[], list[bytes]]:
    return lambda: [whole_files()[name]]


@cache
def sas_examples() -> list[bytes]:
    """Data sets that SAS wrote, if MRBS_SAS_SAMPLES names a folder with some: nothing else writes them."""
    folder = os.environ.get("MRBS_SAS_SAMPLES")
    return [path.read_bytes() for path in sorted(Path(folder).glob("*.sas7bdat"))] if folder else []


def _everything() -> list[bytes]:
    return [*whole_files().values(), CHINESE.encode("gb18030"), CHINESE.encode("utf-16"), *sas_examples()]


TEXTS = {
    "csv": (ReadAs(delimiter=";"), [CSV]),
    "csv, canonical": (ReadAs(), [CANONICAL, REDCAP]),
    "csv, gb18030": (ReadAs(encoding="gb18030", delimiter=";", header_rows=2), [CHINESE.encode("gb18030")]),
    "csv, utf-16": (ReadAs(encoding="utf-16", delimiter=";", skip_lines=1), [CHINESE.encode("utf-16")]),
    "csv, no quotes": (ReadAs(encoding="cp1252", delimiter="\t", quote=""), [b"a\tb\n\xe41\t\"x\n"]),
    "csv, apostrophes": (ReadAs(encoding="utf-16-be", quote="'"), ["a,b\n'x,y',''''\n".encode("utf-16-be")]),
    "redcap": (ReadAs("redcap"), [REDCAP]),
}  # fmt: skip


def targets() -> dict[str, Target]:
    """By name. SAS data sets only where there are some to damage."""
    found = [Target(name, lambda data=data: data, _whole(how)) for name, (how, data) in TEXTS.items()]  # type: ignore[misc]
    found += [Target(f"{t.name}, in pieces", t.examples, _pieces(TEXTS[t.name][0])) for t in found]
    others = [name for name in FORMATS if name not in ("csv", "redcap", "sas7bdat")]
    found += [Target(name, _example(name), (_here if name in APART else _whole)(ReadAs(name))) for name in others]
    found += [
        Target("odm, in batches", _example("odm"), _batches(ReadAs("odm"))),
        Target("redcap's dictionary", lambda: [DICTIONARY], _dictionary),
        Target("canonical reader", lambda: [CANONICAL], _canonical),
        Target("canonical reader, a whole form", lambda: [",".join(column_names("dm")).encode() + b"\n"], _forms),
        Target("manifest", lambda: [MANIFEST], _manifest),
        Target("inspect", _everything, _inspect),
    ]
    harm = os.environ.get("MRBS_FUZZ_HARM")  # a test's, to see that the watcher notices
    if harm:
        found.append(Target("harm", lambda: [b""], lambda data, folder: exec(harm, {"os": os, "time": time})))
    if sas_examples():
        found.append(Target("sas7bdat", sas_examples, _here(ReadAs("sas7bdat"))))
    return {target.name: target for target in found}


def outcome(target: Target, data: bytes, folder: Path) -> str:
    """read, or refused.

    Raises:
        AssertionError: a refusal that is no sentence, or tables that are none.
        BaseException: whatever else the reader raises; it should have been a refusal.
    """
    try:
        target.read(data, folder)
    except FileRefusedError as error:
        refusal = error
    else:
        return "read"
    said = str(refusal)
    assert refusal.rule_id in ("DEL01", "DEL02", "DEL03"), f"rule {refusal.rule_id}"
    assert 10 < len(said) < 1_000, f"a refusal of {len(said)} characters"
    assert "Traceback" not in said, said
    mistake = mistake_of_ours(refusal)
    if mistake is not None:
        raise mistake
    return "refused"


def mistake_of_ours(refusal: FileRefusedError) -> BaseException | None:
    """What Python itself raised in a line of the project: it became a refusal, but no one meant that sentence."""
    cause = refusal.__context__
    if cause is None or isinstance(cause, OSError | MemoryError) or type(cause).__module__ not in PYTHONS_OWN:
        return None
    raised, caused = (traceback.extract_tb(error.__traceback__)[-1] for error in (refusal, cause))
    return cause if raised.name == refusing.__name__ and f"/{PROJECT}/" in caused.filename else None
