"""The indicators in which a site stands out from all others. How they are judged belongs in validation.indicators."""

from __future__ import annotations

from typing import Any

import duckdb

from orchestration.review.pages.page import Row
from orchestration.review.pages.published import read
from orchestration.review.pages.wording import quantity

STANDS_OUT = """
select siteid, indicator, title, unit, value, others_value, lower, upper, side, flagged_since, newfl
from quality.site_indicators
where flag = 'Y'
order by newfl desc, siteid, indicator
"""


def stands_out(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The flagged indicators of all sites; those that are new tonight first."""
    return read(connection, STANDS_OUT)


def indicator_row(flagged: dict[str, Any]) -> Row:
    """One indicator in which the site stands out: its value beside that of all others, and since when."""
    limit = f"from {quantity(flagged['upper'])} on" if flagged["side"] == "HIGH" else f"to {quantity(flagged['lower'])}"
    return {
        "indicator": flagged["title"],
        "this site": quantity(flagged["value"], flagged["unit"]),
        "all others": quantity(flagged["others_value"]),
        "stands out": limit,
        "since": f"{flagged['flagged_since']}{', new tonight' if flagged['newfl'] == 'Y' else ''}",
    }


def short(flagged: dict[str, Any]) -> str:
    """'Entry lag (high, new tonight)', for a sentence."""
    new = ", new tonight" if flagged["newfl"] == "Y" else ""
    return f"{flagged['title']} ({flagged['side'].lower()}{new})"
