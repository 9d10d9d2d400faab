"""The intercurrent events of a subject, as protocol days in one column a kind.

What belongs here: ends of study and treatment, prohibited medication, steroid increases, and which of them count at
all. What does not: against which visit an event counts (pandas_derivation.py).
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from tests.bench.pandas_text import (
    beside_day_zero,
    codes,
    exact,
    fractions,
    integers,
    milligrams_per_unit,
    seed,
    spans,
)
from validation.second_derivation.protocol_tables import limit, whole_limit

SYSTEMIC_ROUTES = ["ORAL", "IV", "IM"]
DAYS_OF_RATE = 14  # the seed counts administrations over this many days


def given(infusions: pd.DataFrame) -> pd.Series:
    """Occurrence Y and a dose above 0, in whatever unit: how much it was may be unknown, that it was given is not."""
    return infusions["exoccur"].eq("Y") & _doses(infusions)["above_zero"]


def may_have_been_given(infusions: pd.DataFrame) -> pd.Series:
    """Evidence of an infusion: given, or a dose that can't be read, or a dose without a readable occurrence."""
    doses = _doses(infusions)
    unreadable_dose = infusions["exoccur"].eq("Y") & ~doses["readable"] & infusions["exdose"].notna()
    unreadable_occurrence = ~infusions["exoccur"].isin(codes("NY")) & doses["above_zero"]
    return given(infusions) | unreadable_dose | unreadable_occurrence


def _doses(infusions: pd.DataFrame) -> pd.DataFrame:
    different = infusions["exdose"].drop_duplicates()
    number = fractions(different)
    dose = infusions["exdose"]
    return pd.DataFrame(
        {"readable": dose.isin(different[number.notna()]), "above_zero": dose.isin(different[number > 0])}
    )


