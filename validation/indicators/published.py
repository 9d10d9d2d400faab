"""quality.site_indicators (tonight) and quality.site_indicators_history (every night) in the candidate.

What their columns mean is said here once; `metadata.dictionary` and docs/tables.md take it from here. Both are whole
tables, written anew by every load in the order of their keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from validation.indicators.counting import count_days, count_units
from validation.indicators.declared import MEDIAN, indicators
from validation.indicators.history import write_history
from validation.indicators.limits import judge_counts, judge_medians

if TYPE_CHECKING:
    import duckdb

STUDY = "MRBS"


@dataclass(frozen=True)
class Column:
    """A published column, in the words that dbt's YAML has for those of the models."""

    name: str
    data_type: str
    label: str
    origin: str
    derivation: str
    description: str
    unit: str | None = None
    never_null: bool = False


@dataclass(frozen=True)
class Table:
    """A published table: `source` is where its rows are selected from; `words` is the seed."""

    name: str
    label: str
    key: tuple[str, ...]
    description: str
    columns: tuple[Column, ...]
    source: str


SITE = (
    Column("studyid", "varchar", "Study Identifier", "Assigned", "The constant MRBS.", "The study.", never_null=True),
    Column(
        "siteid", "varchar", "Study Site Identifier", "Assigned", "The landing folder of the site.", "The site.",
        never_null=True,
    ),
    Column(
        "indicator", "varchar", "Indicator", "Assigned", "Of the seed site_indicators.", "Id of the indicator.",
        never_null=True,
    ),
)  # fmt: skip
NIGHT = Column(
    "loaddt", "date", "Date of the Load", "Assigned", "The date the load took as today.",
    "The night; a load run again on the same date replaces its rows.", never_null=True,
)  # fmt: skip
WORDS = (
    Column("title", "varchar", "Title", "Assigned", "Of the seed site_indicators.", "What the indicator is called."),
    Column(
        "definition", "varchar", "Definition", "Assigned", "Of the seed site_indicators.",
        "What the indicator says of a site, in a sentence.",
    ),
    Column(
        "unit", "varchar", "Unit of the Values", "Assigned", "Of the seed site_indicators.",
        "Unit of value, others_value, lower and upper.",
    ),
    Column(
        "numunit", "varchar", "Unit of the Numerators", "Assigned", "Of the seed site_indicators.", "What is counted.",
    ),
    Column(
        "denunit", "varchar", "Unit of the Denominators", "Assigned", "Of the seed site_indicators.",
        "What it is counted among.",
    ),
)  # fmt: skip
COUNTS = (
    Column(
        "units", "bigint", "Subjects or Deliveries Counted", "Derived",
        "Subjects (for deliveries: deliveries) that the indicator could be counted at.",
        "How many independent units the site is judged by; too few, and it is not judged.",
        "subjects or deliveries", never_null=True,
    ),
    Column(
        "numerator", "bigint", "Numerator", "Derived", "See definition; what is counted says numunit.",
        "What was counted at the site.", "numunit", never_null=True,
    ),
    Column(
        "denominator", "bigint", "Denominator", "Derived", "See definition; what is counted says denunit.",
        "What it was counted among.", "denunit", never_null=True,
    ),
    Column(
        "value", "decimal(18, 6)", "Value", "Derived",
        "numerator x per / denominator, or the median of whole days (the lower of two); per is in the seed.",
        "The indicator at the site; NULL when there is nothing to count among.", "unit",
    ),
)  # fmt: skip
OTHERS = (
    Column(
        "others_numerator", "bigint", "Numerator of All Others", "Derived", "As numerator, over all other sites.",
        "What was counted at all other sites.", "numunit", never_null=True,
    ),
    Column(
        "others_denominator", "bigint", "Denominator of All Others", "Derived", "As denominator, over all other sites.",
        "What it was counted among at all other sites.", "denunit", never_null=True,
    ),
)  # fmt: skip
EFFECT = Column(
    "design_effect", "decimal(18, 6)", "Design Effect", "Derived",
    "Variance between units within sites over the one expected without clusters, at least 1.",
    "What counts are divided by before sites are compared, because events come in clusters; NULL for medians.",
)  # fmt: skip
OUTCOME = (
    Column(
        "others_value", "decimal(18, 6)", "Value of All Others", "Derived", "As value, over all other sites.",
        "The indicator at all other sites together: what the site is compared with.", "unit",
    ),
    Column(
        "lower", "decimal(18, 6)", "Stands Out up to This Value", "Derived", "Exact prediction limit from all others.",
        "The highest value that stands out as too low; NULL where low values do not count, or none is too low.", "unit",
    ),
    Column(
        "upper", "decimal(18, 6)", "Stands Out from This Value on", "Derived",
        "Exact prediction limit from all others.",
        "The lowest value that stands out as too high; NULL when the site is not judged, or no value is too high.",
        "unit",
    ),
    Column(
        "flag", "varchar", "Stands Out", "Derived", "Y when value <= lower or value >= upper, before rounding.",
        "Y, N, or NULL when the site can't be judged: too few units, nothing to count among, or no other sites.",
    ),
    Column("side", "varchar", "Side", "Derived", "HIGH or LOW when flag is Y.", "On which side it stands out."),
    Column(
        "flagged_since", "date", "Stands Out since", "Derived",
        "First night of the unbroken run of judged nights on this side; nights without a judgement break nothing.",
        "Since when it stands out; NULL when it does not.",
    ),
    Column(
        "newfl", "varchar", "Stands Out since Tonight", "Derived", "Y when flagged_since is the night itself.",
        "Newly flagged (Y) or not (N: still flagged, or not flagged).", never_null=True,
    ),
)  # fmt: skip

