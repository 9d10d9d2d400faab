"""How whole files are damaged: Hypothesis draws a file, and a few things that happen to it.

Bytes out of nothing seldom come past the first line of a reader, so few are. A workbook's parts are damaged before they
are packed: a byte changed in the zip itself is noticed by its checksum, and goes no further.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from hypothesis import strategies as st

ZIP = b"PK\x03\x04"
LARGEST = 1 << 20  # what repeats may make of a file
# Numbers at which lengths, offsets and counts go wrong, and marks that open or close something.
NUMBERS = [value.to_bytes(size, order) for size in (1, 2, 4, 8) for order in ("little", "big")
           for value in (0, 1, (1 << 8 * size) - 1, 1 << 8 * size - 1, (1 << 8 * size - 1) - 1)]  # fmt: skip
MARKS = [b"\x00", b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"\xff\xfe",
         b"<", b"/>", b"<!DOCTYPE a [", b"<![CDATA[", b"&a;", b"{", b"}", b"[", b"]", b"null", b"1e999999999", b"-0",
         b"NaN", b"9" * 400, b" ", b"A" * 300, "\u2028".encode(), "𠮷".encode(), b"\xed\xa0\x80", b"\x84\x31\xa4\x37",
         ]  # fmt: skip
PIECE = st.one_of(st.sampled_from(NUMBERS), st.sampled_from(MARKS), st.binary(max_size=8))
HOW = ["write over", "flip a bit", "write over", "flip a bit", "put in", "cut out", "cut the end", "copy", "repeat",
       "splice"]  # fmt: skip


@st.composite
def damaged_once(draw: st.DrawFn, data: bytes, others: Sequence[bytes]) -> bytes:
    """One thing that happens to a file."""
    at = draw(st.integers(0, max(len(data) - 1, 0)))
    how = draw(st.sampled_from(HOW))
    if how == "write over":
        new = draw(PIECE)
        return data[:at] + new + data[at + len(new) :]
    if how == "flip a bit":
        return data[:at] + bytes([data[at] ^ (1 << draw(st.integers(0, 7)))]) + data[at + 1 :] if data else data
    if how == "put in":
        return data[:at] + draw(PIECE) + data[at:]
    if how == "cut the end":
        return data[:at]
    if how == "splice":
        other = draw(st.sampled_from(others))
        return data[:at] + other[draw(st.integers(0, max(len(other) - 1, 0))) :]
    length = draw(st.integers(1, 200))
    piece = data[at : at + length]
    if how == "cut out":
        return data[:at] + data[at + length :]
    if how == "copy":
        to = draw(st.integers(0, max(len(data) - 1, 0)))
        return data[:to] + piece + data[to + len(piece) :]
    times = draw(st.sampled_from([2, 3, 50, 5_000]))
    return (data[:at] + piece * min(times, LARGEST // max(length, 1)) + data[at:])[: 2 * LARGEST]


@st.composite
def damaged_part(draw: st.DrawFn, data: bytes, others: Sequence[bytes]) -> bytes:
    """A zip file, one part of which is damaged and packed as if nothing had happened."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    name = draw(st.sampled_from(sorted(parts)))
    for _ in range(draw(st.integers(1, 3))):
        parts[name] = draw(damaged_once(parts[name], [*others, *parts.values()]))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return packed.getvalue()


@st.composite
def damaged(draw: st.DrawFn, examples: Sequence[bytes]) -> bytes:
    """A file of one of these, damaged up to five times; one in ten is bytes out of nothing."""
    if draw(st.integers(0, 9)) == 9:
        return draw(st.binary(max_size=300))
    data = draw(st.sampled_from(examples))
    if data.startswith(ZIP) and draw(st.integers(0, 4)):
        return draw(damaged_part(data, examples))
    for _ in range(draw(st.integers(1, 5))):
        data = draw(damaged_once(data, examples))
    return data
