"""What the sites delivered, as frames of usable rows with typed values.

What belongs here: the seeds, reading the files of one night, trimming, keys and duplicates, and how a date, a number
or a code is written. What does not: what a value means for the trial (pandas_components.py, pandas_events.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
FORMS = ("dm", "sv", "ex", "sledai", "bilag", "pga", "cm", "ds")
UNSCHEDULED = "UNS"
FORMS_THAT_KEEP_CONTRADICTIONS = ("ds", "cm")  # leaving an event out could make a responder

DATE_COLUMNS = {  # of each form that has one, the date that places a row in time
    "sv": "svdtc",
    "ex": "exstdtc",
    "sledai": "sledtc",
    "bilag": "bildtc",
    "pga": "pgadtc",
    "ds": "dsdtc",
}

BLANKS = " \t\r\n\u00a0\u3000"
DAY = "(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}"
TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?"
MONTH = "(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])"
YEAR = "(?:19|20)[0-9]{2}"
NUMBER = r"[+-]?0*[0-9]{1,9}(?:\.[0-9]{1,6}0*)?"


@cache
def seed(name: str) -> pd.DataFrame:
    """A table of the protocol, all text; an empty field is the empty text."""
    return pd.read_csv(SEEDS / f"{name}.csv", dtype=str, keep_default_na=False)


@cache
def codes(codelist: str) -> list[str]:
    """The codes of a code list."""
    table = seed("codelists")
    return table.loc[table["codelist"].eq(codelist), "code"].tolist()


@cache
def milligrams_per_unit(form: str) -> dict[str, Fraction]:
    """Dose unit in lower case -> milligrams in one of it."""
    table = seed("unit_conversions")
    table = table[table["domain"].eq(form)]
    return dict(zip(table["unit"].str.lower(), map(Fraction, table["factor"]), strict=True))


def form_columns(form: str) -> pd.DataFrame:
    """The columns of a form as the contract with the sites names them."""
    table = seed("form_columns")
    return table[table["form"].eq(form)]


def read_forms(landing: Path, night: date) -> dict[str, pd.DataFrame]:
    """Every form of every site that delivered on this night, as text, with the site in front."""
    folders = [folder for site in sorted(landing.iterdir()) if (folder := site / night.isoformat()).is_dir()]
    return {form: _read_form(form, folders) for form in FORMS}


def _read_form(form: str, folders: list[Path]) -> pd.DataFrame:
    columns = form_columns(form)["column_name"].tolist()
    parts = {"": pd.DataFrame(columns=columns, dtype="str")}
    for folder in folders:
        path = folder / f"{form}.csv"
        if path.exists():
            # "" alone means missing: NA or None in a file would be a text.
            part = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
            part.columns = [column.strip().lower() for column in part.columns]
            if absent := set(columns).difference(part.columns):
                raise ValueError(f"{path} lacks {sorted(absent)}")
            parts[folder.parent.name] = part
    return pd.concat(parts, names=["siteid"]).reset_index("siteid").reset_index(drop=True)[["siteid", *columns]]


def trimmed(rows: pd.DataFrame) -> pd.DataFrame:
    """All texts without surrounding blanks, missing when nothing is left."""
    stripped = {column: rows[column].str.strip(BLANKS) for column in rows.columns}
    return pd.DataFrame({column: text.mask(text.eq("")) for column, text in stripped.items()})


def usable(form: str, rows: pd.DataFrame, identity: list[str]) -> pd.DataFrame:
    """Rows with a whole key; of identical copies one, and none of those that contradict each other.

    `identity`: the columns that name the subject, already known to be there.
    """
    columns = form_columns(form)
    columns = columns[columns["column_name"].ne("subjid")]
    key = columns.loc[columns["key"].eq("Y"), "column_name"].tolist()
    rows = rows.dropna(subset=key)
    dates = columns.loc[columns["type"].isin(["date", "datetime", "partial_date"]), "column_name"].tolist()
    parts = rows[identity + key]
    if "visit" in key and dates and dates[0] not in key:
        unscheduled = rows["visit"].eq(UNSCHEDULED)  # it may repeat, so its date tells it apart
        parts = parts.assign(date=rows[dates[0]].where(unscheduled))
        whole = ~unscheduled | parts["date"].notna()
        rows, parts = rows[whole], parts[whole]
    shared = parts.duplicated(keep=False)
    if not shared.any():
        return rows
    dropped = rows[shared].duplicated(identity + columns["column_name"].tolist())
    dropped = dropped.reindex(rows.index, fill_value=False)
    rows, parts = rows[~dropped], parts[~dropped]
    return rows if form in FORMS_THAT_KEEP_CONTRADICTIONS else rows[~parts.duplicated(keep=False)]


def with_moments(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows with the `day` of a full date, and its `moment` where a time of day is written too; else NaT."""
    return rows.join(_each_text_once(rows[column], _read_moments))


