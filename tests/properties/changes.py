"""Changes to a subject whose effect the protocol limits: worse values, events, gaps filled in, defects, other dates.

What belongs here: one function a change; it says for which subjects and values it is meant by returning None for all
others. What does not: what must hold afterwards (test_monotone.py).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.properties.drafts import ITEMS, SYSTEMS, WINDOWS, Row
from tests.properties.situations import SITUATIONS, Situation, activity, endings, medication
from tests.properties.trials import RandomSubject

Change = Callable[[RandomSubject, Random], RandomSubject | None]

ACTIVITY = {"sledai": "sledtc", "bilag": "bildtc", "pga": "pgadtc"}
SCALE_MAX = {"0-3": Decimal(3), "0-10": Decimal(10), "0-100": Decimal(100)}
FULL_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2})?)?")
NUMBER = re.compile(r"[+-]?\d{1,9}(?:\.\d+)?")
UNREADABLE = "not readable"  # as a date, a number or a code, and no name of any drug
BLANKS = " \t\r\n\u00a0\u3000"


def _blank(text: str | None) -> bool:
    return text is None or not text.strip(BLANKS)


def _day(subject: RandomSubject, text: str | None) -> int | None:
    """The protocol day of a full date without blanks around it."""
    found = FULL_DATE.fullmatch(text or "")
    try:
        return (date.fromisoformat(found[1]) - subject.day_zero).days if found else None
    except ValueError:
        return None


def _copied(subject: RandomSubject) -> RandomSubject:
    return subject.changed(rows=copy.deepcopy(subject.rows))


def _key(form: str, row: Row) -> tuple[str, ...]:
    visit = (row["visit"] or "").strip(BLANKS)
    return (visit, (row[ACTIVITY[form]] or "").strip(BLANKS)) if visit == "UNS" else (visit,)


def _rows_at(subject: RandomSubject, form: str, baseline: bool, alone: bool = False) -> list[Row]:
    """The rows of a form dated before or after the first infusion whose key no other row has.

    A second row under one key quarantines both: whatever is changed then changes which rows are used at all. `alone`
    asks further that no other row is dated in the same window (or, at baseline, before or on day 0 at all).
    """
    rows = subject.rows[form]
    found = []
    for row in rows:
        day = _day(subject, row[ACTIVITY[form]])
        if day is None or (day < 0) is not baseline or day == 0 or _blank(row["visit"]):
            continue
        if sum(_key(form, other) == _key(form, row) for other in rows) > 1:
            continue
        if alone and sum(_window(_day(subject, other[ACTIVITY[form]])) == _window(day) for other in rows) > 1:
            continue
        found.append(row)
    return found


def _window(day: int | None) -> int | None:
    """The week of the window; 0 up to day 0, -1 after the last window."""
    if day is None:
        return None
    if day <= 0:
        return 0
    return next((week for week, (first, _, last) in WINDOWS.items() if first <= day <= last), -1)


# --- Worse values -----------------------------------------------------------------------------------------------------


def more_sledai_points(subject: RandomSubject, dice: Random, baseline: bool = False) -> RandomSubject | None:
    """Items answered 0 after the first infusion become 1 (at baseline: 1 becomes 0)."""
    changed = _copied(subject)
    old, new = ("1", "0") if baseline else ("0", "1")
    rows = [(row, [item for item in ITEMS if row[item] == old]) for row in _rows_at(changed, "sledai", baseline)]
    rows = [(row, items) for row, items in rows if items]
    if not rows:
        return None
    row, items = dice.choice(rows)
    for item in dice.sample(items, min(len(items), dice.choice([1, 1, 2, 5]))):
        row[item] = new
    return changed


def a_worse_grade(subject: RandomSubject, dice: Random, baseline: bool = False) -> RandomSubject | None:
    """A grade after the first infusion becomes a more severe one (at baseline: a milder one)."""
    changed = _copied(subject)
    best = "E" if baseline else "A"
    rows = [
        (row, [system for system in SYSTEMS if row[system] in set("ABCDE") - {best}])
        for row in _rows_at(changed, "bilag", baseline)
    ]
    rows = [(row, systems) for row, systems in rows if systems]
    if not rows:
        return None
    row, systems = dice.choice(rows)
    for system in dice.sample(systems, min(len(systems), dice.choice([1, 1, 2, 3]))):
        grade = row[system] or ""
        row[system] = dice.choice([other for other in "ABCDE" if (other > grade if baseline else other < grade)])
    return changed


def a_higher_pga(subject: RandomSubject, dice: Random, baseline: bool = False) -> RandomSubject | None:
    """An assessment after the first infusion rises, on its scale (at baseline: falls)."""
    changed = _copied(subject)
    rows = []
    for row in _rows_at(changed, "pga", baseline):
        if NUMBER.fullmatch(row["pgares"] or "") and row["pgascale"] in SCALE_MAX:
            value, highest = Decimal(row["pgares"] or ""), SCALE_MAX[row["pgascale"] or ""]
            if 0 <= value <= highest:
                rows.append((row, value, Decimal(0) if baseline else highest))
    rows = [(row, value, end) for row, value, end in rows if value != end]
    if not rows:
        return None
    row, value, end = dice.choice(rows)
    row["pgares"] = f"{value + (end - value) * Decimal(dice.choice(['0.01', '0.1', '0.5', '1'])):f}"[:12]
    return changed


def a_milder_baseline(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """Fewer SLEDAI-2K points, a milder grade or a lower PGA before the first infusion."""
    worse = dice.choice([more_sledai_points, a_worse_grade, a_higher_pga])
    return worse(subject, dice, baseline=True)


# --- Events -----------------------------------------------------------------------------------------------------------


def an_intercurrent_event(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """One more row that is an event of its own: an end other than completed, a prohibited drug, a steroid."""
    changed = _copied(subject)

    def on(day: int) -> str:
        return (subject.day_zero + timedelta(days=day)).isoformat()

    day = dice.choice([0, 1, 27, 100, 168, 200, 300, 335, 336, 337, 345, 360])
    kind = dice.randrange(4)
    if kind == 0:
        how = dice.choice(["DEATH", "ADVERSE EVENT", "LACK OF EFFICACY", UNREADABLE])
        when = dice.choice([on(day), on(day), on(day), None, UNREADABLE])
        changed.rows["ds"].append({"dscat": dice.choice(["STUDY", "TREATMENT"]), "dsdecod": how, "dsdtc": when})
        return changed
    row: Row = {"cmseq": "one more", "cmstdtc": dice.choice([on(day), on(day), on(day)[:7], None])}
    if kind == 1:
        name, drug_class = dice.choice(
            [(medication.CYTOTOXICS[0], "CYTOTOXIC"), (medication.BIOLOGICS[0], "BIOLOGIC"), ("New drug", UNREADABLE)]
        )
        row |= {"cmtrt": name, "cmclas": drug_class}
    elif kind == 2:
        row |= {"cmtrt": "Voclosporin", "cmclas": "IMMUNOSUPPRESSANT"}
    else:
        row |= {
            "cmtrt": "Prednisone",
            "cmclas": "CORTICOSTEROID",
            "cmdose": dice.choice(["1", "5", "60"]),
            "cmdosu": "mg",
        }
        row |= {"cmdosfrq": "QD", "cmroute": "ORAL", "cmstdtc": on(day)}
    changed.rows["cm"].append(row)
    return changed


# --- Gaps filled in ---------------------------------------------------------------------------------------------------


def a_gap_filled_with_its_worst(
    subject: RandomSubject,
    dice: Random,
    worst: bool = True,
    alone: bool = False,
    forms: Sequence[str] = tuple(ACTIVITY),
) -> RandomSubject | None:
    """A missing item, grade or PGA gets the value that speaks most against a response (or any other one)."""
    changed = _copied(subject)
    gaps: list[tuple[Row, str, str, list[str]]] = []
    for form in forms:
        for baseline in (False, True):
            for row in _rows_at(changed, form, baseline, alone):
                if form == "sledai":
                    gaps += [(row, item, "0" if baseline else "1", ["0", "1"]) for item in ITEMS if _blank(row[item])]
                elif form == "bilag":
                    grades = list("ABCDE")
                    gaps += [(row, one, "E" if baseline else "A", grades) for one in SYSTEMS if _blank(row[one])]
                elif _blank(row["pgares"]) and row["pgascale"] in SCALE_MAX:
                    highest = str(SCALE_MAX[row["pgascale"] or ""])
                    gaps.append((row, "pgares", "0" if baseline else highest, ["0", "1", "2.2", highest]))
    if not gaps:
        return None
    row, column, worst_value, values = dice.choice(gaps)
    other = dice.choice([value for value in values if value != worst_value])  # drawn either way: see both_fillings
    row[column] = worst_value if worst else other
    return changed


def a_gap_filled_with_another_value(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    return a_gap_filled_with_its_worst(subject, dice, worst=False)


def a_gap_of_a_lone_record_filled(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    return a_gap_filled_with_its_worst(subject, dice, alone=True)


def a_grade_of_a_lone_record_filled(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    return a_gap_filled_with_its_worst(subject, dice, alone=True, forms=["bilag"])


# --- Defects: values that can no longer be read -----------------------------------------------------------------------


def an_unreadable_assessment(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """A value, the scale, the date or the label of a record that is alone in its window, or alone before day 1."""
    if _has_undated_end(subject):
        return None
    changed = _copied(subject)
    found: list[tuple[Row, str]] = []
    for form in ACTIVITY:
        for row in [row for baseline in (False, True) for row in _rows_at(changed, form, baseline, alone=True)]:
            columns = dict.fromkeys(["visit", ACTIVITY[form], *(column for column in row if column != "sledtot")])
            found += [(row, column) for column in columns if not _blank(row[column])]
    if not found:
        return None
    row, column = dice.choice(found)
    row[column] = UNREADABLE
    return changed


def an_unreadable_end(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """How the study or the treatment ended, or which of the two."""
    changed = _copied(subject)
    rows = [row for row in changed.rows["ds"] if not _blank(row["dscat"]) and not _blank(row["dsdecod"])]
    if not rows:
        return None
    dice.choice(rows)[dice.choice(["dscat", "dsdecod"])] = UNREADABLE
    return changed


def an_unreadable_first_infusion(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """Any value of the infusion at D0 except the unit of its dose."""
    changed = _copied(subject)
    rows = [row for row in changed.rows["ex"] if row["visit"] == "D0"]
    if len(rows) != 1:
        return None
    rows[0][dice.choice(["visit", "exoccur", "exstdtc", "exdose"])] = UNREADABLE
    return changed


def an_unreadable_medication(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """A class, name, route, start or end whose loss leaves the record at least as much against a response."""
    changed = _copied(subject)
    rows = [row for row in changed.rows["cm"] if not _blank(row["cmseq"])]
    sequences = [(row["cmseq"] or "").strip(BLANKS) for row in rows]
    found: list[tuple[Row, str]] = []
    for row, sequence in zip(rows, sequences, strict=True):
        if sequences.count(sequence) > 1:
            continue
        may_lose = {
            "cmclas": _class_is_also_the_dictionarys(row),
            "cmtrt": row["cmclas"] in CLASSES and row["cmclas"] != "CORTICOSTEROID" and not _blank(row["cmtrt"]),
            "cmroute": not _blank(row.get("cmroute")),
            "cmstdtc": _start_hides_nothing(subject, row),
            "cmendtc": _end_raises_no_baseline(subject, row),
        }
        found += [(row, column) for column, may in may_lose.items() if may]
    if not found:
        return None
    row, column = dice.choice(found)
    row[column] = UNREADABLE
    return changed


def _class_is_also_the_dictionarys(row: Row) -> bool:
    """Or the dictionary does not know the drug: then a class that can't be read could be any."""
    name, drug_class = row["cmtrt"], row["cmclas"]
    return drug_class in CLASSES and (name in UNKNOWN or (name, drug_class) in KNOWN_ALIKE)


