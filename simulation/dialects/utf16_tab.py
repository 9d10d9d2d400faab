"""A data capture system's text export: UTF-16 with tabs, 21-Nov-2026, UN and UNK for a day or month unknown.

What belongs here: this system's words. What does not: how the file is put together (spelled_csv.py).
"""

from simulation.dialects.dates import Dates
from simulation.dialects.delimited import Delimited
from simulation.dialects.spelled_csv import SpelledCsv
from simulation.dialects.spelling import Spelling

UNKNOWN_DATE = "UN-UNK-UNKN"

UTF16_TAB = SpelledCsv(
    marks=Delimited(encoding="utf-16", delimiter="\t", line_end="\r\n"),
    spelling=Spelling(
        dates=Dates("%d-%b-%Y", "%d-%b-%Y %H:%M", "UN-%b-%Y", "UN-UNK-%Y", frozenset({"partial_date"})),
        codes={"PRESENT": {"1": "Present", "0": "Absent"}},
        missing_in={"cmendtc": UNKNOWN_DATE, "aeendtc": UNKNOWN_DATE, "exlot": "N/A"},
    ),
    names={"subjid": "Subject", "visit": "Folder", "height_cm": "HEIGHT (cm)"},
    system={"sys_version": "1", "sys_status": "frozen"},
    ending="txt",
)
