"""What a trace says of golden subjects, worked out by hand from the cases and, for rows, from the delivered files."""

from __future__ import annotations

import csv
import hashlib
from datetime import date

import pytest

from orchestration.review.pages.published import NotThereError
from orchestration.trace import Trace, sheet_of, trace
from orchestration.trace.subjects import NothingToTraceError
from tests.orchestration.trace.conftest import Traced

pytestmark = pytest.mark.slow
IMPROVED = "SLEDAI-2K fell by 6, from 10 to 4 (met)"
PGA_FELL = "PGA fell by 0.7, from 1.5 to 0.8 (met)"


def row_in_file(traced: Traced, siteid: str, form: str, **cells: str) -> tuple[int, str]:
    """The row of the delivered file that has these cells, as a spreadsheet counts, and the file's SHA-256."""
    file = traced.delivered(siteid, form)
    with file.open(newline="", encoding="utf-8") as lines:
        found = [
            number
            for number, row in enumerate(csv.DictReader(lines), start=2)
            if all(row[name] == cell for name, cell in cells.items())
        ]
    (number,) = found
    return number, hashlib.sha256(file.read_bytes()).hexdigest()


def source(found: Trace, what: str) -> tuple[str, str, int, str, date, str]:
    (one,) = [source for source in found.sources if source.what == what]
    place = one.position
    return place.form, place.file, place.row, place.sha256, place.first_delivered, one.archive


def test_a_responder_whose_event_comes_a_day_too_late(traced: Traced) -> None:
    # E02: all three components improved on day 338, the physician's decision to stop is of day 339.
    found = trace(traced.settings, "MRBS-E02-0002")
    sheet = sheet_of(found)
    assert sheet.title == "MRBS-E02-0002, Week 48: RESPONSE"
    assert sheet.decision == (
        f"Response: {IMPROVED}, BILAG-2004 has no new A and no new B (met), {PGA_FELL}; "
        "and no intercurrent event counts against the visit."
    )
    assert [(event.term, event.protday, event.counts) for event in found.events] == [("DISCONTINUED", 339, False)]
    assert found.recomputation.agrees is True
    assert sheet.agrees is True
    day_338 = "2025-02-12"  # 2024-03-11 and 338 days
    row, sha256 = row_in_file(traced, "E02", "pga", subjid="0002", pgadtc=day_338)
    since = date(2026, 2, 1)  # the only delivery of the site
    same = "the same text stands in this row of the archived file"
    assert source(found, "PGA, Week 48") == ("pga", "pga.csv", row, sha256, since, same)
    row, sha256 = row_in_file(traced, "E02", "ds", subjid="0002")
    assert source(found, "end of study") == ("ds", "ds.csv", row, sha256, since, same)
    row, sha256 = row_in_file(traced, "E02", "ex", subjid="0002", visit="D0")
    assert source(found, "day 0")[2:4] == (row, sha256)


def test_no_responder_by_an_event_on_the_day_of_the_assessment(traced: Traced) -> None:
    found = trace(traced.settings, "E02-0001", "48")
    decision = sheet_of(found).decision
    assert decision.startswith(
        "No response: DISCONTINUED makes every visit a non-response from 2025-02-12 (day 338) on"
    )
    assert f"and this one counts as of 2025-02-12; the components alone: {IMPROVED}" in decision
    assert [(event.term, event.icedt, event.counts) for event in found.events] == [
        ("DISCONTINUED", date(2025, 2, 12), True)
    ]
    assert found.recomputation.agrees is True


def test_no_responder_by_two_new_bs(traced: Traced) -> None:
    # B04: constitutional C to B, gastrointestinal E to B; the two Bs of the baseline are Cs now.
    found = trace(traced.settings, "MRBS-B04-0002")
    assert (
        "BILAG-2004 has no new A and 2 new B in constitutional, gastrointestinal (NOT met)" in sheet_of(found).decision
    )
    new = [(one.system, one.baseline, one.now) for one in found.grades if one.new]
    assert new == [("Constitutional", "C", "B"), ("Gastrointestinal", "E", "B")]
    row, sha256 = row_in_file(traced, "B04", "bilag", subjid="0002", visit="W48")
    assert source(found, "BILAG, Week 48")[2:4] == (row, sha256)
    (text,) = [one.text for one in found.sources if one.what == "BILAG, Week 48"]
    assert text is not None
    assert (text["bilconst"], text["bilgast"]) == ("B", "B")
    one_new = sheet_of(trace(traced.settings, "MRBS-B04-0001"))
    assert one_new.answer == "RESPONSE"
    assert "BILAG-2004 has no new A and 1 new B in constitutional (met)" in one_new.decision


