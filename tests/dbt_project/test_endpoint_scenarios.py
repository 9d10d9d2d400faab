"""What each sensitivity scenario does differently, to the edge, and the table that counts them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tests.dbt_project.endpoint_tables import RESPONSE, endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import SELECTED, Derived

SELECTED.update(["+adsens", "+sensum"])
ADSENS = "candidate.analysis.adsens"
DS = "dscat  dsdecod  dsdtc"
CM = "cmtrt  cmclas  cmstdtc  cmdose"
WEEK_48 = f"336  W48  {RESPONSE}"
RITUXIMAB = f"{CM}\nRITUXIMAB  BIOLOGIC  100  ."
PREDNISONE = f"{CM}\nPREDNISONE  CORTICOSTEROID  170  40"

# The baseline is SLEDAI-2K 10, BILAG DBDBDDDDD, PGA 1.5. name: (records, extra, scenario, PRIMARY and scenario by hand)
CASES: dict[str, tuple[str, dict[str, str], str, str]] = {
    "STEROID": (WEEK_48, {"cm": PREDNISONE}, "STEROID RULE OFF", "N Y"),
    "STEROIDMED": (WEEK_48, {"cm": PREDNISONE}, "MEDICATION RULE OFF", "N N"),
    "MEDICATION": (WEEK_48, {"cm": RITUXIMAB}, "MEDICATION RULE OFF", "N Y"),
    "MEDICATIONSTEROID": (WEEK_48, {"cm": RITUXIMAB}, "STEROID RULE OFF", "N N"),
    "BOTHONE": (WEEK_48, {"cm": f"{RITUXIMAB}\n{PREDNISONE.splitlines()[1]}"}, "STEROID RULE OFF", "N N"),
    "BOTH": (WEEK_48, {"cm": f"{RITUXIMAB}\n{PREDNISONE.splitlines()[1]}"}, "BOTH RULES OFF", "N Y"),
    # Death and the ends of study and treatment count whatever the rules on medication say.
    "DEATH": (WEEK_48, {"ds": f"{DS}\nSTUDY  DEATH  336"}, "BOTH RULES OFF", "N N"),
    # Windows: the target is day 336. Seven days to either side, and twenty-eight.
    "NARROW329": (f"329  W48  {RESPONSE}", {}, "NARROW WINDOW", "Y Y"),
    "NARROW328": (f"328  W48  {RESPONSE}", {}, "NARROW WINDOW", "Y N"),
    "NARROW343": (f"343  W48  {RESPONSE}", {}, "NARROW WINDOW", "Y Y"),
    "NARROW344": (f"344  W48  {RESPONSE}", {}, "NARROW WINDOW", "Y N"),
    "WIDE308": (f"308  W44  {RESPONSE}", {}, "WIDE WINDOW", "N Y"),
    "WIDE307": (f"307  W44  {RESPONSE}", {}, "WIDE WINDOW", "N N"),
    "WIDE364": (f"364  UNS  {RESPONSE}", {}, "WIDE WINDOW", "N Y"),
    "WIDE365": (f"365  UNS  {RESPONSE}", {}, "WIDE WINDOW", "N N"),
    # PGA: a rise of exactly the limit is worsening.
    "PGA159": ("336  W48  9  DCDCDDDDD  1.59", {}, "PGA LIMIT 0.10", "Y Y"),
    "PGA160": ("336  W48  9  DCDCDDDDD  1.60", {}, "PGA LIMIT 0.10", "Y N"),
    "PGA199": ("336  W48  9  DCDCDDDDD  1.99", {}, "PGA LIMIT 0.50", "N Y"),
    "PGA200": ("336  W48  9  DCDCDDDDD  2.00", {}, "PGA LIMIT 0.50", "N N"),
    # A gap that could be a new A: unknown, so no response at a mature visit, until somebody takes a side.
    "GAPOUT": ("336  W48  9  -CDCDDDDD  0.8", {}, "BILAG GAPS LEFT OUT", "N Y"),
    "GAPWORST": ("336  W48  9  -CDCDDDDD  0.8", {}, "BILAG GAPS WORST", "N N"),
    # A known new A fails whatever is made of the gap.
    "GAPNEWA": ("336  W48  9  -CACDDDDD  0.8", {}, "BILAG GAPS LEFT OUT", "N N"),
    # Items fall by 6 points (10 to 4); the site wrote totals that fell by 4, and by 3.
    "TOTAL4": ("336  W48  9 =6  DCDCDDDDD  0.8", {"total": "10"}, "SITE TOTALS", "Y Y"),
    "TOTAL3": ("336  W48  9 =7  DCDCDDDDD  0.8", {"total": "10"}, "SITE TOTALS", "Y N"),
    # An item is missing, the total is there; items can't add up to 106, so that total is none.
    "TOTALWHOLE": ("336  W48  9 ?24 =6  DCDCDDDDD  0.8", {"total": "10"}, "SITE TOTALS", "N Y"),
    "TOTAL105": ("336  W48  9 =6  DCDCDDDDD  0.8", {"total": "105"}, "SITE TOTALS", "Y Y"),
    "TOTAL106": ("336  W48  9 =6  DCDCDDDDD  0.8", {"total": "106"}, "SITE TOTALS", "Y N"),
}


def _written(name: str) -> str:
    records, extra, _, _ = CASES[name]
    extra = dict(extra)
    baseline = f"0  D0  9+12+15 ={extra.pop('total', '10')}  DBDBDDDDD  1.5"
    return endpoint_subject(f"SENS-{name}", records, baseline=baseline, **extra)  # type: ignore[arg-type]


SITES = {name: _written(name) for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_what_a_scenario_does_differently(endpoint: Derived, name: str) -> None:
    _, _, scenario, results = CASES[name]
    found = {row[0]: row[1] for row in endpoint.rows(ADSENS, SITES[name], "scenario sri4")}
    assert [found["PRIMARY"], found[scenario]] == results.split()


def test_reasons_and_who_changes(endpoint: Derived) -> None:
    where = "scenario in ('BOTH RULES OFF', 'PRIMARY', 'STEROID RULE OFF')"
    assert endpoint.rows(
        ADSENS, SITES["STEROID"], "scenario icefl sri4oc sri4 reason sri4prim chgresp", where
    ) == expected("""
        scenario          icefl  sri4oc  sri4  reason            sri4prim  chgresp
        BOTH RULES OFF    N      Y       Y     RESPONDER         N         GAINED
        PRIMARY           Y      Y       N     STEROID INCREASE  N         .
        STEROID RULE OFF  N      Y       Y     RESPONDER         N         GAINED
    """)
    assert endpoint.rows(ADSENS, SITES["PGA160"], "chgresp", "scenario = 'PGA LIMIT 0.10'") == [["LOST"]]
    # Not mature in the wide window: nothing is said of a change.
    assert endpoint.rows(ADSENS, OPEN, "sri4 sri4prim chgresp", "scenario = 'WIDE WINDOW'") == [["Y", "Y", "."]]


# The wide window ends on day 364: with the lag of 7 days it is mature when the cut lies after day 371.
OPEN = endpoint_subject("SENS-OPEN", WEEK_48, cut=371)
SHUT = endpoint_subject("SENS-SHUT", WEEK_48, cut=372)


@pytest.mark.parametrize(("site", "mature"), [(OPEN, "N"), (SHUT, "Y")])
def test_another_window_matures_on_another_day(endpoint: Derived, site: str, mature: str) -> None:
    found = endpoint.rows(ADSENS, site, "maturfl", "scenario in ('PRIMARY', 'WIDE WINDOW')")
    assert found == [["Y"], [mature]]  # in the order of their names


def test_the_primary_scenario_is_adsri(endpoint: Derived) -> None:
    columns = (
        "siteid, usubjid, adt, sledchg, sledfl, bilfl, pgafl, icefl, maturfl, closedfl, sri4oc, sri4, reason, srcpga"
    )
    query = "select {} from candidate.analysis.{} where {} order by usubjid"
    sensitivity = endpoint.all_rows(query.format(columns, "adsens", "scenario = 'PRIMARY'"))
    assert sensitivity == endpoint.all_rows(query.format(columns, "adsri", "avisitn = 48"))
    assert sensitivity


def test_the_sums_are_those_of_the_subjects(endpoint: Derived) -> None:
    counted = endpoint.all_rows("""
        select
            here.scenario,
            count(*) filter (where here.maturfl = 'Y' and here.sri4 is not null) as n,
            count(*) filter (where here.maturfl = 'Y' and here.sri4 = 'Y') as nresp,
            count(*) filter (where here.maturfl = 'N') as nimmature,
            count(*) filter (
                where here.maturfl = 'Y' and here.sri4 = 'Y' and primary_.maturfl = 'Y' and primary_.sri4 = 'N'
            ) as ngained,
            count(*) filter (
                where here.maturfl = 'Y' and here.sri4 = 'N' and primary_.maturfl = 'Y' and primary_.sri4 = 'Y'
            ) as nlost
        from candidate.analysis.adsens as here
        inner join candidate.analysis.adsens as primary_ using (usubjid)
        where primary_.scenario = 'PRIMARY'
        group by here.scenario
    """)
    expected_rows = {row.pop("scenario"): row for row in counted}
    pairs = endpoint.all_rows("""
        select
            here.scenario,
            case when here.maturfl = 'Y' then here.sri4 end as here,
            case when primary_.maturfl = 'Y' then primary_.sri4 end as there
        from candidate.analysis.adsens as here
        inner join candidate.analysis.adsens as primary_ using (usubjid)
        where primary_.scenario = 'PRIMARY'
    """)
    sums = endpoint.all_rows("from candidate.analysis.sensum order by scenarn, estimator")
    assert [(row["scenario"], row["estimator"]) for row in sums[:5]] == [
        ("PRIMARY", "LOCF"),
        ("PRIMARY", "NRI"),
        ("PRIMARY", "OC"),
        ("STEROID RULE OFF", "NRI"),
        ("STEROID RULE OFF", "OC"),
    ]
    by_nri = {row["scenario"]: row for row in sums if row["estimator"] == "NRI"}
    assert {name: {key: row[key] for key in expected_rows[name]} for name, row in by_nri.items()} == expected_rows
    primary = by_nri["PRIMARY"]
    assert (primary["ratediff"], primary["ngained"], primary["nlost"]) == (Decimal(0), 0, 0)
    for row in sums:
        # What the exact difference over the same subjects is, worked out from adsens below for NRI.
        assert row["ncommon"] <= min(row["n"], primary["n"])
    for name, row in by_nri.items():
        common = [
            (Fraction(one["here"] == "Y"), Fraction(one["there"] == "Y"))
            for one in pairs
            if one["scenario"] == name and one["here"] is not None and one["there"] is not None
        ]
        difference = sum(here for here, _ in common) / len(common) - sum(there for _, there in common) / len(common)
        assert (row["ncommon"], abs(Fraction(row["ratediff"]) - difference) <= Fraction(5, 10**7)) == (
            len(common),
            True,
        ), name


def test_the_primary_rows_are_those_of_srisum(endpoint: Derived) -> None:
    columns = "estimator, n, nresp, rate, cilow, cihigh, nimmature"
    sums = endpoint.all_rows(f"select {columns} from candidate.analysis.sensum where scenarn = 1 order by 1")
    assert sums == endpoint.all_rows(f"select {columns} from candidate.analysis.srisum where avisitn = 48 order by 1")
