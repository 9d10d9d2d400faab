"""The head of the report: which publication it shows, from which data, and how it must be read.

What belongs here: the title, the facts of the publication, the warning and the foot. What does not: any figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestration.report.contents import whole
from orchestration.report.published import Published

CUTS = "select min(sitecutdt) as first, max(sitecutdt) as last from analysis.adsl"
TREATED = "select count(*) as treated from analysis.adsl where saffl = 'Y'"


@dataclass(frozen=True)
class Head:
    """What stands before the figures, and below them."""

    title: str
    sentences: Sequence[str]
    facts: Mapping[str, str]
    warning: str
    foot: Sequence[str]
    code_version: str


def head_of(published: Published) -> Head:
    """The head of this publication's report; nothing in it comes from a clock."""
    run, source = published.run, published.source
    (cuts,), (treated,) = published.ask(CUTS), published.ask(TREATED)
    week = published.response_week
    return Head(
        title=f"{run['studyid'] or 'MRBS'}: report of {published.today}",
        sentences=[
            "A model about the response to belimumab in systemic lupus erythematosus (NCT04893161): single-arm, "
            f"multi-site; the endpoint is SRI-4 at week {week}. The trial is running, and so is this report: it shows "
            "what is published, not what will be concluded.",
        ],
        facts={
            "Publication": source.load_id,
            "Date taken as today": str(published.today),
            "Data of the sites up to": _cut(cuts["first"], cuts["last"]),
            "Sites": whole(run["sites"]),
            "Subjects": whole(run["subjects"]),
            "Treated": whole(treated["treated"]),
            "Code version": source.code_version,
        },
        warning=(
            f"Rates are over mature visits only: those whose window, with the days that sites need to enter data, lies "
            f"before the site's latest data. Failures are known sooner than successes, so a rate over whoever is known "
            f"today would be too low. How many are not mature yet stands beside each rate. Week {week} decides."
        ),
        foot=[
            f"Made from the published tables of {source.load_id} (code {source.code_version}; fingerprint of the "
            f"inputs {run['inputs_sha256'] or 'none'}). The same publication gives this file again, byte for byte. "
            "Subjects stand under their pseudonymous identifiers: handle it as you handle the tables.",
        ],
        code_version=source.code_version,
    )


def _cut(first: object, last: object) -> str:
    if first is None:
        return "no delivery yet"
    return str(first) if first == last else f"{first} to {last}"