def endings(rows: dict[str, pd.DataFrame], day_zero: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """For STUDY and TREATMENT the end that counts, by subject, and for EVENT the end of treatment that is an event."""
    last_seen = _last_seen(rows).rename("last_seen")
    ends = beside_day_zero(rows["ds"], day_zero).join(last_seen, on="subject")
    # One without a date counts from the day after the last dated visit, infusion or assessment.
    when = ends["day"].fillna(ends["last_seen"] + pd.Timedelta(days=1))
    ends = pd.DataFrame(
        {
            "subject": ends["subject"],
            # A category that can't be read: the end of treatment is certain, the end of study is not.
            "what": ends["dscat"].where(ends["dscat"].isin(codes("DSCAT")), "TREATMENT"),
            "certain": ends["dscat"].isin(codes("DSCAT")),
            "day": (when - ends["trtsdt"]).dt.days.astype("Int64"),
            "completed": ends["dsdecod"].eq("COMPLETED"),
            "alive": ends["dsdecod"].ne("DEATH"),
        }
    )
    # The earliest; of several on one day death goes first and completed last, so that no event is lost.
    ends = ends.sort_values(["subject", "day", "completed", "alive"])
    first = {what: _first_of_each(ends[ends["what"].eq(what)]) for what in ("STUDY", "TREATMENT")}
    # A completed treatment must not hide an end of which nobody can read what ended.
    treatment = first["TREATMENT"]
    completed = treatment.index[treatment["completed"]]
    hidden = ends[~ends["certain"] & ~ends["completed"] & ends["subject"].isin(completed)]
    return first | {"EVENT": pd.concat([treatment[~treatment["completed"]], _first_of_each(hidden)])}


def _first_of_each(ends: pd.DataFrame) -> pd.DataFrame:
    return ends.drop_duplicates("subject").set_index("subject")


def _last_seen(rows: dict[str, pd.DataFrame]) -> pd.Series:
    """By subject the last date of a visit or an infusion not recorded as not done, or of an assessment."""
    visits, infusions = rows["sv"], rows["ex"]
    visits, infusions = visits[~visits["svoccur"].eq("N")], infusions[~infusions["exoccur"].eq("N")]
    dated = [visits, infusions, rows["sledai"], rows["bilag"], rows["pga"]]
    seen = pd.concat([form[["subject", "day"]] for form in dated])
    return seen.groupby("subject")["day"].max()


def intercurrent_events(
    ends: dict[str, pd.DataFrame], medications: pd.DataFrame, day_zero: pd.DataFrame, cut: date
) -> pd.DataFrame:
    """By subject the protocol day of each kind of event, missing where there is none, in the order of reasons."""
    study = ends["STUDY"]
    taken = _with_drug(medications, day_zero)
    events = pd.DataFrame(
        {
            "DEATH": study.loc[~study["alive"], "day"],
            "DISCONTINUED": study.loc[~study["completed"] & study["alive"], "day"],
            "TREATMENT DISCONTINUED": ends["EVENT"]["day"],
            "PROHIBITED MEDICATION": _first_prohibited_day(taken),
            "STEROID INCREASE": _first_increase_day(taken, cut),
        },
        index=day_zero.index,
    ).astype("Int64")
    last_day = study["day"].reindex(day_zero.index)
    # Events after the end of study don't count.
    return events.mask(events.gt(last_day, axis=0).fillna(False))


def _with_drug(rows: pd.DataFrame, day_zero: pd.DataFrame) -> pd.DataFrame:
    """The records with their drug, class, and start and end as protocol days; the delivered class counts."""
    rows = beside_day_zero(rows, day_zero)
    names = pd.Series(rows["cmtrt"].dropna().unique(), dtype="str")
    names = names.to_frame("cmtrt").assign(name=names.map(str.upper))
    drugs = names.merge(seed("drug_dictionary"), on="name", how="left")
    drugs["name"] = drugs["preferred_name"].fillna(drugs["name"])
    rows = rows.merge(drugs, on="cmtrt", how="left")
    delivered = rows["cmclas"].where(rows["cmclas"].isin(codes("CMCLAS")))
    rows["drug_class"] = delivered.fillna(rows["drug_class"])
    for end, column in (("start", "cmstdtc"), ("end", "cmendtc")):
        span = spans(rows[column])
        rows[f"{end}_first"] = (span["first"] - rows["trtsdt"]).dt.days.astype("Int64")
        rows[f"{end}_last"] = (span["last"] - rows["trtsdt"]).dt.days.astype("Int64")
        rows[f"{end}_full"] = span["full"].astype(bool)
    return rows


def _first_prohibited_day(taken: pd.DataFrame) -> pd.Series:
    """By subject the protocol day on which the first prohibited medication starts, or can have started."""
    # In use at baseline: a full start up to day 0, and no end, or one that can't lie before it.
    in_use = taken[
        taken["start_full"]
        & taken["start_first"].le(0).fillna(False)
        & (taken["end_first"].ge(0).fillna(False) | taken["cmendtc"].isna())
        & taken["name"].notna()
    ]
    in_use = in_use[["subject", "name"]].drop_duplicates().assign(in_use=True)
    taken = taken.merge(in_use, on=["subject", "name"], how="left")

    kind = taken["drug_class"]
    from_day_zero = (
        kind.eq("CYTOTOXIC")
        | (kind.eq("BIOLOGIC") & ~taken["is_study_drug"].eq("Y"))
        | (kind.isna() & taken["cmclas"].notna())
    )
    after_day_zero = kind.eq("IMMUNOSUPPRESSANT") & taken["in_use"].isna()
    taken = taken[from_day_zero | after_day_zero].assign(first_counted=after_day_zero.astype("Int64"))

    full = taken["start_first"].where(taken["start_first"].ge(taken["first_counted"]).fillna(False))
    # Nothing starts after its end, unless the two contradict each other: then the end says nothing.
    first, last, end = taken["start_first"], taken["start_last"], taken["end_last"]
    end = end.where((first.isna() | end.ge(first)).fillna(False))
    last = pd.DataFrame({"last": last, "end": end}).min(axis=1).astype("Int64")
    possible = first.fillna(0).clip(lower=0).mask(last.lt(0).fillna(False))
    return full.where(taken["start_full"], possible).groupby(taken["subject"]).min()


def _first_increase_day(taken: pd.DataFrame, cut: date) -> pd.Series:
    """By subject the first day from the rule day on whose summed steroid dose exceeds the limit."""
    courses, denominator = _steroid_courses(taken, cut)
    first, last = whole_limit("steroid_baseline_first_day"), whole_limit("steroid_baseline_last_day")
    length, factor, rise = last - first + 1, limit("steroid_increase_factor"), limit("steroid_increase_mg")
    covered = (courses["last_day"].clip(upper=last) - courses["first_day"].clip(lower=first) + 1).clip(lower=0)
    before = (courses["dose"] * covered.where(courses["route_known"], 0)).groupby(courses["subject"]).sum()

    # The sum changes only where a course starts or ends: the running total of the changes is the dose of the day.
    rule_day = whole_limit("steroid_rule_day")
    late = courses[courses["last_day"].ge(rule_day)]
    starts = late[["subject", "dose"]].assign(day=late["first_day"].clip(lower=rule_day))
    stops = late[["subject"]].assign(dose=-late["dose"], day=late["last_day"] + 1)
    changes = pd.concat([starts, stops])
    doses = changes.groupby(["subject", "day"])["dose"].sum().reset_index()
    doses["dose"] = doses["dose"].to_numpy().cumsum()  # of all subjects at once, as each of them ends with 0
    doses["before"] = doses["subject"].map(before)
    # dose > max(factor x before / length, before / length + rise), with every denominator multiplied out
    dose = doses["dose"] * length
    exceeds_factor = dose * factor.denominator > doses["before"] * factor.numerator
    exceeds_rise = dose > doses["before"] + int(rise * denominator) * length
    return doses[exceeds_factor & exceeds_rise].groupby("subject")["day"].min()


def _steroid_courses(taken: pd.DataFrame, cut: date) -> tuple[pd.DataFrame, int]:
    """Systemic steroids taken every day from first to last protocol day; mg prednisone a day = dose / denominator."""
    route = taken["cmroute"].where(taken["cmroute"].isin(codes("CMROUTE")))
    counts = (
        taken["drug_class"].eq("CORTICOSTEROID")
        & (route.isna() | route.isin(SYSTEMIC_ROUTES))
        & ~taken["cmindc"].str.lower().eq("premedication")
    )
    taken = taken.assign(route_known=route.notna(), cmdosu=taken["cmdosu"].str.lower())[counts]

    as_delivered = ["cmdose", "cmdosu", "prednisone_equivalent", "cmdosfrq"]
    doses = taken[as_delivered].drop_duplicates()
    doses = doses.merge(seed("dose_frequencies"), left_on="cmdosfrq", right_on="frequency")
    doses = doses.assign(
        number=fractions(doses["cmdose"]), unit=doses["cmdosu"].astype(object).map(milligrams_per_unit("cm"))
    )
    doses = doses[doses["prednisone_equivalent"].ne("")].dropna(subset=["number", "unit", "prednisone_equivalent"])
    doses = doses[doses["number"].ge(0)]
    once = doses["doses_per_14_days"].eq("")
    per_day = exact(doses["doses_per_14_days"].mask(once, str(DAYS_OF_RATE))) / DAYS_OF_RATE
    daily = doses["number"] * doses["unit"] * exact(doses["prednisone_equivalent"]) * per_day
    dose, denominator = integers(daily, [limit("steroid_increase_mg")])
    courses = taken.merge(doses[as_delivered].assign(dose=dose, once=once), on=as_delivered)

    # A missing start counts as the first infusion date. A record without an end runs to the site cut, and counts on
    # the day it starts in any case; an end before the delivered start is none.
    cut_day = (pd.Timestamp(cut) - courses["trtsdt"]).dt.days.astype("Int64")
    first_day = courses["start_first"].fillna(0)
    ends = courses["end_last"].mask(courses["end_last"].lt(courses["start_first"]).fillna(False))
    last_day = ends.fillna(cut_day.clip(lower=first_day)).mask(courses["once"], first_day)
    courses = courses[["subject", "route_known", "dose"]].assign(
        first_day=first_day.astype("int64"), last_day=last_day.astype("int64")
    )
    return courses[courses["first_day"].le(courses["last_day"])], denominator
