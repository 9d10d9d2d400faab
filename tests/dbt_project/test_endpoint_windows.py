"""Which analysis visit a record belongs to, and which record of a window is chosen."""

from __future__ import annotations

import pytest

from tests.dbt_project.endpoint_tables import endpoint_subject
from tests.dbt_project.subject_tables import expected
from tests.dbt_project.written_trial import Derived

ADQS = "candidate.analysis.adqs"

# Both sides of every border, all as unscheduled visits: the label does not matter.
BORDERS = """
day  avisit
1    Week 2
21   Week 2
22   Week 4
42   Week 4
43   Week 8
70   Week 8
71   Week 12
98   Week 12
99   Week 16
126  Week 16
127  Week 20
154  Week 20
155  Week 24
182  Week 24
183  Week 28
210  Week 28
211  Week 32
238  Week 32
239  Week 36
266  Week 36
267  Week 40
294  Week 40
295  Week 44
322  Week 44
323  Week 48
350  Week 48
351  .
500  .
"""
EDGES = endpoint_subject("EDGES", "\n".join(f"{day}  UNS  .  .  1.0" for day, _ in expected(BORDERS)), cut=600)


def test_every_border_of_the_windows(endpoint: Derived) -> None:
    assert endpoint.rows(ADQS, EDGES, "adt avisit", "paramcd = 'PGA' and adt > date '2025-01-06'") == expected(BORDERS)


# site: records as day, visit, PGA, all in the window of Week 12 (71-98, target 84); the value chosen by hand
TIES = {
    "NEAREST": ("80  UNS  .  .  1.1\n87  UNS  .  .  1.2", "1.2"),
    "LATERDATE": ("81  W12  .  .  1.1\n87  UNS  .  .  1.2", "1.2"),
    "SCHEDULED": ("85  UNS  .  .  1.1\n85  ET  .  .  1.2\n85  W12  .  .  1.3", "1.3"),
    "ETBEFOREUNS": ("85  UNS  .  .  1.1\n85  ET  .  .  1.2", "1.2"),
    "UNSBEFORENONE": ("85  Week 12  .  .  1.1\n85  UNS  .  .  1.2", "1.2"),
    "LATERPLANNEDVISIT": ("85  W16  .  .  1.1\n85  W12  .  .  1.2", "1.1"),
    "COMPLETEFIRST": ("84  W12  .  .  9\n98  UNS  .  .  1.2", "1.2"),
    "NONECOMPLETE": ("84  W12  .  .  9\n98  UNS  .  .  .\n90  ET  .  .  8", None),
    "AFTERTHEEND": ("75  W12  .  .  1.1\n84  UNS  .  .  1.2", "1.2"),
    "NODATE": ("2025-03  W12  .  .  1.1\n71  UNS  .  .  1.2", "1.2"),
}
TIE_SITES = {
    name: endpoint_subject(
        name, records, ds="dscat  dsdecod  dsdtc\nSTUDY  COMPLETED  80" if name == "AFTERTHEEND" else ""
    )
    for name, (records, _) in TIES.items()
}


@pytest.mark.parametrize("name", TIES)
def test_the_chosen_record(endpoint: Derived, name: str) -> None:
    chosen = endpoint.rows(ADQS, TIE_SITES[name], "aval", "paramcd = 'PGA' and avisitn = 12 and anl01fl = 'Y'")
    assert chosen == [[TIES[name][1] or "."]]


PER_COMPONENT = endpoint_subject(
    "PERCOMPONENT",
    """
    330  W48  9      .          1.0
    341  UNS  .      DCDCDDDDD  .
    336  ET   9+12   .          9
    """,
)


def test_each_component_chooses_for_itself_and_the_assessment_date_is_the_latest(endpoint: Derived) -> None:
    # SLEDAI-2K of day 336 (nearest), BILAG of day 341, PGA of day 330 (the one of day 336 is off its scale).
    columns = "adt protday ady sledai pga bilfl srcsled srcbil srcpga"
    assert endpoint.rows("candidate.analysis.adsri", PER_COMPONENT, columns, "avisitn = 48") == [
        ["341", "341", "342", "8", "1", "Y", "PERCOMPONENT sledai 3", "PERCOMPONENT bilag 2", "PERCOMPONENT pga 2"]
    ]


def test_exactly_one_record_per_parameter_and_analysis_visit_is_marked(endpoint: Derived) -> None:
    marked = endpoint.all_rows(
        """
        select usubjid, paramcd, avisit, count(*) filter (where anl01fl = 'Y') as marked
        from candidate.analysis.adqs where avisit is not null group by all having marked <> 1
        """
    )
    assert marked == []
