"""Delimited text of any size: decoded while it is read, and cut into pieces that begin and end between two records.

What holds of a whole file (delimited.py) is asked of each piece, and holds of the file when it holds of all of them:
quotes balance, and outside of them a line break ends a record. What a record means is not known here.
"""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator

from orchestration.ingestion.formats import limits
from orchestration.ingestion.formats.refusal import empty, unreadable
from orchestration.ingestion.formats.tables import Source, opened

CHUNK = 4 << 20  # bytes of the file at a time; as a frame some ten times as much
# Without a byte order mark these are read in the order of this machine's bytes, when a whole text is decoded; the
# decoders of pieces would refuse it.
MARKED = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}


def pieces(source: Source, encoding: str, skip_lines: int, quote: str) -> Iterator[tuple[bytes, bool]]:
    """The file after these lines as UTF-8, in pieces of whole records; with the last one comes True.

    Raises:
        FileRefusedError: DEL02 nothing in it, DEL01 it is not in this encoding, or a record has no end.
    """
    is_of_old_mac = _is_of_old_mac(source, encoding)

    def body() -> Iterator[bytes]:
        return _after_lines(_chunks(source, encoding, is_of_old_mac), skip_lines)

    if not any(chunk.strip() for chunk in body()):  # most often the first chunk says it
        raise empty("the file is empty: not even a header")
    held: bytes | None = None
    waiting = b""
    worth_a_look = 0  # bytes; where no record ended, twice as many are waited for
    for chunk in body():
        waiting = waiting + chunk if waiting else chunk
        if len(waiting) < min(worth_a_look, limits.RECORD_BYTES):
            continue
        end = _end_of_records(waiting, quote.encode())
        worth_a_look = 0 if end else 2 * len(waiting)
        if end:
            if held is not None:
                yield held, False
            held, waiting = waiting[:end], waiting[end:]
        if len(waiting) > limits.RECORD_BYTES:
            is_open = bool(quote) and quote.encode() in waiting
            why = "a quoted value is never closed" if is_open else "there are no line breaks"
            raise unreadable(f"a record has more than {limits.RECORD_BYTES:,} bytes: {why}")
    if held is not None:
        yield held, not waiting
    if waiting:
        yield waiting, True


def _end_of_records(data: bytes, quote: bytes) -> int:
    """Behind the last line break that no quotes hold: there the number of quotes before it is even."""
    if not quote or quote not in data:
        return data.rfind(b"\n") + 1
    before = data.count(quote)
    end = len(data)
    while True:  # from quote to quote backwards: most often the last line break is behind the last quote
        at_quote = data.rfind(quote, 0, end)
        if before % 2 == 0 and (at := data.rfind(b"\n", at_quote + 1, end)) >= 0:
            return at + 1
        if at_quote < 0:
            return 0
        before, end = before - 1, at_quote


def _is_of_old_mac(source: Source, encoding: str) -> bool:
    """Whether only carriage returns break its lines; most often the first chunk has the answer."""
    has_return = False
    for chunk in _chunks(source, encoding):
        if b"\n" in chunk:
            return False
        has_return = has_return or b"\r" in chunk
    return has_return


def _after_lines(chunks: Iterator[bytes], lines: int) -> Iterator[bytes]:
    left = lines
    for chunk in chunks:
        at = 0
        while left and (end := chunk.find(b"\n", at)) >= 0:
            at, left = end + 1, left - 1
        if not left:
            yield chunk[at:]
    if left:
        raise empty(f"the file ends within the {lines} lines before its header")


def _chunks(source: Source, encoding: str, is_of_old_mac: bool = False) -> Iterator[bytes]:
    """The file as UTF-8 without byte order mark, some at a time."""
    shown = "UTF-8" if codecs.lookup(encoding).name == "utf-8" else encoding.upper()
    decoder: codecs.IncrementalDecoder | None = None
    raw_lines = lines = 0
    is_first = True
    with opened(source) as file:
        while True:
            raw = file.read(CHUNK)
            decoder = decoder or _decoder(encoding, raw)
            try:
                text = decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                at = error.start - (len(error.object) - len(raw))  # what waited for its end stands before these bytes
                line = raw_lines + raw.count(b"\n", 0, max(at, 0)) + 1
                byte = f" (byte 0x{error.object[error.start]:02x})" if error.start < len(error.object) else ""
                raise unreadable(f"line {line} is not {shown}{byte}") from None
            if text and is_first:
                text, is_first = text.removeprefix("\ufeff"), False
            data = text.encode("utf-8", "surrogatepass")
            if b"\x00" in data:
                line = lines + data.count(b"\n", 0, data.index(b"\x00")) + 1
                raise unreadable(f"line {line} holds a NUL byte: this is no {shown} text file")
            raw_lines, lines = raw_lines + raw.count(b"\n"), lines + data.count(b"\n")
            yield data.replace(b"\r", b"\n") if is_of_old_mac else data
            if not raw:
                return


def _decoder(encoding: str, head: bytes) -> codecs.IncrementalDecoder:
    name = codecs.lookup(encoding).name
    if name in MARKED and not head.startswith(MARKED[name]):
        name = f"{name}-{'le' if sys.byteorder == 'little' else 'be'}"
    return codecs.getincrementaldecoder(name)()
