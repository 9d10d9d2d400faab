"""What stands in a listing: the open findings of each site, worst first, in the columns a site needs to act.

Read from what is published, so a listing never waits for a load. How it becomes files belongs in `files`, what of a
text may leave the house in `withheld`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.site_listings.withheld import sentence_shown, shown
from orchestration.summary import SEVERITIES, open_published
from validation.catalogue import rule_by_id
from validation.sentences import whole_sentence, with_position

# finding_id first: what comes back from a site is recognised by it.
COLUMNS = (
    "finding_id",
    "severity",
    "rule",
    "title",
    "subject",
    "visit",
    "form",
    "field",
    "value",
    "finding",
    "file",
    "row",
    "first_seen",
    "days_open",
)
Cell = str | int | date | None

OPEN_FINDINGS = """
select
    finding_id, severity, rule_id, siteid, usubjid, visit, form, field, value, message, source_file, source_row,
    first_seen, days_open
from quality.findings
where status = 'OPEN' and siteid = $site
order by
    case severity when 'CRITICAL' then 1 when 'MAJOR' then 2 else 3 end,
    rule_id = 'DOS02' desc, first_seen desc, rule_id, usubjid, visit, finding_id
"""


@dataclass(frozen=True)
class SiteListing:
    """One site's open findings as of a night: rows of COLUMNS by severity; every severity is there, even if empty."""

    siteid: str
    night: date
    rows: dict[str, list[tuple[Cell, ...]]]


def site_listings(database: Path, site: str | None = None) -> Iterator[SiteListing]:
    """The listing of every site that has ever delivered or has a finding, or of one; empty where nothing is open.

    Raises:
        FileNotFoundError: nothing has been published yet.
        ValueError: there is no such site.
    """
    with open_published(database) as connection:
        sites = [
            row[0]
            for row in connection.execute(
                "select siteid from quality.deliveries union select siteid from quality.findings order by siteid"
            ).fetchall()
            if row[0] is not None
        ]
        if site is not None and site not in sites:
            raise ValueError(f"There is no site {site}; there are {', '.join(sites) or 'none yet'}.")
        ((night,),) = connection.execute("select clockdt from metadata.run").fetchall()
        for siteid in sites if site is None else [site]:
            rows: dict[str, list[tuple[Cell, ...]]] = {severity: [] for severity in SEVERITIES}
            for severity, row in map(_row, connection.execute(OPEN_FINDINGS, {"site": siteid}).fetchall()):
                rows[severity].append(row)
            yield SiteListing(siteid, night, rows)


def _row(finding: tuple[object, ...]) -> tuple[str, tuple[Cell, ...]]:
    """A finding's severity and its row; `visit` is what was delivered where it could not be read."""
    (finding_id, severity, rule_id, siteid, usubjid, visit, form, field, value, message, *position_and_age) = finding
    source_file, source_row, first_seen, days_open = position_and_age
    rule = rule_by_id().get(str(rule_id))
    own = [str(text) for text in (siteid, usubjid) if text]
    visit_shown = shown(_text(visit), own)
    if rule is None:  # of a catalogue that is gone; its sentence can't be told from what it quotes
        sentence = str(rule_id)
    else:
        middle = _middle(str(message), _text(siteid), _text(usubjid), _text(visit), _text(source_file), source_row)
        sentence = sentence_shown(rule, middle, own)
    whole = whole_sentence(sentence, _text(siteid), _text(usubjid), visit_shown)
    cells = (
        finding_id,
        severity,
        rule_id,
        rule.title if rule else None,
        usubjid,
        visit_shown,
        form,
        field,
        shown(_text(value), own) if not str(rule_id).startswith("DEL") else value,
        with_position(whole, _text(source_file), source_row if isinstance(source_row, int) else None),
        source_file,
        source_row,
        first_seen,
        days_open,
    )
    return str(severity), cells  # type: ignore[return-value]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _middle(
    message: str, siteid: str | None, usubjid: str | None, visit: str | None, file: str | None, row: object
) -> str:
    """The rule's own sentence, without what `validation.sentences` puts before and after it."""
    before = whole_sentence("\0", siteid, usubjid, visit).removesuffix("\0")
    after = with_position("", file, row if isinstance(row, int) else None)
    return message.removeprefix(before).removesuffix(after)
