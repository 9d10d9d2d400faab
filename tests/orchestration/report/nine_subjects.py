"""The rows of the nine subjects that `small_publication` tells of. What is expected of them stands in the tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.orchestration.export.small_warehouse import Rows
from tests.orchestration.report.small_publication import (
    AFTER_A_MONTH,
    HOSTILE,
    TODAY,
    always,
    group,
    infusion,
    of,
    rate,
    scenario,
    subject,
    visit,
)

LEFT = {"eosstt": "DISCONTINUED", "respgrp": "NO RESPONSE"}
ADSL = [
    subject("S01-0001", trtsdt=date(2025, 3, 3), eosstt="COMPLETED", eosdt=date(2026, 2, 2), maturfl="Y",
            respgrp="RESPONSE", respreas="RESPONDER"),
    subject("S01-0002", trtsdt=date(2025, 4, 7), rficdt=date(2025, 4, 1), eosstt="COMPLETED", eosdt=date(2026, 3, 9),
            maturfl="Y", respgrp="NO RESPONSE", respreas="SLEDAI"),
    subject("S01-0003", trtsdt=date(2025, 5, 5), eosdt=AFTER_A_MONTH, dcsreas=HOSTILE, maturfl="Y",
            respreas="DISCONTINUED", icedt=AFTER_A_MONTH, iceterm="DISCONTINUED", **LEFT),
    subject("S02-0001", trtsdt=date(2025, 6, 2), maturfl="Y", respgrp="RESPONSE", respreas="RESPONDER"),
    subject("S02-0002", trtsdt=date(2025, 9, 1), respgrp="PENDING", respreas="PENDING"),
    subject("S02-0003", trtsdt=date(2025, 9, 15), eosdt=date(2025, 10, 1), dcsreas="DEATH", respreas="DEATH",
            icedt=date(2025, 10, 1), iceterm="DEATH", **LEFT),
    subject("S02-0004", respgrp="HELD"),
    subject("S01-0004", saffl="N", eosstt="DISCONTINUED", eosdt=date(2025, 6, 1), dcsreas="PHYSICIAN DECISION"),
    subject("S01-0005", saffl="N", rficdt=None),
]  # fmt: skip
ADSRI = [
    visit("S01-0001", 48, "Y", "RESPONDER", sledchg=-8, sledfl="Y", bilfl="Y", pgafl="Y"),
    visit("S01-0002", 48, "N", "SLEDAI", sledchg=-2, sledfl="N", bilfl="Y", pgafl=None),
    visit("S01-0003", 48, "N", "DISCONTINUED", icefl="Y"),
    visit("S02-0001", 48, "Y", "RESPONDER", sledchg=-8, sledfl="Y", bilfl="Y", pgafl="Y"),
    visit("S02-0002", 48, None, "PENDING", maturfl="N", closedfl="N"),
    # Known already, and not to be counted: the visit is not mature.
    visit("S02-0003", 48, "N", "DEATH", maturfl="N", sledchg=3, sledfl="N", bilfl="N", pgafl="N"),
]
SRISUM = [
    rate(2, "NRI", 6, 1, 0, "0.166667", "0.030053", "0.563503"),
    rate(48, "NRI", 4, 2, 2, "0.5", "0.150039", "0.849961"),
    rate(48, "OC", 3, 2, 2, "0.666667", "0.207655", "0.938503"),
    rate(48, "LOCF", 0, 0, 2),
]
SENSUM = [
    scenario(1, "The primary analysis", "NRI", 4, 2, ratediff=Decimal(0)),
    scenario(1, "The primary analysis", "OC", 3, 2, ratediff=Decimal("0.166667"), ngained=1),
    scenario(2, "Steroids don't count", "NRI", 4, 3, ratediff=Decimal("0.25"), ngained=1),
    scenario(2, "Steroids don't count", "OC", 3, 3, ratediff=Decimal("0.5"), ngained=1),
    scenario(3, "Stricter PGA", "NRI", 4, 1, ratediff=Decimal("-0.25"), nlost=1),
]
ADEX = [
    *(infusion(f"S01-000{number}", 1, "D0", 0, "GIVEN") for number in (1, 2, 3)),
    infusion("S01-0001", 2, "W2", 14, "GIVEN"),
    infusion("S01-0002", 2, "W2", 14, "MISSED"),
    infusion("S01-0003", 2, "W2", 14, "NOT DUE"),
    infusion("S02-0001", 2, "W2", 14, "PENDING"),
    of("S01-0001", plannum=None, visit="UNS", astdt=TODAY, protday=99, status="GIVEN"),
]
ADEXSUM = [
    of("S01-0001", ndue=2, ngiven=3, nmissed=0, rdi="100.00"),
    of("S01-0002", ndue=2, ngiven=1, nmissed=1, rdi="47.20"),
    of("S01-0003", ndue=1, ngiven=1, nmissed=0, rdi="99.99"),
    of("S02-0001", ndue=0, ngiven=0, nmissed=0, rdi=None),
]
ADSV = [
    of("S01-0001", visit="W2", visitnum=2, visitdy=14, svdt=date(2025, 3, 17), protday=14, status="DONE"),
    of("S01-0001", visit="W48", visitnum=48, visitdy=336, protday=336, status="DONE"),
    of("S01-0002", visit="W2", visitnum=2, visitdy=14, status="MISSED"),
    of("S01-0002", visit="W48", visitnum=48, visitdy=336, status="PENDING"),
]
RESPTAB = [
    group("age", "ALL", "RESPONSE", "0.5000", mean="40.0000", sd="1.4142"),
    group("age", "ALL", "NO RESPONSE", "0.5000", mean="30.5000", sd="2.1213"),
    group("sex", "F", "RESPONSE", "-1.2500", count=1, percent="50.00"),
    group("sex", "F", "NO RESPONSE", "-1.2500", count=2, percent="100.00"),
    group("sex", "M", "RESPONSE", "1.2500", count=1, percent="50.00"),
    group("sex", "M", "NO RESPONSE", "1.2500", count=0, percent="0.00"),
    # Known only later: not a difference at baseline.
    group("sledch12", "ALL", "RESPONSE", "9.0000", mean="-8.0000", sd="1.0000"),
    group("sledch12", "ALL", "NO RESPONSE", "9.0000", mean="1.0000", sd="1.0000"),
]
DICTIONARY = [
    {"table_schema": "analysis", "table_name": "respbl", "position": place, "column_name": name, "label": label,
     "unit": unit, "known_at": known}
    for place, name, label, unit, known in (
        (1, "age", "Age", "years", "BASELINE"),
        (2, "sex", "Sex", None, "BASELINE"),
        (3, "sledch12", "Change at Week 12", "points", "WEEK 12"),
    )
]  # fmt: skip
FINDINGS = [
    {"finding_id": str(number), "siteid": site, "severity": severity, "status": status, "overdue": overdue}
    for number, (site, severity, status, overdue) in enumerate(
        (
            ("S01", "CRITICAL", "OPEN", "Y"),
            ("S01", "MAJOR", "OPEN", "N"),
            ("S01", "MAJOR", "RESOLVED", "N"),
            ("S01", "MINOR", "ACCEPTED", "N"),
            ("S02", "MINOR", "OPEN", "N"),
            ("S02", "MINOR", "OPEN", "N"),
            ("S02", "MINOR", "OPEN", "N"),
            (None, "MAJOR", "OPEN", "N"),
        )
    )
]
INDICATORS = [
    {"siteid": site, "indicator": "MISSED_VISITS", "title": "Missed visits", "unit": "percent", "value": value,
     "others_value": "2", "flag": flag, "side": side, "flagged_since": TODAY if flag == "Y" else None}
    for site, value, flag, side in (("S01", "12.345", "Y", "HIGH"), ("S02", "2", "N", None), ("S03", "0", None, None))
]  # fmt: skip
NINE: Rows = {
    **always(),
    "analysis.adsl": ADSL,
    "analysis.adsri": ADSRI,
    "analysis.srisum": SRISUM,
    "analysis.sensum": SENSUM,
    "analysis.adex": ADEX,
    "analysis.adexsum": ADEXSUM,
    "analysis.adsv": ADSV,
    "analysis.resptab": RESPTAB,
    "analysis.respbl": [of(str(row["usubjid"])[5:], respgrp=row["respgrp"]) for row in ADSL[:4]],
    "metadata.dictionary": DICTIONARY,
    "quality.findings": FINDINGS,
    "quality.quarantine": [{"siteid": "S01", "row_id": "a"}, {"siteid": "S01", "row_id": "b"}],
    "quality.deliveries": [
        {"siteid": "S01", "file": "dm.csv", "status": "LOADED"},
        {"siteid": "S02", "file": "ex.csv", "status": "REFUSED"},
    ],
    "quality.site_indicators": INDICATORS,
}