def beside_day_zero(rows: pd.DataFrame, day_zero: pd.DataFrame) -> pd.DataFrame:
    """The rows of the subjects whose day 0 is known, each with it."""
    return rows[rows["subject"].isin(day_zero.index)].join(day_zero, on="subject")


def spans(texts: pd.Series) -> pd.DataFrame:
    """Full and partial dates as the days `first` to `last` that they can stand for, and whether they are `full`."""
    return _each_text_once(texts, _read_spans).astype({"full": "boolean"}).fillna({"full": False})


def _read_moments(texts: pd.Series) -> pd.DataFrame:
    # Coerced: a day that the calendar lacks.
    written = texts.where(texts.str.fullmatch(f"{DAY}(?:T{TIME})?"))
    moment = pd.to_datetime(written, format="ISO8601", errors="coerce")
    return pd.DataFrame({"day": moment.dt.normalize(), "moment": moment.where(texts.str.contains("T"))})


def _read_spans(texts: pd.Series) -> pd.DataFrame:
    full = _read_moments(texts)["day"]
    month = pd.to_datetime(texts.where(texts.str.fullmatch(MONTH)), format="%Y-%m")
    year = pd.to_datetime(texts.where(texts.str.fullmatch(YEAR)), format="%Y")
    return pd.DataFrame(
        {
            "first": full.fillna(month).fillna(year),
            "last": full.fillna(month + pd.offsets.MonthEnd(0)).fillna(year + pd.offsets.YearEnd(0)),
            "full": full.notna(),
        }
    )


def _each_text_once(texts: pd.Series, read: Callable[[pd.Series], pd.DataFrame]) -> pd.DataFrame:
    """The same dates come again and again: each different text is read once."""
    places, different = pd.factorize(texts)
    return read(pd.Series(different, dtype="str")).reindex(places).set_axis(texts.index)


def fractions(texts: pd.Series) -> pd.Series:
    """Numbers exactly as written, as fractions; missing for anything else. Slow: for texts that differ."""
    written = texts[texts.str.fullmatch(NUMBER).fillna(False)]
    return exact(written).reindex(texts.index)


def exact(texts: pd.Series) -> pd.Series:
    """Texts known to be numbers, as fractions."""
    return pd.Series([Fraction(Decimal(text)) for text in texts], index=texts.index, dtype=object)


def integers(values: pd.Series, limits: Iterable[Fraction] = ()) -> tuple[pd.Series, int]:
    """Fractions as whole multiples of 1/denominator, in which the limits are whole too; exact, without missing ones.

    Machine integers where even many of them added up fit, Python's own otherwise.
    """
    denominator = math.lcm(*(value.denominator for value in {*values, *limits}))
    whole = [int(value * denominator) for value in values]
    small = max(map(abs, whole), default=0) < 2**48
    return pd.Series(np.array(whole, dtype=np.int64 if small else object), index=values.index), denominator