def _start_hides_nothing(subject: RandomSubject, row: Row) -> bool:
    """A missing start is day 0. That is no later where it is given daily, until a day after both, known to the site."""
    start, end = _day(subject, row["cmstdtc"]), _day(subject, row.get("cmendtc"))
    if start is None or row.get("cmdosfrq") == "ONCE":
        return False
    if _blank(row.get("cmendtc")):  # runs to the cut, but counts on its start in any case
        return start <= _known_until(subject)
    return end is not None and end >= max(start, 0)


def _end_raises_no_baseline(subject: RandomSubject, row: Row) -> bool:
    """A missing end is the cut. For a steroid that only adds days where it started after baseline and ended by then."""
    start, end = _day(subject, row["cmstdtc"]), _day(subject, row.get("cmendtc"))
    if start is None or end is None or end < start:
        return False
    if row["cmclas"] != "CORTICOSTEROID" and _blank(row.get("cmdose")):
        return True
    return start >= 0 and end <= _known_until(subject)


def _known_until(subject: RandomSubject) -> int:
    """The protocol day up to which a medication without an end runs."""
    return ((subject.site_cut or subject.medication_until) - subject.day_zero).days


CLASSES = ("CYTOTOXIC", "BIOLOGIC", "IMMUNOSUPPRESSANT", "CORTICOSTEROID", "ANTIMALARIAL", "ANTI-INFECTIVE", "OTHER")
# What the dictionary says too, and what it does not know at all.
KNOWN_ALIKE = {
    *((name, "CYTOTOXIC") for name in medication.CYTOTOXICS),
    *((name, "BIOLOGIC") for name in (*medication.BIOLOGICS, *medication.BELIMUMAB)),
    *((name, "IMMUNOSUPPRESSANT") for name in medication.IMMUNOSUPPRESSANTS),
    ("Prednisone", "CORTICOSTEROID"),
}
UNKNOWN = {"Study drug 7", "herbal tea", "Drug Y", "drug y "}


