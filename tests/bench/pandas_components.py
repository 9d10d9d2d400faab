"""The three components of SRI: records, baseline, analysis visits, and what each component says of a visit.

What belongs here: values of sledai, bilag and pga rows, which record is chosen for what, and the comparison with
baseline. What does not: intercurrent events (pandas_events.py) and the response itself (pandas_derivation.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.bench.pandas_text import (
    DATE_COLUMNS,
    beside_day_zero,
    exact,
    fractions,
    integers,
    seed,
)
from validation.protocol import SCENARIO
from validation.second_derivation.protocol_tables import limit, whole_limit

AT_VISIT = ["subject", "avisitn"]
PLACED = ["subject", "visit", "day", "moment"]


@dataclass(frozen=True)
class Component:
    """The chosen records of one component: at baseline by subject, later by subject and analysis visit."""

    baseline: pd.DataFrame
    at_visits: pd.DataFrame

    def beside_baseline(self, columns: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """These columns now and at baseline, row by row, where there is a record of both."""
        subjects = self.at_visits.index.get_level_values("subject")
        now = self.at_visits.loc[subjects.isin(self.baseline.index), columns]
        before = self.baseline.loc[now.index.get_level_values("subject"), columns].set_axis(now.index)
        return now, before


def analysis_visits() -> pd.DataFrame:
    """The analysis visits and their windows in protocol days, by week."""
    table = seed("analysis_visits")
    table = table[table["scenario"].eq(SCENARIO)].drop(columns="scenario")
    numbers = ["avisitn", "target_day", "window_first_day", "window_last_day"]
    return table.astype(dict.fromkeys(numbers, "int64")).sort_values("avisitn").reset_index(drop=True)


def choose_records(form: str, rows: pd.DataFrame, day_zero: pd.DataFrame) -> Component:
    """The records of a form at baseline and at the analysis visits; `rows` have a value and say if it is complete."""
    rows = _dated(rows, DATE_COLUMNS[form], day_zero)
    before = rows[rows["protday"].ge(-whole_limit("baseline_lookback_days")) & ~rows["after_first_infusion"]]
    baseline = before.sort_values(["subject", "complete", "standing"]).drop_duplicates("subject", keep="last")

    visits = analysis_visits()
    rows = rows[rows["protday"].between(visits["window_first_day"].min(), visits["window_last_day"].max())]
    rows = pd.merge_asof(rows, visits, left_on="protday", right_on="window_first_day")
    rows = rows[rows["protday"].le(rows["window_last_day"])]
    rows = rows.assign(closeness=-(rows["protday"] - rows["target_day"]).abs())
    rows = rows.sort_values([*AT_VISIT, "complete", "closeness", "standing"])
    return Component(baseline.set_index("subject"), rows.drop_duplicates(AT_VISIT, keep="last").set_index(AT_VISIT))


def _dated(rows: pd.DataFrame, date_column: str, day_zero: pd.DataFrame) -> pd.DataFrame:
    """The rows with a readable full date, their protocol day, and their `standing` among others: greater is better.

    The later day; of one day a scheduled visit (the later planned one) before ET before UNS before a label that can't
    be read; then the later date text, which holds the time, and the label.
    """
    rows = beside_day_zero(rows.dropna(subset="day"), day_zero)
    protday = (rows["day"] - rows["trtsdt"]).dt.days
    # On the day itself only when both times are known and say so.
    after = protday.gt(0) | (protday.eq(0) & rows["moment"].gt(rows["trtstart"]))
    planned = seed("planned_visits").set_index("visit")[["tie_rank", "visitnum"]].astype("int64")
    labels = planned.reindex(rows["visit"]).fillna({"tie_rank": planned["tie_rank"].max() + 1, "visitnum": 0})
    rows = rows.assign(
        protday=protday,
        after_first_infusion=after,
        preference=-labels["tie_rank"].to_numpy(),
        visitnum=labels["visitnum"].to_numpy(),
    ).sort_values(["protday", "preference", "visitnum", date_column, "visit"])
    return rows.assign(standing=np.arange(len(rows)))


def read_sledai(rows: pd.DataFrame) -> pd.DataFrame:
    """The score of a record, which exists only when all items are answered."""
    items = seed("sledai_items")
    answers = rows[items["column_name"].tolist()]
    present, absent = answers.eq("1").to_numpy(bool), answers.eq("0").to_numpy(bool)
    complete = (present | absent).all(axis=1)
    score = pd.Series(present @ items["weight"].astype("int64").to_numpy(), index=rows.index, dtype="Int64")
    return rows[[*PLACED, "sledtc"]].assign(score=score.where(complete), complete=complete)


def sledai_results(sledai: Component) -> pd.DataFrame:
    """For each k of SRI-k whether the score fell by at least k points."""
    now, before = sledai.beside_baseline(["score"])
    change = now["score"] - before["score"]
    return pd.DataFrame({k: change.le(-k) for k in range(whole_limit("sri_points"), whole_limit("sri_points_max") + 1)})


def read_bilag(rows: pd.DataFrame) -> pd.DataFrame:
    """The grades of a record as their place in the list from most to least severe, -1 where missing."""
    columns = seed("bilag_systems")["column_name"].tolist()
    scale = pd.Index(seed("bilag_grades")["grade"])
    grades = pd.DataFrame({column: scale.get_indexer(rows[column]) for column in columns}, index=rows.index)
    return rows[[*PLACED, "bildtc"]].join(grades).assign(complete=grades.ge(0).all(axis=1))


def bilag_result(bilag: Component) -> pd.Series:
    """No new A and at most one new B: failed when every way of filling the missing grades fails, met when none does."""
    now, before = bilag.beside_baseline(seed("bilag_systems")["column_name"].tolist())
    after, earlier = now.to_numpy(), before.to_numpy()
    failed, possible = np.zeros(len(now), dtype=bool), np.zeros(len(now), dtype=bool)
    scale = seed("bilag_grades")["grade"].tolist()
    for grade, parameter in (("A", "bilag_new_a_allowed"), ("B", "bilag_new_b_allowed")):
        place = scale.index(grade)
        may_be_new = ((after == place) | (after < 0)) & ((earlier > place) | (earlier < 0))
        is_new = may_be_new & (after >= 0) & (earlier >= 0)
        failed |= is_new.sum(axis=1) > whole_limit(parameter)
        possible |= may_be_new.sum(axis=1) > whole_limit(parameter)
    met = pd.Series(~failed, index=now.index, dtype="boolean")
    return met.mask(possible & ~failed)


def read_pga(rows: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The assessment on the 0-3 scale, in units in which every value and the limit of worsening are whole.

    Returns the limit too, in the same units.
    """
    as_delivered = ["pgares", "pgascale"]
    texts = rows[as_delivered].drop_duplicates().merge(seed("pga_scales"), left_on="pgascale", right_on="scale")
    texts = texts.assign(number=fractions(texts["pgares"])).dropna(subset="number")
    texts = texts[texts["number"].ge(0) & (texts["number"] <= exact(texts["scale_max"]))]
    worsening = limit("pga_worsening")
    units, denominator = integers(texts["number"] * exact(texts["factor"]), [worsening])
    texts = texts[as_delivered].assign(units=units if units.dtype == object else units.astype("Int64"))
    read = rows[[*PLACED, "pgadtc", *as_delivered]].merge(texts, on=as_delivered, how="left")
    return read.assign(complete=read["units"].notna()), int(worsening * denominator)


def pga_result(pga: Component, worsening: int) -> pd.Series:
    """A rise of less than the limit; a rise of exactly that is worsening."""
    now, before = (records["units"] for records in pga.beside_baseline(["units"]))
    known = now.notna() & before.notna()
    return (now - before).lt(worsening).astype("boolean").where(known)
