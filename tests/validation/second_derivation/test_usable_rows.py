"""Rows with a missing or a double key, and the subject without a usable demography row."""

from __future__ import annotations

from datetime import date

from tests.validation.second_derivation.subject_tables import (
    FOUR_LESS,
    THREE_LESS,
    Row,
    at,
    bilag,
    derived,
    end,
    infusion,
    on,
    pga,
    responder_at,
    sledai,
    subject,
)
from validation.second_derivation import DeliveredSubject, derive_subject

WITHOUT_SLEDAI = {"bilag": [bilag("W4", on(28))], "pga": [pga("W4", on(28))]}


def at_week_4(*records: Row) -> str:
    return at("Week 4", subject(WITHOUT_SLEDAI, sledai=list(records))).reason


def test_of_identical_copies_one_is_used_blanks_aside() -> None:
    copy = sledai("W4", on(28), FOUR_LESS)
    assert at_week_4(copy, {**copy, "visit": " W4\u00a0", "sledai01": "0 "}) == "RESPONDER"


def test_differing_copies_are_all_quarantined() -> None:
    assert at_week_4(sledai("W4", on(28), FOUR_LESS), sledai("W4", on(28), THREE_LESS)) == "MISSING"


def test_a_missing_visit_label_quarantines() -> None:
    assert at_week_4({**sledai("W4", on(28), FOUR_LESS), "visit": " "}) == "MISSING"


def test_an_unreadable_visit_label_does_not() -> None:
    assert at_week_4(sledai("w4", on(28), FOUR_LESS)) == "RESPONDER"


def test_unscheduled_visits_repeat_on_different_dates() -> None:
    # Day 28 is the target day; the other record would fail.
    assert at_week_4(sledai("UNS", on(28), FOUR_LESS), sledai("UNS", on(30), THREE_LESS)) == "RESPONDER"
    assert at_week_4(sledai("UNS", on(28), FOUR_LESS), sledai("UNS", on(28), THREE_LESS)) == "MISSING"


def test_differing_ends_of_study_of_one_key_are_all_used() -> None:
    ends = [end("STUDY", "ADVERSE EVENT", on(60)), end("STUDY", "ADVERSE EVENT", on(50))]
    assert derived(subject(ds=ends)).icedt == date(2026, 2, 24)  # day 50: 26 days of January left, then 24


def test_an_end_without_its_code_is_quarantined() -> None:
    assert derived(subject(ds=[{**end("STUDY", "", on(60))}])).icedt is None


def test_a_subject_without_a_usable_demography_row_is_unknown() -> None:
    twice: dict[str, list[Row]] = {"dm": [{"subjid": "001", "sex": "M"}]}
    assert derive_subject(subject(twice), None) is None
    assert derive_subject(DeliveredSubject("S01", "001", {"ex": [infusion("D0", on(0))]}), None) is None
    copy: dict[str, list[Row]] = {"dm": [{"subjid": "001", "sex": " F "}]}
    assert derive_subject(subject(copy, responder_at("W4", 28)), None) is not None
