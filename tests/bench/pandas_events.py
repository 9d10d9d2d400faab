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
    days,
    exact,
    fractions,
    integers,
    limit,
    milligrams_per_unit,
    seed,
    spans,
)

SYSTEMIC_ROUTES = ["ORAL", "IV", "IM"]
DAYS_OF_RATE = 14  # the seed counts administrations over this many days


def given(infusions: pd.DataFrame) -> pd.Series:
    """Occurrence Y and a dose above 0 mg; a dose in an unknown unit is no dose."""
    doses = infusions["exdose"].drop_duplicates()
    above_zero = doses[fractions(doses) > 0]
    known_unit = infusions["exdosu"].str.lower().isin(list(milligrams_per_unit("ex")))
    return infusions["exoccur"].eq("Y") & infusions["exdose"].isin(above_zero) & known_unit


def endings(rows: dict[str, pd.DataFrame], day_zero: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """For STUDY and TREATMENT the end that counts, by subject: its protocol `day` and `how`."""
    last_seen = _last_seen(rows).rename("last_seen")
    ends = beside_day_zero(rows["ds"], day_zero).join(last_seen, on="subject")
    # One without a date counts from the day after the last dated visit, infusion or assessment.
    when = ends["day"].fillna(ends["last_seen"] + pd.Timedelta(days=1))
    ends = pd.DataFrame(
        {
            "subject": ends["subject"],
            "what": ends["dscat"],
            "how": ends["dsdecod"],
            "day": (when - ends["trtsdt"]).dt.days.astype("Int64"),
            "completed": ends["dsdecod"].eq("COMPLETED"),
            "alive": ends["dsdecod"].ne("DEATH"),
        }
    )
    # The earliest; of several on one day death goes first and completed last, so that no event is lost.
    ends = ends.sort_values(["subject", "day", "completed", "alive"])
    return {
        what: ends[ends["what"].eq(what)].drop_duplicates("subject").set_index("subject")
        for what in ("STUDY", "TREATMENT")
    }


def _last_seen(rows: dict[str, pd.DataFrame]) -> pd.Series:
    """By subject the last date of a visit that took place, an infusion given or an assessment."""
    visits, infusions = rows["sv"], rows["ex"]
    visits, infusions = visits[~visits["svoccur"].eq("N")], infusions[given(infusions)]
    dated = [visits, infusions, rows["sledai"], rows["bilag"], rows["pga"]]
    seen = pd.concat([form[["subject", "day"]] for form in dated])
    return seen.groupby("subject")["day"].max()


def intercurrent_events(
    ends: dict[str, pd.DataFrame], medications: pd.DataFrame, day_zero: pd.DataFrame, cut: date
) -> pd.DataFrame:
    """By subject the protocol day of each kind of event, missing where there is none, in the order of reasons."""
    study, treatment = ends["STUDY"], ends["TREATMENT"]
    taken = _with_drug(medications, day_zero)
    events = pd.DataFrame(
        {
            "DEATH": study.loc[~study["alive"], "day"],
            "DISCONTINUED": study.loc[~study["completed"] & study["alive"], "day"],
            "TREATMENT DISCONTINUED": treatment.loc[~treatment["completed"], "day"],
            "PROHIBITED MEDICATION": _first_prohibited_day(taken),
            "STEROID INCREASE": _first_increase_day(taken, day_zero, cut),
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
    # In use at baseline: a full start up to day 0, and an end, if any, that can't lie before it.
    in_use = taken[
        taken["start_full"]
        & taken["start_first"].le(0).fillna(False)
        & taken["end_first"].ge(0).fillna(True)
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


def _first_increase_day(taken: pd.DataFrame, day_zero: pd.DataFrame, cut: date) -> pd.Series:
    """By subject the first day from the rule day on whose summed steroid dose exceeds the limit."""
    courses, denominator = _steroid_courses(taken, day_zero, cut)
    first, last = days("steroid_baseline_first_day"), days("steroid_baseline_last_day")
    length, factor, rise = last - first + 1, limit("steroid_increase_factor"), limit("steroid_increase_mg")
    covered = (courses["last_day"].clip(upper=last) - courses["first_day"].clip(lower=first) + 1).clip(lower=0)
    before = (courses["dose"] * covered.where(courses["route_known"], 0)).groupby(courses["subject"]).sum()

    # The sum changes only where a course starts or ends: the running total of the changes is the dose of the day.
    rule_day = days("steroid_rule_day")
    late = courses[courses["last_day"].ge(rule_day)]
    changes = pd.concat(
        [
            pd.DataFrame(
                {"subject": late["subject"], "day": late["first_day"].clip(lower=rule_day), "dose": late["dose"]}
            ),
            pd.DataFrame({"subject": late["subject"], "day": late["last_day"] + 1, "dose": -late["dose"]}),
        ]
    )
    doses = changes.groupby(["subject", "day"])["dose"].sum().reset_index()
    doses["dose"] = doses.groupby("subject")["dose"].cumsum()
    doses["before"] = doses["subject"].map(before)
    # dose > max(factor x before / length, before / length + rise), with every denominator multiplied out
    dose = doses["dose"] * length
    exceeds_factor = dose * factor.denominator > doses["before"] * factor.numerator
    exceeds_rise = dose > doses["before"] + int(rise * denominator) * length
    return doses[exceeds_factor & exceeds_rise].groupby("subject")["day"].min()


def _steroid_courses(taken: pd.DataFrame, day_zero: pd.DataFrame, cut: date) -> tuple[pd.DataFrame, int]:
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

    # A missing start counts as the first infusion date; a record without an end runs to the site cut.
    cut_day = (pd.Timestamp(cut) - courses["trtsdt"]).dt.days.astype("Int64")
    first_day = courses["start_first"].fillna(0)
    last_day = courses["end_last"].fillna(cut_day).mask(courses["once"], first_day)
    courses = courses[["subject", "route_known", "dose"]].assign(
        first_day=first_day.astype("int64"), last_day=last_day.astype("int64")
    )
    return courses[courses["first_day"].le(courses["last_day"])], denominator
