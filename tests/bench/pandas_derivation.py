"""The response and the infusions of every subject, from the sites' CSV files, in plain pandas.

What belongs here: the same derivation as the warehouse's as a statistician would write it by hand, for one night and
all sites at once: something to hold the warehouse's time and memory against. What does not: history, findings, files
that can't be read, sites with a dialect, and everything else that the warehouse is for.

    python -m tests.bench.pandas_derivation LANDING NIGHT
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from tests.bench import pandas_components as components
from tests.bench.pandas_events import endings, given, intercurrent_events, may_have_been_given
from tests.bench.pandas_text import DATE_COLUMNS, codes, read_forms, seed, trimmed, usable, with_moments
from validation.second_derivation.protocol_tables import whole_limit

STUDY = "MRBS"
FIRST_INFUSION_VISIT = "D0"
SUBJECT = ["siteid", "subjid"]
LETTERS = {True: "Y", False: "N"}


def derive(landing: Path, night: date) -> dict[str, pd.DataFrame]:
    """`responses`, `infusions` and `subjects` of every site that delivered on this night, which is also its cut."""
    return derive_from_forms(read_forms(landing, night), night)


def derive_from_forms(forms: dict[str, pd.DataFrame], cut: date) -> dict[str, pd.DataFrame]:
    """The same from forms already read."""
    # A subject without a usable row in dm takes no part; everyone else is a number from here on.
    people = usable("dm", trimmed(forms["dm"]).dropna(subset="subjid"), SUBJECT)[SUBJECT].reset_index(drop=True)
    people["usubjid"] = STUDY + "-" + people["siteid"] + "-" + people["subjid"]
    numbered = people[SUBJECT].assign(subject=people.index)
    delivered = {
        form: trimmed(rows).merge(numbered, on=SUBJECT).drop(columns=SUBJECT)
        for form, rows in forms.items()
        if form != "dm"
    }
    rows = {form: usable(form, of_form, ["subject"]) for form, of_form in delivered.items()}
    rows |= {form: with_moments(rows[form], column) for form, column in DATE_COLUMNS.items()}

    day_zero = _day_zero(rows["ex"])
    ends = endings(rows, day_zero)
    cut_day = (pd.Timestamp(cut) - day_zero["trtsdt"]).dt.days
    events = intercurrent_events(ends, rows["cm"], day_zero, cut)
    responses = _responses(rows, day_zero, events, cut_day, day_zero.index.isin(ends["STUDY"].index))
    infusions = _infusions(rows["ex"], ends, cut_day)

    ever_infused = people.index.isin(delivered["ex"].loc[may_have_been_given(delivered["ex"]), "subject"])
    people["trtsdt"] = day_zero["trtsdt"].reindex(people.index)
    at_endpoint = responses[responses["avisitn"].eq(whole_limit("response_week"))].set_index("subject")["sri4"]
    group = at_endpoint.map({"Y": "RESPONSE", "N": "NO RESPONSE"}).fillna("PENDING").reindex(people.index)
    people["respgrp"] = group.mask(group.isna() & ever_infused, "HELD")
    return {
        "responses": _named(responses, people).drop(columns=["avisitn"]),
        "infusions": _named(infusions, people),
        "subjects": people.drop(columns="subjid"),
    }


def _day_zero(infusions: pd.DataFrame) -> pd.DataFrame:
    """By subject the date of the infusion given at D0, and of no other one, and its moment where the time is known."""
    first = infusions[infusions["visit"].eq(FIRST_INFUSION_VISIT) & given(infusions)].set_index("subject")
    start = first[["day", "moment"]].dropna(subset="day")
    return start.rename(columns={"day": "trtsdt", "moment": "trtstart"}).sort_index()


def _responses(
    rows: dict[str, pd.DataFrame], day_zero: pd.DataFrame, events: pd.DataFrame, cut_day: pd.Series, ended: np.ndarray
) -> pd.DataFrame:
    """One row for each subject with a day 0 and analysis visit."""
    sledai = components.choose_records("sledai", components.read_sledai(rows["sledai"]), day_zero)
    bilag = components.choose_records("bilag", components.read_bilag(rows["bilag"]), day_zero)
    pga_rows, worsening = components.read_pga(rows["pga"])
    pga = components.choose_records("pga", pga_rows, day_zero)

    visits = components.analysis_visits()
    grid = day_zero.index.to_frame(index=False).merge(visits, how="cross").set_index(components.AT_VISIT)
    subject = grid.index.get_level_values("subject")
    falls = components.sledai_results(sledai).reindex(grid.index).astype("boolean")
    observed = pd.DataFrame(
        {
            "SLEDAI": falls[whole_limit("sri_points")],
            "BILAG": components.bilag_result(bilag).reindex(grid.index),
            "PGA": components.pga_result(pga, worsening).reindex(grid.index),
        }
    )
    # & of nullable booleans is three-valued: one known failure is a failure whatever is missing.
    composites = {k: falls[k] & observed["BILAG"] & observed["PGA"] for k in falls}
    sri4oc = composites[whole_limit("sri_points")]

    mature = grid["window_last_day"].add(whole_limit("entry_lag_days")).lt(cut_day.reindex(subject).to_numpy())
    closed = mature | pd.Series(ended, index=day_zero.index).reindex(subject).to_numpy()
    last_days = pd.concat([component.at_visits["protday"] for component in (sledai, bilag, pga)])
    assessed_on = last_days.groupby(level=components.AT_VISIT).max().astype("Int64").reindex(grid.index)
    assessed_on = assessed_on.fillna(grid["target_day"])
    counting = events.loc[subject].set_axis(grid.index).le(assessed_on, axis=0).fillna(False).astype(bool)
    event_counts = counting.any(axis=1)

    result = pd.DataFrame({"avisit": grid["avisit"], "maturfl": mature.map(LETTERS), "sri4oc": sri4oc.map(LETTERS)})
    for k, composite in composites.items():
        # Non-responder imputation: an event or a missing result at a closed visit is non-response.
        result[f"sri{k}"] = composite.mask(event_counts | (composite.isna() & closed), False).map(LETTERS)
    carried = observed.groupby(level="subject").ffill()
    locf = (carried["SLEDAI"] & carried["BILAG"] & carried["PGA"]).where(sri4oc.notna() | closed)
    result["sri4locf"] = locf.mask(event_counts, False).map(LETTERS)
    result["reason"] = np.select(
        [
            *(counting[event] for event in counting),
            *(observed[component].eq(False).fillna(False) for component in observed),
            sri4oc.notna(),
            closed,
        ],
        [*counting, *observed, "RESPONDER", "MISSING"],
        default="PENDING",
    )
    return result.reset_index()


def _infusions(infusions: pd.DataFrame, ends: dict[str, pd.DataFrame], cut_day: pd.Series) -> pd.DataFrame:
    """What became of each planned infusion of the subjects with a day 0; matched by the visit label alone."""
    plan = seed("planned_visits")
    numbers = ["plannum", "target_day", "window_last_day"]
    plan = plan.loc[plan["plannum"].ne(""), ["visit", *numbers]].astype(dict.fromkeys(numbers, "int64"))
    last_due = pd.concat([ends[what]["day"] for what in ("STUDY", "TREATMENT")]).groupby(level="subject").min()
    recorded = infusions.assign(given=given(infusions), answered=infusions["exoccur"].isin(codes("NY")))

    planned = cut_day.rename("cut_day").reset_index().merge(plan.sort_values("plannum"), how="cross")
    planned = planned.join(last_due.rename("last_due"), on="subject")
    planned = planned.merge(recorded[["subject", "visit", "given", "answered"]], on=["subject", "visit"], how="left")
    overdue = planned["window_last_day"].add(whole_limit("entry_lag_days")).lt(planned["cut_day"])
    planned["status"] = np.select(
        [
            planned["given"].eq(True),
            planned["answered"].eq(True),
            planned["target_day"].gt(planned["last_due"]).fillna(False),
            overdue,
        ],
        ["GIVEN", "MISSED", "NOT DUE", "MISSED"],
        default="PENDING",
    )
    return planned[["subject", "visit", "status"]]


def _named(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """The rows with site and subject in front instead of the subject's number."""
    names = people.loc[rows["subject"], ["siteid", "usubjid"]].reset_index(drop=True)
    return pd.concat([names, rows.drop(columns="subject").reset_index(drop=True)], axis=1)


def main() -> None:
    """Derives one night and prints what each stage took; memory is the highest of the process up to its end."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("landing", type=Path)
    parser.add_argument("night", type=date.fromisoformat)
    asked = parser.parse_args()

    print(f"{'stage':8}{'seconds':>9}{'CPU s':>9}{'peak MiB':>10}")
    started = _clocks()
    forms = read_forms(asked.landing, asked.night)
    started = _report("read", started)
    tables = derive_from_forms(forms, asked.night)
    _report("derive", started)
    print(", ".join(f"{len(table)} {name}" for name, table in tables.items()))


def _clocks() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _report(stage: str, started: tuple[float, float]) -> tuple[float, float]:
    wall, cpu = (now - then for now, then in zip(_clocks(), started, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{stage:8}{wall:9.2f}{cpu:9.2f}{peak:10.0f}")
    return _clocks()


if __name__ == "__main__":
    main()
