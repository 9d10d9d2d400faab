"""What a site delivered: the raw rows of one subject, and up to which day the site's data reach.

What belongs here: the shape in which deliveries enter the derivation. What does not: judging rows (usable.py) and
understanding their text (reading.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class DeliveredSubject:
    """The rows in force of one subject: form -> rows, each canonical column name -> delivered text or None."""

    siteid: str
    subjid: str
    rows: Mapping[str, Sequence[Mapping[str, str | None]]]


def site_cut(accepted: Mapping[str, date | None]) -> date | None:
    """The day up to which the site's data are known to be complete ("Response, missing data").

    `accepted` holds, for each form that the site has ever delivered, the date of its latest accepted delivery, None
    when none was accepted. One such form leaves the site without a cut, and so does a site that delivered nothing.
    """
    known = [accepted_on for accepted_on in accepted.values() if accepted_on is not None]
    if not known or len(known) < len(accepted):
        return None
    return min(known)