def test_a_component_without_a_record_is_missing(traced: Traced) -> None:
    # C04: week 48 has BILAG and PGA, and no SLEDAI-2K; the visit is mature.
    found = trace(traced.settings, "MRBS-C04-0001")
    sheet = sheet_of(found)
    assert "SLEDAI-2K unknown (no complete value at this visit)" in sheet.decision
    assert sheet.decision.endswith("what is unknown counts as non-response once the visit is mature.")
    assert found.candidates["SLEDAI"] == ()
    (records,) = [one for one in sheet.sections if one.heading == "Which record stands for SLEDAI-2K"]
    assert records.sentences == ["No record in the window of Week 48."]
    assert found.recomputation.agrees is True
    # Week 44 has one record with an open item: shown as it is, chosen because there is no other.
    (only,) = trace(traced.settings, "MRBS-C04-0001", "Week 44").candidates["SLEDAI"]
    assert (only.chosen, only.complete, only.value) == (True, False, None)
    assert only.why == "chosen: the only one in the window, and incomplete"


def test_why_a_record_was_chosen(traced: Traced) -> None:
    # W01: days 332 and 340 are both 4 days off 336, so the later one counts.
    chosen, other = trace(traced.settings, "MRBS-W01-0001").candidates["SLEDAI"]
    assert (chosen.protday, chosen.visit, chosen.value, chosen.chosen) == (340, "UNS", "8", True)
    assert (other.protday, other.visit, other.value, other.chosen) == (332, "W48", "4", False)
    assert other.why == "not chosen: as near to the target day, but earlier"
    # W04: on day 336 an item is open, so day 350 counts.
    chosen, other = trace(traced.settings, "MRBS-W04-0001").candidates["SLEDAI"]
    assert (chosen.protday, other.protday, other.complete) == (350, 336, False)
    assert other.why == "not chosen: incomplete, and a complete record comes first"


def test_the_first_of_two_prohibited_drugs_counts(traced: Traced) -> None:
    # M17: rituximab on day 90, cyclophosphamide on day 200; the rows stand the other way round in the file.
    found = trace(traced.settings, "MRBS-M17-0002")
    first, second = found.events
    assert (first.term, first.protday, first.counts, first.further) == ("PROHIBITED MEDICATION", 90, True, False)
    assert (second.protday, second.counts, second.further) == (200, False, True)
    by_row = {one.position.row_id: one.position.row for one in found.sources}
    assert by_row[first.row_id or ""] == row_in_file(traced, "M17", "cm", subjid="0002", cmtrt="RITUXIMAB")[0]
    assert by_row[second.row_id or ""] == row_in_file(traced, "M17", "cm", subjid="0002", cmtrt="CYCLOPHOSPHAMIDE")[0]


def test_medication_that_makes_no_event_is_shown_too(traced: Traced) -> None:
    # M17: azathioprine since day -100, and a second record of it from day 60 on: in use at baseline, so no event.
    found = trace(traced.settings, "MRBS-M17-0001")
    assert found.events == ()
    shown = sorted(one.position.row for one in found.sources if one.what == "medication, IMMUNOSUPPRESSANT")
    days = ("2024-02-26", "2024-08-04")  # 2024-06-05, 100 days before and 60 days after
    assert shown == [row_in_file(traced, "M17", "cm", subjid="0001", cmstdtc=day)[0] for day in days]


@pytest.mark.parametrize("wanted", ["MRBS-C04-0001", "C04-0001", " c04-0001 "])
def test_a_subject_has_several_names(traced: Traced, wanted: str) -> None:
    assert trace(traced.settings, wanted, "w24").usubjid == "MRBS-C04-0001"


@pytest.mark.parametrize(
    ("subject", "visit", "said"),
    [
        ("0001", None, "0001 could be any of MRBS-B04-0001, "),
        ("E20-0001", None, "MRBS-E20-0001 was never infused"),
        ("H01-0001", None, "MRBS-H01-0001 is held"),
        (
            "C10-0001",
            None,
            "not due yet. Its window begins on 2026-01-11, and the data of its site reach to 2025-06-02",
        ),
        ("C04-0001", "Week 49", "'Week 49' is no analysis visit. A response is derived at: Week 2, "),
    ],
)
def test_nothing_to_trace(traced: Traced, subject: str, visit: str | None, said: str) -> None:
    with pytest.raises(NothingToTraceError) as refusal:
        trace(traced.settings, subject, visit)
    assert said in str(refusal.value)


def test_nobody_of_that_name(traced: Traced) -> None:
    with pytest.raises(NotThereError, match=r"There is no subject 'C04-0009'. Do you mean .*MRBS-C04-0001"):
        trace(traced.settings, "C04-0009")


def test_every_subject_and_visit_agrees(traced: Traced) -> None:
    for case in ("W01", "W04", "M17", "C10"):
        for week in (2, 8, 24, 48) if case != "C10" else (2, 8):
            found = trace(traced.settings, f"{case}-0001", str(week))
            assert found.recomputation.agrees is True, found.recomputation.differing
