"""What counted for each form of a site before the delivery that is checked, as the published database says.

Without it, "it lost half of its rows" and "its column holds something else" could not be judged. Read only; nothing
waits for a load. Bringing the bytes back is the business of `check`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

from orchestration.summary import open_published

ACCEPTED = "status in ('LOADED', 'UNCHANGED') and form is not null and sha256 is not null"
LAST_ACCEPTED = f"""
with accepted as (
    select form, delivered, file, sha256
    from quality.deliveries
    where siteid = $siteid and {ACCEPTED} and ($before is null or delivered < $before)
)

select accepted.form, accepted.delivered, accepted.file, accepted.sha256
from accepted
left join metadata.inputs as in_force
    on in_force.siteid = $siteid and accepted.form = in_force.form
    and accepted.delivered = in_force.delivered and accepted.sha256 = in_force.sha256
qualify row_number() over (
    -- Two files of one date were both accepted, one after the other: that in force came last.
    partition by accepted.form order by accepted.delivered desc, in_force.sha256 is not null desc, accepted.sha256
) = 1
order by accepted.delivered, accepted.form
"""


class EarlierFile(NamedTuple):
    """An accepted file of a form."""

    form: str
    delivered: date
    file: str
    sha256: str


@dataclass(frozen=True)
class Earlier:
    """The files that counted, the findings that are open at the site, and what to know about them."""

    files: tuple[EarlierFile, ...] = ()
    open_findings: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = field(default=())


def read_earlier(published_file: Path, siteid: str, delivered: date) -> Earlier:
    """What counted before a delivery. One that was taken already is judged as on its night: against what counted
    before it, not against itself. Any other is judged against what counts now."""
    if not published_file.exists():
        return Earlier(remarks=("Nothing is published yet: the delivery is judged as the first of its site.",))
    with open_published(published_file) as connection:
        was_taken = connection.execute(
            f"select count(*) > 0 from quality.deliveries where siteid = ? and delivered = ? and {ACCEPTED}",
            [siteid, delivered],
        ).fetchone() == (True,)
        before = delivered if was_taken else None
        rows = connection.execute(LAST_ACCEPTED, {"siteid": siteid, "before": before}).fetchall()
        known = connection.execute(
            "select finding_id from quality.findings where siteid = ? and status = 'OPEN'", [siteid]
        ).fetchall()
    remarks = []
    if was_taken:
        remarks.append("It has been loaded, at least in part: it is judged against what counted before it.")
    if not rows:
        remarks.append("Nothing of the site counted before: the delivery is judged as its first.")
    return Earlier(tuple(EarlierFile(*row) for row in rows), frozenset(one for (one,) in known), tuple(remarks))