TABLES = (
    Table(
        "site_indicators",
        "Site Indicators",
        ("siteid", "indicator"),
        "One row per site and indicator as of the latest load: what was counted at the site and at all others, from "
        "which value on a site stands out, whether this one does, and since when.",
        (*SITE, *WORDS, *COUNTS, *OTHERS, EFFECT, *OUTCOME),
        "working.indicators.history join words using (indicator) where loaddt = $clock",
    ),
    Table(
        "site_indicators_history",
        "Site Indicators by Night",
        ("loaddt", "siteid", "indicator"),
        "One row per date of a load, site and indicator: how the site indicators have gone since the trial began.",
        (*SITE[:1], NIGHT, *SITE[1:], *COUNTS, *OUTCOME),
        "working.indicators.history",
    ),
)


def write_site_indicators(connection: duckdb.DuckDBPyConnection, clock: date) -> None:
    """Judge every site tonight, add it to the history, and write both tables into candidate.quality.

    Needs the attached catalogs `working` (after the rules' findings are in its ledger) and `candidate`.
    """
    counts, days = count_units(connection), count_days(connection)
    judged = [
        (siteid, declared.indicator, judgement)
        for declared in indicators()
        for siteid, judgement in (
            judge_medians(declared, days[declared.indicator])
            if declared.kind == MEDIAN
            else judge_counts(declared, counts[declared.indicator])
        ).items()
    ]
    write_history(connection, judged, clock)
    _publish(connection, clock)


def _publish(connection: duckdb.DuckDBPyConnection, clock: date) -> None:
    import polars as pl

    seed = {
        "indicator": [declared.indicator for declared in indicators()],
        "title": [declared.title for declared in indicators()],
        "definition": [declared.definition for declared in indicators()],
        "unit": [declared.unit for declared in indicators()],
        "numunit": [declared.numerator for declared in indicators()],
        "denunit": [declared.denominator for declared in indicators()],
    }
    connection.register("words", pl.DataFrame(seed).to_arrow())
    connection.execute("begin transaction")
    try:
        connection.execute("create schema if not exists candidate.quality")
        for table in TABLES:
            _write(connection, table, clock)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.unregister("words")


def _write(connection: duckdb.DuckDBPyConnection, table: Table, clock: date) -> None:
    name = f"candidate.quality.{table.name}"
    columns = ", ".join(
        f"{column.name} {column.data_type}{' not null' if column.never_null else ''}" for column in table.columns
    )
    connection.execute(f"create or replace table {name} ({columns})")
    connection.execute(f"comment on table {name} is {_quoted(table.description)}")
    for column in table.columns:
        connection.execute(f"comment on column {name}.{column.name} is {_quoted(column.description)}")
    names = ", ".join(column.name for column in table.columns if column.name != "studyid")
    connection.execute(
        f"insert into {name} select '{STUDY}', {names} from {table.source} order by {', '.join(table.key)}",
        {"clock": clock} if "$clock" in table.source else {},
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
