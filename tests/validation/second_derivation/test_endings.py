"""Ends of study and of treatment as events, and whether an event counts against a visit."""

from __future__ import annotations

import pytest

from tests.validation.second_derivation.subject_tables import (
    FOUR_LESS,
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


def event_of(*ends: Row, **forms: list[Row]) -> tuple[int | None, str | None]:
    """Protocol day and name of the earliest event."""
    result = derived(subject(forms, ds=list(ends)))
    assert result.trtsdt is not None
    return (result.icedt - result.trtsdt).days if result.icedt is not None else None, result.iceterm


@pytest.mark.parametrize(
    ("category", "how", "expected"),
    [
        ("STUDY", "DEATH", "DEATH"),
        ("STUDY", "LOST TO FOLLOW-UP", "DISCONTINUED"),
        ("STUDY", "completed", "DISCONTINUED"),  # a code that can't be read is not completed
        ("STUDY", "COMPLETED", None),
        ("TREATMENT", "DEATH", "TREATMENT DISCONTINUED"),
        ("TREATMENT", "COMPLETED", None),
        ("Study", "DEATH", "TREATMENT DISCONTINUED"),  # what ended can't be read: the treatment did in any case
        ("Study", "COMPLETED", None),
    ],
)
def test_which_end_is_which_event(category: str, how: str, expected: str | None) -> None:
    assert event_of(end(category, how, on(60))) == ((60, expected) if expected else (None, None))


def test_of_several_ends_the_earliest_counts() -> None:
    assert event_of(end("STUDY", "COMPLETED", on(60)), end("STUDY", "DEATH", on(61))) == (None, None)
    assert event_of(end("STUDY", "COMPLETED", on(62)), end("STUDY", "DEATH", on(61))) == (61, "DEATH")
    assert event_of(end("STUDY", "COMPLETED", on(61)), end("STUDY", "DEATH", on(61))) == (61, "DEATH")
    left = end("STUDY", "ADVERSE EVENT", on(61))
    assert event_of(end("STUDY", "COMPLETED", on(61)), left) == (61, "DISCONTINUED")
    assert event_of(left, end("STUDY", "DEATH", on(61))) == (61, "DEATH")


def test_an_end_without_a_date_counts_from_the_day_after_the_last_seen() -> None:
    undated = end("STUDY", "ADVERSE EVENT", "2026-03")  # partial dates are not allowed here
    assert event_of(undated) == (1, "DISCONTINUED")  # the infusion of day 0
    assert event_of(undated, sv=[{"visit": "W2", "svdtc": on(14), "svoccur": "Y"}]) == (15, "DISCONTINUED")
    assert event_of(undated, sv=[{"visit": "W2", "svdtc": on(14), "svoccur": "N"}]) == (1, "DISCONTINUED")
    assert event_of(undated, ex=[infusion("W4", on(28))]) == (29, "DISCONTINUED")
    assert event_of(undated, ex=[infusion("W4", on(28), "N", None)]) == (1, "DISCONTINUED")
    assert event_of(undated, pga=[pga("UNS", on(400), None)]) == (401, "DISCONTINUED")


def test_events_after_the_end_of_study_do_not_count() -> None:
    treatment = end("TREATMENT", "ADVERSE EVENT", on(101))
    assert event_of(end("STUDY", "COMPLETED", on(100)), treatment) == (None, None)
    assert event_of(end("STUDY", "COMPLETED", on(101)), treatment) == (101, "TREATMENT DISCONTINUED")


def test_of_two_events_on_one_day_the_first_reason_is_named() -> None:
    ends = (end("TREATMENT", "ADVERSE EVENT", on(80)), end("STUDY", "DEATH", on(80)))
    assert event_of(*ends) == (80, "DEATH")


def test_an_event_counts_on_or_before_the_assessment_date() -> None:
    stopped = [end("TREATMENT", "ADVERSE EVENT", on(30))]
    on_the_day = at("Week 4", subject(responder_at("W4", 30), ds=stopped))
    the_day_before = at("Week 4", subject(responder_at("W4", 29), ds=stopped))
    assert (on_the_day.sri4, on_the_day.sri4oc, on_the_day.reason) == ("N", "Y", "TREATMENT DISCONTINUED")
    assert (the_day_before.sri4, the_day_before.reason) == ("Y", "RESPONDER")


def test_the_latest_component_dates_the_visit_complete_or_not() -> None:
    records = {
        "sledai": [sledai("W4", on(28), FOUR_LESS)],
        "bilag": [bilag("W4", on(28))],
        "pga": [pga("W4", on(31), "77")],  # off its scale, so incomplete
    }
    visit = at("Week 4", subject(records, ds=[end("TREATMENT", "ADVERSE EVENT", on(31))]))
    assert (visit.sri4oc, visit.reason) == (None, "TREATMENT DISCONTINUED")


def test_without_records_the_target_date_decides_also_for_visits_to_come() -> None:
    stopped = subject(ds=[end("TREATMENT", "ADVERSE EVENT", on(28))])
    later = subject(ds=[end("TREATMENT", "ADVERSE EVENT", on(29))])
    assert [at("Week 4", one, None).sri4 for one in (stopped, later)] == ["N", None]
    assert at("Week 48", later, None).sri4 == "N"


def test_reasons_keep_their_order_whatever_the_dates() -> None:
    ends = [end("TREATMENT", "ADVERSE EVENT", on(30)), end("STUDY", "DEATH", on(40))]
    result = derived(subject(ds=ends))
    assert [visit.reason for visit in result.visits[1:3]] == ["MISSING", "DEATH"]
    assert result.iceterm == "TREATMENT DISCONTINUED"
