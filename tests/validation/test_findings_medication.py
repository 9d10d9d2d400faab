"""MED: from a medication as delivered to the sentence a site reads (day 0 is 2025-01-06).

Worked out from the protocol by hand; every subject is whole and clean but for its medication.
"""

from __future__ import annotations

import pytest

from tests.validation.written_subjects import Cases, Outcomes, found

CASES = Cases()
HEADER = "cmseq  cmtrt  cmclas  cmdose  cmdosu  cmroute  cmstdtc  cmendtc  cmongo"


def case(siteid: str, *findings: str, cm: str, ds: str | None = None) -> None:
    """A subject who takes these medications and, it may be, leaves the study."""
    CASES.add(siteid, *findings, cm=f"{HEADER}\n{cm}", **({"ds": ds} if ds else {}))


def prohibited(siteid: str, name: str, drug_class: str, start: str, counts_from: str) -> str:
    return (
        f"MED01 {siteid}-1: {name} ({drug_class}, started {start}) is prohibited and counts from {counts_from}; "
        "the first infusion was on 2025-01-06"
    )


# Every prohibited record is told of, not only the first of a subject.
case(
    "EVERY",
    prohibited("EVERY", "RITUXIMAB", "BIOLOGIC", "2025-01-16", "2025-01-16"),
    prohibited("EVERY", "CYCLOPHOSPHAMIDE", "CYTOTOXIC", "2025-01-06", "2025-01-06"),
    prohibited("EVERY", "CYCLOPHOSPHAMIDE", "CYTOTOXIC", "2025-02-05", "2025-02-05"),
    cm="1  CYCLOPHOSPHAMIDE  CYTOTOXIC  500  mg  IV  -1  -1  N\n"
    "2  CYCLOPHOSPHAMIDE  CYTOTOXIC  500  mg  IV  0  0  N\n"
    "3  RITUXIMAB  BIOLOGIC  500  mg  IV  10  10  N\n"
    "4  CYCLOPHOSPHAMIDE  CYTOTOXIC  500  mg  IV  30  30  N",
)
# An immunosuppressant in use at baseline may go on, at another dose too; another one may not begin.
case(
    "INUSE",
    prohibited("INUSE", "METHOTREXATE", "IMMUNOSUPPRESSANT", "2025-02-05", "2025-02-05"),
    cm="1  AZATHIOPRINE  IMMUNOSUPPRESSANT  50  mg  ORAL  -100  20  N\n"
    "2  AZATHIOPRINE  IMMUNOSUPPRESSANT  100  mg  ORAL  21  .  Y\n"
    "3  METHOTREXATE  IMMUNOSUPPRESSANT  10  mg  ORAL  30  .  Y",
)
# On the last day in the study it still counts; after it nothing does.
case(
    "LASTDRUG",
    prohibited("LASTDRUG", "RITUXIMAB", "BIOLOGIC", "2025-04-16", "2025-04-16"),
    cm="1  RITUXIMAB  BIOLOGIC  500  mg  IV  100  100  N\n2  RITUXIMAB  BIOLOGIC  500  mg  IV  101  101  N",
    ds="dscat  dsdecod  dsdtc\nSTUDY  WITHDRAWAL BY SUBJECT  100",
)
# A route decides whether a steroid is systemic: left blank, or impossible to read, it counts against the subject.
case(
    "ROUTE",
    *(
        f"MED03 ROUTE-1: steroid {name} has no route that can be read ({route}), so it counts as systemic from "
        "protocol day 168 on, but not in the baseline dose"
        for name, route in (("PREDNISONE", "(blank)"), ("PREDNISOLONE", "by mouth"))
    ),
    "VAL02 ROUTE-1: Route (cmroute) is delivered as 'by mouth', which is not one of ORAL, IV, IM, SC, TOPICAL, OTHER",
    cm="1  PREDNISONE  CORTICOSTEROID  5  mg  .  -30  150  N\n"
    "2  PREDNISOLONE  CORTICOSTEROID  5  mg  by mouth  -30  150  N\n"
    "3  HYDROCORTISONE  CORTICOSTEROID  5  mg  TOPICAL  -30  .  Y\n"
    "4  FOLIC ACID  OTHER  5  mg  .  -30  .  Y",
)


@pytest.mark.parametrize("siteid", CASES.expected)
def test_every_defect_is_found_and_nothing_else(outcomes: Outcomes, siteid: str) -> None:
    assert found(outcomes, siteid, ("MED", "VAL")) == CASES.expected[siteid]