def _has_undated_end(subject: RandomSubject) -> bool:
    """Its day hangs on every other date, so that a date that is lost moves it."""
    return any(_day(subject, row["dsdtc"]) is None for row in subject.rows["ds"])


# --- Time -------------------------------------------------------------------------------------------------------------


def a_later_cut(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    if subject.site_cut is None:
        return None
    later = timedelta(days=dice.choice([1, 7, 28, 100, 400]))
    return _copied(subject).changed(
        site_cut=subject.site_cut + later, medication_until=subject.medication_until + later
    )


WEEK = timedelta(days=7)


def a_week_later(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    """Every full date and the site cut; for subjects without a partial date, which can't be moved by a week."""
    partial = re.compile(r"\d{4}(-\d{2})?")
    changed = _copied(subject)
    for rows in changed.rows.values():
        for row in rows:
            for column, text in row.items():
                if not column.endswith("dtc") or text is None:
                    continue
                if column in ("cmstdtc", "cmendtc") and partial.fullmatch(text.strip(BLANKS)):
                    return None
                row[column] = _moved(text)
    cut = changed.site_cut + WEEK if changed.site_cut else None
    until = changed.medication_until + WEEK
    return changed.changed(site_cut=cut, medication_until=until, day_zero=changed.day_zero + WEEK)


def _moved(text: str) -> str:
    bare = text.strip(BLANKS)
    found = FULL_DATE.fullmatch(bare)
    try:
        return text.replace(found[1], (date.fromisoformat(found[1]) + WEEK).isoformat()) if found else text
    except ValueError:
        return text


def rows_in_another_order(subject: RandomSubject, dice: Random) -> RandomSubject | None:
    changed = _copied(subject)
    for rows in changed.rows.values():
        dice.shuffle(rows)
    return changed


GAPS = (activity.sledai_is_incomplete, activity.bilag_is_incomplete, activity.pga_is_unusable)
ENDS = (
    endings.an_end,
    endings.an_end_without_a_date,
    endings.several_ends,
    endings.completion,
    endings.death_and_end_of_treatment,
)
MEDICATION = (
    medication.a_prohibited_drug, medication.immunosuppressant_in_use_at_baseline, medication.steroids_at_the_limit,
    medication.steroids_in_every_way, medication.steroids_in_doubt,
)  # fmt: skip
ANY = tuple(SITUATIONS)

# Each change, and the situations in which it has something to change.
CHANGES: dict[Change, Sequence[Situation]] = {
    more_sledai_points: ANY,
    a_worse_grade: ANY,
    a_higher_pga: ANY,
    a_milder_baseline: ANY,
    an_intercurrent_event: ANY,
    a_gap_filled_with_its_worst: GAPS,
    a_gap_filled_with_another_value: GAPS,
    a_gap_of_a_lone_record_filled: GAPS,
    a_grade_of_a_lone_record_filled: GAPS,
    an_unreadable_assessment: ANY,
    an_unreadable_end: ENDS,
    an_unreadable_first_infusion: ANY,
    an_unreadable_medication: MEDICATION,
    a_later_cut: ANY,
    a_week_later: ANY,
    rows_in_another_order: ANY,
}
