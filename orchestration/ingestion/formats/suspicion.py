"""What a file seems to be: its format, encoding, delimiter and header, for a person who connects a site.

Only `mrbs inspect` asks this. A load never does: what it reads is what the register says.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from orchestration.ingestion.formats.redcap import is_redcap_header
from orchestration.ingestion.formats.sas7bdat import MAGIC as SAS7BDAT
from orchestration.ingestion.formats.tables import ReadAs, opened
from orchestration.ingestion.formats.xpt_layout import LIBRARY

SAMPLE_BYTES = 1 << 18
SAMPLE_LINES = 200
PREAMBLE_LINES = 30
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Every text of these is one of GB18030 as well, which knows more characters.
CHINESE = {"gb2312", "gbk", "hz", "cp936", "gb18030"}
DELIMITERS = ",;\t|^~"


def suspected(path: Path) -> ReadAs:
    """How this file would have to be read, as far as its content and its name tell.

    Raises:
        FileRefusedError: it can't be opened, or is empty.
    """
    with opened(path) as file:
        head = file.read(SAMPLE_BYTES)
    found = _binary_format(head)
    if found is not None:
        return ReadAs(found)
    encoding = suspected_encoding(head)
    text = head.decode(encoding, "ignore").removeprefix("\ufeff")
    start = text.lstrip()
    if start.startswith("<"):
        return ReadAs("odm")
    if start.startswith(("{", "[")) and _is_json(start):
        return ReadAs("dataset-json")
    return _delimited(text, encoding)


def _binary_format(head: bytes) -> str | None:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "xlsx"
    if LIBRARY.match(head):
        return "xpt"
    if head.startswith(SAS7BDAT):
        return "sas7bdat"
    return "parquet" if head.startswith(b"PAR1") else None


def _is_json(text: str) -> bool:
    """A first line that is JSON, or one that is a piece of it. The header of a CSV is neither."""
    line = text.splitlines()[0].strip()
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return line in ("{", "[") or line.startswith('{"')
    return True


def suspected_encoding(head: bytes) -> str:
    """A byte order mark, valid UTF-8, or what charset-normalizer finds most likely."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # the sample may end within a character
    except UnicodeDecodeError:
        pass
    else:
        if b"\x00" not in head:
            return "utf-8"
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > len(zeros) // 3:
            return encoding
    import charset_normalizer

    best = charset_normalizer.from_bytes(head[: 1 << 16]).best()
    found = best.encoding.replace("_", "-") if best is not None else "cp1252"
    return "gb18030" if found in CHINESE else found


def _delimited(text: str, encoding: str) -> ReadAs:
    lines = text.splitlines()[: SAMPLE_LINES + PREAMBLE_LINES]
    if len(text) >= SAMPLE_BYTES // 4:
        lines = lines[:-1]  # the sample may end within a line
    best = ReadAs(encoding=encoding)
    best_score = (0.0, 0)
    for delimiter in DELIMITERS:
        for quote in ('"', "'"):
            widths = _widths(lines, delimiter, quote)
            if not widths:
                continue
            width, count = max(Counter(widths).items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
            score = (count / len(widths), width)
            if width > 1 and score > best_score:
                best_score = score
                skip = next(at for at, found in enumerate(widths) if found == width)
                best = replace(best, delimiter=delimiter, quote=quote, skip_lines=min(skip, PREAMBLE_LINES))
    header = _cells(lines[best.skip_lines : best.skip_lines + 1], best.delimiter, best.quote)
    names = [name.strip().lower() for name in header[0]] if header else []
    return replace(best, format="redcap") if is_redcap_header(names) else best


def _widths(lines: list[str], delimiter: str, quote: str) -> list[int]:
    return [len(cells) for cells in _cells(lines, delimiter, quote)]


def _cells(lines: list[str], delimiter: str, quote: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter, quotechar=quote))
    except csv.Error:
        return []


def about_name(path: Path, found: str) -> str | None:
    """A remark where the file's name promises another format than its content keeps."""
    by_name = {
        ".csv": {"csv", "redcap"},
        ".xlsx": {"xlsx"},
        ".xpt": {"xpt"},
        ".sas7bdat": {"sas7bdat"},
        ".parquet": {"parquet"},
        ".json": {"dataset-json"},
        ".ndjson": {"dataset-json"},
        ".xml": {"odm"},
    }
    expected = by_name.get(path.suffix.lower())
    if expected is None or found in expected:
        return None
    return f"its name ends in {path.suffix}, but its content is {found}"
