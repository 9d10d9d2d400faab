"""The layout of a SAS transport file (version 5 and 8): its data sets, where each begins, and how long a record is.

ReadStat reads the values; it sees only the first data set of a file, no special missing values, and not that a file
was cut short. Those three are answered here, from the published layout (SAS TS-140).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from orchestration.ingestion.formats.columns import require_width
from orchestration.ingestion.formats.refusal import unreadable

CARD = 80
LIBRARY = re.compile(rb"HEADER RECORD\*{7}(?:LIBRARY |LIBV8   )HEADER RECORD!{7}")
MEMBER = re.compile(rb"HEADER RECORD\*{7}(?:MEMBER  |MEMBV8  )HEADER RECORD!{7}")
NAMESTR = re.compile(rb"HEADER RECORD\*{7}(?:NAMESTR |NAMSTV8 )HEADER RECORD!{7}[0-9]{6}([0-9]{4,10})")
OBSERVATIONS = re.compile(rb"HEADER RECORD\*{7}OBS(?:     |V8   )HEADER RECORD!{7}([ 0-9]{15})?")
NAMESTR_BYTES = 140
SPECIAL_MISSING = frozenset(b"_ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class Member:
    """One data set: the bytes of a transport file that holds it alone, and where its records are."""

    file: bytes
    records: bytes  # as many whole records as there are
    record_bytes: int
    numbers: dict[int, tuple[int, int]]  # of each numeric variable, by its position: offset and length in a record

    @property
    def count(self) -> int:
        return len(self.records) // self.record_bytes if self.record_bytes else 0

    def special_missing(self, variable: int) -> dict[int, str]:
        """The special missing values of a variable, by record: .A to .Z and ._ are a letter followed by zeros."""
        if variable not in self.numbers:
            return {}
        offset, length = self.numbers[variable]
        first = self.records[offset :: self.record_bytes]
        if not SPECIAL_MISSING.intersection(first):
            return {}
        found = {}
        for record, byte in enumerate(first):
            start = record * self.record_bytes + offset
            if byte in SPECIAL_MISSING and not any(self.records[start + 1 : start + length]):
                found[record] = f".{chr(byte)}"
        return found


def members(data: bytes) -> Iterator[Member]:
    """The data sets of a transport file.

    Raises:
        FileRefusedError: it is none, or it was cut short.
    """
    if not LIBRARY.match(data):
        raise unreadable("it does not begin as a SAS transport file does (XPT, version 5 or 8)")
    if len(data) % CARD:
        raise unreadable("its length is no multiple of 80 bytes: it was cut short")
    starts = [match.start() for match in MEMBER.finditer(data) if match.start() % CARD == 0]
    for start, end in zip(starts, [*starts, len(data)][1:], strict=True):
        yield _member(data[: 3 * CARD], data[start:end])


def _member(library: bytes, data: bytes) -> Member:
    namestr = NAMESTR.search(data)
    if namestr is None:
        raise unreadable("the list of its variables is missing: it was cut short")
    variables = int(namestr[1][:4])
    require_width(variables)
    begin = namestr.start() + CARD
    size = int(data[74:78]) if data[74:78].isdigit() else NAMESTR_BYTES
    numbers: dict[int, tuple[int, int]] = {}
    record_bytes = 0
    for position in range(variables):
        at = begin + position * size
        if at + 88 > len(data):
            raise unreadable("the list of its variables ends too early: it was cut short")
        kind, _, length = struct.unpack_from(">hhh", data, at)
        (offset,) = struct.unpack_from(">i", data, at + 84)
        if kind == 1:
            numbers[position] = (offset, length)
        record_bytes += length
    header = OBSERVATIONS.search(data, begin + variables * size)
    if header is None or record_bytes <= 0 or any(offset < 0 or length < 1 for offset, length in numbers.values()):
        raise unreadable("its records can't be found: the file is damaged or was cut short")
    records = data[header.start() + CARD :]
    declared = (header[1] or b"").strip() if header[0][22:25] == b"V8 " or b"OBSV8" in header[0] else b""
    return Member(
        library + data, _whole(records, record_bytes, int(declared) if declared else None), record_bytes, numbers
    )


def _whole(records: bytes, record_bytes: int, declared: int | None) -> bytes:
    """The records without the blanks that fill the last card."""
    if declared is not None:
        if declared * record_bytes > len(records):
            raise unreadable(f"its header says {declared:,} records, but fewer are there: it was cut short")
        return records[: declared * record_bytes]
    rest = len(records) % record_bytes
    if rest and records[-rest:].strip(b" "):
        raise unreadable("its last record is not whole: it was cut short")
    whole = records[: len(records) - rest]
    # Fewer than 80 bytes of blanks may be whole short records, or filling; SAS takes them for filling.
    while whole and len(records) - len(whole) + record_bytes < CARD and not whole[-record_bytes:].strip(b" "):
        whole = whole[:-record_bytes]
    return whole
