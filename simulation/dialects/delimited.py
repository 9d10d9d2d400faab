"""Text between delimiters: encoding, quotes and line ends of a file.

What belongs here: lines and bytes. What does not: names, dates and codes (spelling.py).
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from simulation.dialects.dialect import CannotCarryError


@dataclass(frozen=True)
class Delimited:
    """How a system writes its CSV."""

    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"

    def text(self, header: Iterable[list[str]], rows: Iterable[list[str]], preamble: Iterable[str] = ()) -> bytes:
        """The file: lines before the header, its rows, and the records.

        Raises:
            CannotCarryError: a character that the encoding does not have.
        """
        text = io.StringIO(newline="")
        text.writelines(f"{line}{self.line_end}" for line in preamble)
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator=self.line_end)
        writer.writerows(header)
        writer.writerows(rows)
        try:
            return text.getvalue().encode(self.encoding)
        except UnicodeEncodeError as error:
            lost = error.object[error.start]
            raise CannotCarryError(f"{self.encoding} has no character {lost!r}") from None


CANONICAL = Delimited()
