"""Which subject and which visit a person means, and in a sentence why there is nothing to trace where there is not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import duckdb

from orchestration.findings.deciding import one_line
from orchestration.review.pages.published import not_there, read
from validation.second_derivation.protocol_tables import AnalysisVisit, analysis_visits, whole_limit

HELD = "HELD"


class NothingToTraceError(ValueError):
    """The subject or the visit is there, but has no response to trace; the message says why."""


def which_subject(connection: duckdb.DuckDBPyConnection, wanted: str) -> Mapping[str, Any]:
    """The subject's row of adsl. MRBS-S02-0017, S02-0017 and, when no other site has one, 0017 are the same subject.

    Raises:
        NotThereError: no such subject; the message names the nearest ids.
        NothingToTraceError: several subjects have this id, or the subject was never infused, or it is held.
    """
    wanted = one_line(wanted)
    there = [row["usubjid"] for row in read(connection, "select usubjid from analysis.adsl order by usubjid")]
    asked = wanted.casefold()
    for parts in range(3):  # the whole id; without the study; without study and site
        meant = [usubjid for usubjid in there if usubjid.split("-", parts)[-1].casefold() == asked]
        exactly = [usubjid for usubjid in meant if usubjid.split("-", parts)[-1] == wanted]
        if len(exactly or meant) == 1:
            (usubjid,) = exactly or meant
            return _treated(read(connection, "select * from analysis.adsl where usubjid = $who", {"who": usubjid})[0])
        if meant:
            raise NothingToTraceError(f"{wanted} could be any of {', '.join(meant[:10])}: say which.")
    raise not_there("subject", wanted, there)


def which_visit(wanted: str | None) -> AnalysisVisit:
    """Week 48, W48 and 48 are the same visit; without any, the week of the endpoint.

    Raises:
        NothingToTraceError: no such analysis visit.
    """
    visits = analysis_visits()
    text = one_line(wanted or str(whole_limit("response_week")))
    found = re.fullmatch(r"(?:week|w)?\s*0*([0-9]{1,3})", text, re.IGNORECASE)
    for visit in visits:
        if found and visit.week == int(found[1]):
            return visit
    there = ", ".join(visit.avisit for visit in visits)
    raise NothingToTraceError(f"{text!r} is no analysis visit. A response is derived at: {there}.")


def require_due(subject: Mapping[str, Any], visit: AnalysisVisit, result: Mapping[str, Any]) -> None:
    """A visit of which nothing can be known yet has nothing to trace.

    Raises:
        NothingToTraceError: nothing was assessed, nothing decides it, and its window has not begun for the site.
    """
    begins = subject["trtsdt"] + timedelta(days=visit.first_day)
    known_until = subject["sitecutdt"]
    if result["reason"] != "PENDING" or result["adt"] is not None or (known_until and known_until >= begins):
        return
    reach = (
        f"the data of its site reach to {known_until}" if known_until else "the data of its site have no cut-off date"
    )
    raise NothingToTraceError(
        f"{subject['usubjid']}, {visit.avisit}: not due yet. Its window begins on {begins}, and {reach}."
    )


def _treated(subject: Mapping[str, Any]) -> Mapping[str, Any]:
    usubjid = subject["usubjid"]
    if subject["trtsdt"] is not None:
        return subject
    if subject["respgrp"] == HELD:
        raise NothingToTraceError(
            f"{usubjid} is held: an infusion was given and day 0 is unknown, so no response is derived. "
            "Its finding of rule DOS00 says what to ask the site."
        )
    raise NothingToTraceError(f"{usubjid} was never infused, so there is no response to trace.")
