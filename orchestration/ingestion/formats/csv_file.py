"""CSV in any dialect: any encoding, delimiter and quote, lines before the header, one header row or two.

A number keeps its decimal comma: whoever types the values knows which sign the site writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from orchestration.ingestion.formats.columns import ROW, column_names, require_width, table_of
from orchestration.ingestion.formats.delimited import Marks, decoded, first_record, records, records_of_piece
from orchestration.ingestion.formats.delimited_pieces import pieces
from orchestration.ingestion.formats.refusal import FileRefusedError, empty, unreadable
from orchestration.ingestion.formats.tables import ReadAs, Source, SourceTable, bytes_of, table_name


def read(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    data, text = decoded(bytes_of(source), read_as.encoding)
    data, text = _without_preamble(data, text, read_as.skip_lines)
    marks = Marks(read_as.delimiter, read_as.quote)
    header = first_record(text, marks)
    require_width(len(header))
    try:
        frame = records(data, max(len(header), 1), marks)
    except FileRefusedError as refusal:
        raise _with_hint(refusal, header, read_as) from None
    if frame.height < read_as.header_rows:
        raise empty("the file ends before its second header row")
    yield _table(_names(frame, read_as), frame[read_as.header_rows :], source, read_as)


def read_in_batches(source: Source, read_as: ReadAs) -> Iterator[SourceTable]:
    """The same rows, some ten thousand at a time: the file is never held as a whole."""
    marks = Marks(read_as.delimiter, read_as.quote)
    header: list[str] = []
    names: list[str] | None = None
    begun: list[pl.DataFrame] = []  # until all header rows are there
    rows = 0
    for piece, is_last in pieces(source, read_as.encoding, read_as.skip_lines, read_as.quote):
        if not rows:
            header = first_record(piece.decode("utf-8", "surrogatepass"), marks)
            require_width(len(header))
        try:
            frame, rows = records_of_piece(piece, max(len(header), 1), marks, rows, is_last)
        except FileRefusedError as refusal:
            raise _with_hint(refusal, header, read_as) from None
        if names is None:
            begun.append(frame)
            frame = pl.concat(begun)
            if frame.height < read_as.header_rows:
                continue
            names, begun = _names(frame, read_as), []
            yield _table(names, frame[read_as.header_rows :], source, read_as)
        elif frame.height:
            yield _table(names, frame, source, read_as)
    if names is None:
        raise empty("the file ends before its second header row")


def _names(frame: pl.DataFrame, read_as: ReadAs) -> list[str]:
    """What the columns are called in the header rows, the first of the file."""
    return column_names(joined_header(frame[: read_as.header_rows].drop(ROW).rows(), read_as.header))


def _table(names: list[str], body: pl.DataFrame, source: Source, read_as: ReadAs) -> SourceTable:
    columns = {name: body[str(position)] for position, name in enumerate(names)}
    return table_of(table_name(source, read_as), columns, body[ROW] + read_as.skip_lines)


def joined_header(rows: Sequence[Sequence[str | None]], header: str) -> list[str]:
    """One name per column of a header of one or two rows."""
    chosen = rows[-1:] if header == "last" else rows
    return [" ".join(part.strip() for part in parts if part and part.strip()) for parts in zip(*chosen, strict=True)]


def _without_preamble(data: bytes, text: str, lines: int) -> tuple[bytes, str]:
    """What stands from the line after these on."""
    if not lines:
        return data, text
    at = position = 0
    for _ in range(lines):
        at, position = data.find(b"\n", at) + 1, text.find("\n", position) + 1
        if not at:
            raise empty(f"the file ends within the {lines} lines before its header")
    if not data[at:].strip():
        raise empty("the file is empty: not even a header")
    return data[at:], text[position:]


def _with_hint(refusal: FileRefusedError, header: list[str], read_as: ReadAs) -> FileRefusedError:
    """The header is one cell that holds what looks like another delimiter."""
    others = [mark for mark in ";,\t|" if mark != read_as.delimiter and mark in header[0]] if len(header) == 1 else []
    if not others:
        return refusal
    return unreadable(f"{refusal}; the header is not separated by {read_as.delimiter!r} but maybe by {others[0]!r}")
