"""A workbook is a zip file: what its parts are, before anything else opens it.

Refused here: a zip bomb, a cut file, a sheet whose few cells span billions. Noted here: cells whose content the
workbook's reader would not show, namely errors (#DIV/0!) and day numbers that are no date.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from orchestration.ingestion.formats import limits
from orchestration.ingestion.formats.refusal import reason_of, unreadable

# Row and column (from 0) of a cell, and the text that stands there.
Corrections = dict[tuple[int, int], str]

CHUNK = 1 << 20
REFERENCE = re.compile(rb"""\sr=["']([A-Z]{0,3})([0-9]{1,10})["']""")
# A cell with an error, or with a number that Excel keeps in a date cell but can't show as a date: below 0, and the 60
# that it takes for 29 February 1900.
ODD_CELL = re.compile(
    rb"""<(?:\w+:)?c\s([^>]*)>(?:<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?<(?:\w+:)?v>(#[^<]*|-[0-9.eE+]+|60(?:\.[0-9]+)?)</"""
)


def inspected_parts(data: bytes) -> dict[str, Corrections]:
    """What to correct on each sheet, by the sheet's name. Reads every part once, so that a damaged one is noticed.

    Raises:
        FileRefusedError: it is no whole workbook, or unpacks to more than a workbook may hold.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise unreadable("it is no workbook, or one that was cut short: its table of contents is missing") from None
    with archive:
        infos = archive.infolist()
        _require_modest(infos)
        names = {info.filename for info in infos}
        if "xl/workbook.xml" not in names:
            raise unreadable("it is a zip file, but no Excel workbook (.xlsx)")
        sheets = _sheets(archive)
        dates_from_1904 = b'date1904="1"' in archive.read("xl/workbook.xml")
        found: dict[str, Corrections] = {}
        for info in infos:
            if info.filename.lower().startswith("xl/worksheets/") and info.filename.endswith(".xml"):
                found[info.filename] = _sheet_corrections(archive, info, dates_from_1904)
            else:
                for _ in _chunks(archive, info):
                    pass
    return {sheet: found.get(part, {}) for sheet, part in sheets.items()}


def _require_modest(infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.WORKBOOK_UNPACKED or len(infos) > limits.WORKBOOK_PARTS:
        raise unreadable(
            f"the workbook would unpack to {unpacked:,} bytes in {len(infos):,} parts: more than is allowed"
        )
    for info in infos:
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > limits.PACKED_RATIO_FROM and ratio > limits.PACKED_RATIO:
            raise unreadable(f"{info.filename} in the workbook unpacks to {ratio:,.0f} times its size: no data do that")
        if info.flag_bits & 1:
            raise unreadable("the workbook has a password")


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part, unpacked; its length and checksum must be what the table of contents says."""
    read = 0
    try:
        with archive.open(info) as part:
            while chunk := part.read(CHUNK):
                read += len(chunk)
                yield chunk
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise unreadable(f"{info.filename} in the workbook is damaged: {reason_of(error)}") from None
    except Exception as error:
        if type(error).__module__ != "zlib":
            raise
        raise unreadable(f"{info.filename} in the workbook is damaged: {reason_of(error)}") from None
    if read != info.file_size:
        raise unreadable(f"{info.filename} in the workbook is not as long as its table of contents says")


def _sheet_corrections(archive: zipfile.ZipFile, info: zipfile.ZipInfo, dates_from_1904: bool) -> Corrections:
    rows, columns = [0, 0], [0, 0]
    corrections: Corrections = {}
    carried = b""
    for chunk in _chunks(archive, info):
        if b"\x00" in chunk:
            raise unreadable(f"{info.filename} in the workbook is not UTF-8")
        text = carried + chunk
        letters, numbers = zip(*(set(REFERENCE.findall(text)) or {(b"A", b"1")}), strict=True)
        rows = [min(rows[0], 0), max(rows[1], *(int(number) for number in set(numbers)))]
        columns = [0, max(columns[1], *(column_number(letter) for letter in set(letters)))]
        if rows[1] * columns[1] > limits.SHEET_CELLS:
            raise unreadable(
                f"{info.filename} in the workbook spans {rows[1]:,} rows and {columns[1]:,} columns: "
                "a stray cell far from the data?"
            )
        for attributes, value in ODD_CELL.findall(text):
            _note(corrections, attributes, value, dates_from_1904)
        last = text.rfind(b"<c ", max(0, len(text) - CHUNK))
        carried = text[last:] if last >= 0 and len(text) - last < CHUNK else b""
    return corrections


def _note(corrections: Corrections, attributes: bytes, value: bytes, dates_from_1904: bool) -> None:
    place = REFERENCE.search(b" " + attributes)
    is_error = re.search(rb"""\bt=["']e["']""", attributes) is not None
    other_type = not is_error and re.search(rb"""\bt=["'](?!n["'])""", attributes) is not None
    if place is None or other_type or value.startswith(b"#") != is_error:
        return
    text = value.decode("utf-8", "replace")
    if not is_error and not text.startswith("-"):
        if dates_from_1904:
            return
        text = "1900-02-29"  # what Excel shows; no calendar has that day, and whoever types the value will say so
    corrections[int(place[2]) - 1, column_number(place[1]) - 1] = text


def column_number(letters: bytes) -> int:
    """A is 1, AA is 27; no letters (the reference of a row) are 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part that holds each sheet, by the sheet's name."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
        }
        sheets = etree.fromstring(archive.read("xl/workbook.xml"), parser).iter("{*}sheet")
        return {
            sheet.get("name", ""): posixpath.normpath(posixpath.join("xl", targets.get(_relation(sheet), ""))).lstrip(
                "/"
            )
            for sheet in sheets
        }
    except (etree.XMLSyntaxError, KeyError) as error:
        raise unreadable(f"the workbook's list of sheets can't be read: {reason_of(error)}") from None


def _relation(sheet: etree._Element) -> str | None:
    return next((value for name, value in sheet.attrib.items() if str(name).endswith("}id")), None)
