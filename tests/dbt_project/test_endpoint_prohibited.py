"""Prohibited medication: what is one, from which day it counts, and what is unknown never makes a responder.

Day 0 is 2025-01-06, so January 2025 is day -5 to 25, December 2024 day -36 to -6, February day 26 to 53.
"""

from __future__ import annotations

import pytest

from tests.dbt_project.endpoint_tables import endpoint_subject
from tests.dbt_project.written_trial import Derived

SHORT = "cmtrt  cmclas  cmstdtc  cmendtc"

# name: (medication, the day from which it counts by hand, None for none)
CASES: dict[str, tuple[str, str | None]] = {
    # Cytotoxics and biologics from the first infusion date on; belimumab is the study drug.
    "CYTOTOXIC": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  50  60", "50"),
    "CYTOTOXIC-0": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  0  0", "0"),
    "CYTOTOXIC-1": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  -1  30", None),
    "BIOLOGIC": ("Rituximab  BIOLOGIC  100  100", "100"),
    "BELIMUMAB": ("Benlysta  BIOLOGIC  14  14", None),
    "UNKNOWNBIOLOGIC": ("XYZ-001  BIOLOGIC  14  14", "14"),
    "EARLIEST": ("Rituximab  BIOLOGIC  100  100\nCYCLOPHOSPHAMIDE  CYTOTOXIC  70  .", "70"),
    # Immunosuppressants after it, unless the same drug (by its preferred name) was in use.
    "NEWSUPPRESSANT": ("AZATHIOPRINE  IMMUNOSUPPRESSANT  1  .", "1"),
    "SUPPRESSANT-0": ("AZATHIOPRINE  IMMUNOSUPPRESSANT  0  .", None),
    "INUSE": ("Imuran  IMMUNOSUPPRESSANT  -90  99\nazathioprine  IMMUNOSUPPRESSANT  100  .", None),
    "OTHERINUSE": ("CELLCEPT  IMMUNOSUPPRESSANT  -90  .\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", "100"),
    "ENDED-1": ("IMURAN  IMMUNOSUPPRESSANT  -90  -1\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", "100"),
    "ENDED0": ("IMURAN  IMMUNOSUPPRESSANT  -90  0\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", None),
    "STARTED0": ("IMURAN  IMMUNOSUPPRESSANT  0  10\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", None),
    # In use needs a full start date, and an end that can't lie before the first infusion.
    "PARTIALUSE": ("IMURAN  IMMUNOSUPPRESSANT  2024-12  .\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", "100"),
    "PARTIALUSEEND": ("IMURAN  IMMUNOSUPPRESSANT  -90  2025-01\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", "100"),
    "UNREADABLEEND": ("IMURAN  IMMUNOSUPPRESSANT  -90  spring\nAZATHIOPRINE  IMMUNOSUPPRESSANT  100  .", "100"),
    # A partial or missing start counts from the first day it could be, on or after the first infusion.
    "PARTIAL": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2025-02  .", "26"),
    "PARTIAL-JANUARY": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2025-01  .", "0"),
    "PARTIAL-DECEMBER": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2024-12  .", None),
    "PARTIAL-YEAR": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2025  .", "0"),
    "PARTIAL-2024": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2024  .", None),
    "PARTIAL-ENDED": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2025-01  -2", None),
    "PARTIAL-WRONGEND": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  2025-02  -2", "26"),
    "MISSING": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  .  .", "0"),
    "MISSING-ENDED": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  .  -1", None),
    "MISSING-ENDED0": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  .  0", "0"),
    "MISSING-PARTIALEND": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  .  2025-01", "0"),
    "UNREADABLESTART": ("CYCLOPHOSPHAMIDE  CYTOTOXIC  in May  .", "0"),
    "PARTIALSUPPRESSANT": ("AZATHIOPRINE  IMMUNOSUPPRESSANT  2025-02  .", "26"),
    # The delivered class counts; where none can be read, the dictionary's; where that knows nothing either, a class
    # that was given could be any, but one that was left blank claims nothing.
    "DELIVEREDCLASS": ("CYCLOPHOSPHAMIDE  OTHER  50  .", None),
    "CLASSBYDICTIONARY": ("CYCLOPHOSPHAMIDE  .  50  .", "50"),
    "UNREADABLECLASS": ("CYCLOPHOSPHAMIDE  cytotox.  50  .", "50"),
    "UNREADABLEKNOWN": ("HYDROXYCHLOROQUINE  antimalarial  50  .", None),
    "UNREADABLEUNKNOWN": ("XYZ-001  immune  50  .", "50"),
    "BLANKUNKNOWN": ("XYZ-001  .  50  .", None),
    "OTHERCLASSES": ("CEFAZOLIN  ANTI-INFECTIVE  50  .\nPLAQUENIL  ANTIMALARIAL  60  .\nIBUPROFEN  OTHER  70  .", None),
}
SITES = {
    f"CM-{name}": endpoint_subject(f"CM-{name}", cm=f"{SHORT}\n{medication}") for name, (medication, _) in CASES.items()
}


@pytest.mark.parametrize("name", CASES)
def test_the_day_from_which_a_prohibited_medication_counts(endpoint: Derived, name: str) -> None:
    found = endpoint.rows("intermediate.int_prohibited_medication", SITES[f"CM-{name}"], "icedt")
    assert found == ([] if CASES[name][1] is None else [[CASES[name][1]]])


# Records that differ under one key are all used: leaving one out could make a responder.
SAME_KEY = endpoint_subject(
    "CM-SAMEKEY", cm="cmseq  cmtrt  cmclas  cmstdtc\n1  IBUPROFEN  OTHER  70\n1  RITUXIMAB  BIOLOGIC  80"
)


def test_records_that_differ_under_one_key_are_all_used(endpoint: Derived) -> None:
    assert endpoint.rows("intermediate.int_prohibited_medication", SAME_KEY, "icedt") == [["80"]]
