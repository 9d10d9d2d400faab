"""What both of REDCap's exports share: codes, dates, names of events, which form repeats.

What belongs here: the project as a site has set it up. What does not: the files (redcap_csv.py, redcap_odm.py).
"""

from simulation.dialects.contract import codes, sequence_of
from simulation.dialects.dates import Dates
from simulation.dialects.dialect import CannotCarryError, Entry, Table
from simulation.dialects.spelling import Spelling

SPELLING = Spelling(
    dates=Dates(datetime="%Y-%m-%d %H:%M"),
    codes={"NY": {"Y": "1", "N": "0"}, "SEX": {"F": "1", "M": "2", "U": "9"}},
)
COMPLETE = "2"
"""A form that was filled in and looked over."""
RECORD_ID = "record_id"
REPEATING = ("mh", "cm", "ae", "ds")
"""The forms that repeat by themselves, not with a visit."""

NAMED_EVENTS = {"SCR": "screening", "D0": "day_0", "ET": "early_termination", "UNS": "unscheduled"}
EVENTS = {visit: f"{NAMED_EVENTS.get(visit, f'week_{visit[1:]}')}_arm_1" for visit in codes("VISIT")}
LOG = "logs_arm_1"


def spelled(form: str, table: Table) -> Table:
    """With the project's codes and dates."""
    return Table(table.header, SPELLING.spell(form, table))


def instance(form: str, record: dict[str, str], count: int) -> str:
    """Which repeat of its form a record is: its sequence number, or its place among the subject's."""
    sequence = sequence_of(form)
    if sequence is None:
        return str(count)
    if not record[sequence].isdecimal():
        raise CannotCarryError(f"{form}: a record of subject {record['subjid']} has no number")
    return record[sequence]


def form_entry(form: str) -> Entry:
    """The register's lines for a form: its codes, and what REDCap adds to it."""
    return {**SPELLING.form_entry(form), "ignore": [f"{form}_complete"]}
