"""CSV with a column per test: vital signs, laboratory and the criteria as one row per visit or subject.

What belongs here: this system's files and dates. What does not: the turning of records (pivot.py).
"""

from simulation.dialects.contract import contract
from simulation.dialects.dates import Dates
from simulation.dialects.delimited import Delimited
from simulation.dialects.dialect import Entry, File, Forms, Night, Table
from simulation.dialects.pivot import PIVOTS, rows_entry, wide
from simulation.dialects.spelling import Spelling

MARKS = Delimited(delimiter="|")
SPELLING = Spelling(dates=Dates("%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m", "%Y", frozenset({"partial_date"})))


class Wide:
    """Dates as 2026/11/21; the forms without tests as they are."""

    def write(self, forms: Forms, night: Night) -> dict[str, File]:
        files = {}
        for form, table in forms.items():
            turned = wide(form, _spelled(form, table)) if form in PIVOTS else _spelled(form, table)
            files[f"{form}.csv"] = File(MARKS.text([turned.header], turned.rows), len(turned.rows))
        return files

    def entry(self) -> Entry:
        forms = {}
        for form in contract():
            said = {**(rows_entry(form) if form in PIVOTS else {}), **SPELLING.form_entry(form)}
            if said:
                forms[form] = said
        return {"format": "csv", "delimiter": MARKS.delimiter, **SPELLING.entry(), "forms": forms}


def _spelled(form: str, table: Table) -> Table:
    return Table(table.header, SPELLING.spell(form, table))
