"""Every night's outcome, in working.indicators.history: one row per date of a load, site and indicator.

It only grows, except that a load on a date that has rows replaces them: run again, it leaves what it would have left
at once. A site is flagged since the first night of an unbroken run of nights on which it stood out on the same side; a
night on which it could not be judged breaks nothing. Nights are dates of loads, never of the machine. What is
published of it belongs in `validation.indicators.published`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from validation.indicators.limits import Judgement

if TYPE_CHECKING:
    import duckdb

PLACES = 6

HISTORY = """
create table if not exists working.indicators.history (
    loaddt date not null, siteid varchar not null, indicator varchar not null, units bigint not null,
    numerator bigint not null, denominator bigint not null, value decimal(18, 6),
    others_numerator bigint not null, others_denominator bigint not null, others_value decimal(18, 6),
    design_effect decimal(18, 6), lower decimal(18, 6), upper decimal(18, 6),
    flag varchar, side varchar, flagged_since date, newfl varchar not null
)
"""
COLUMNS = (
    "siteid", "indicator", "units", "numerator", "denominator", "value", "others_numerator", "others_denominator",
    "others_value", "design_effect", "lower", "upper", "flag", "side",
)  # fmt: skip

# The last night before this one on which the site was judged says whether it still stands out, and since when.
TONIGHT = f"""
insert into working.indicators.history
with last_judged as (
    select siteid, indicator, side, flagged_since
    from working.indicators.history
    where flag is not null and loaddt < $clock
    qualify row_number() over (partition by siteid, indicator order by loaddt desc) = 1
)
select
    $clock, {", ".join(f"tonight.{column}" for column in COLUMNS)},
    case when tonight.side = last_judged.side then last_judged.flagged_since when tonight.flag = 'Y' then $clock end
        as since,
    case when since = $clock then 'Y' else 'N' end
from tonight left join last_judged using (siteid, indicator)
order by tonight.siteid, tonight.indicator
"""


def write_history(
    connection: duckdb.DuckDBPyConnection, judged: Sequence[tuple[str, str, Judgement]], clock: date
) -> None:
    """Write tonight's rows (site, indicator, judgement) in place of those of the same date, in one transaction."""
    import polars as pl

    amount = pl.Decimal(18, 6)
    text, number = pl.String(), pl.Int64()
    types = (text, text, number, number, number, amount, number, number, amount, amount, amount, amount, text, text)
    rows = [(siteid, indicator, *_cells(judgement)) for siteid, indicator, judgement in judged]
    schema = dict(zip(COLUMNS, types, strict=True))
    connection.register("tonight", pl.DataFrame(rows, schema=schema, orient="row").to_arrow())
    connection.execute("begin transaction")
    try:
        connection.execute("create schema if not exists working.indicators")
        connection.execute(HISTORY)
        connection.execute("delete from working.indicators.history where loaddt = $clock", {"clock": clock})
        connection.execute(TONIGHT, {"clock": clock})
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.unregister("tonight")


def _cells(judgement: Judgement) -> tuple[Any, ...]:
    return tuple(_decimal(getattr(judgement, column)) for column in COLUMNS[2:])


def _decimal(value: Any) -> Any:
    """A fraction (never negative) to six places, rounded half away from zero; anything else as it is."""
    if not isinstance(value, Fraction):
        return value
    doubled = 2 * value.denominator
    return Decimal((2 * value.numerator * 10**PLACES + value.denominator) // doubled).scaleb(-PLACES)
