"""Disease activity, laboratory and values in rows drawn at random: types, values to draw from, what is wrong in SQL.

For test_counts_against_sql.py, which counts every rule's violations a second time. Limits stand here as numbers, on
purpose.
"""

from __future__ import annotations

from typing import Any

ITEMS = (12, 13, 14, 20, 21, 23, 24)

COLUMNS = {
    "integer": "spread_days " + " ".join(f"sledai{item}" for item in ITEMS),
    "decimal": "value low high lbnrlo lbnrhi",
    "date": "lbdt sledai_dt bilag_dt pga_dt furthest_dt window_first_dt window_last_dt record_dt",
    "boolean": "is_blank is_told_elsewhere " + " ".join(f"abnormal{item} nearest_abnormal{item}" for item in ITEMS),
}

POOLS: dict[str, tuple[Any, ...]] = {
    "problem": ("LIMITS MISSING", "LIMITS REVERSED", "OTHER UNIT"),
    "lborresu": ("g/L", "mg/dL"),
    "first_unit": ("g/L", "mg/dL"),
    "spread_days": (0, 6, 7, 8),
    **{f"sledai{item}": (0, 1) for item in ITEMS},
}

WRONG: dict[tuple[str, str], list[tuple[str, str]]] = {
    ("EFF06", "checks.chk_bilag"): [("grades", "systems_never_involved is not null")],
    ("EFF07", "checks.chk_sledai_labs"): [
        (f"sledai{item}", f"sledai{item} = 1 and not abnormal{item}") for item in ITEMS
    ],
    ("EFF08", "checks.chk_components"): [("date", "coalesce(spread_days > 7, true)")],
    ("EFF09", "checks.chk_response_visit"): [
        ("component", "coalesce(not is_told_elsewhere, true) and record_dt is null"),
        ("blank", "record_dt is not null and coalesce(is_blank, true)"),
    ],
    ("EFF10", "checks.chk_sledai_labs"): [
        (f"sledai{item}", f"sledai{item} = 0 and nearest_abnormal{item}") for item in ITEMS
    ],
    ("LAB01", "checks.chk_laboratory"): [
        ("limits", "problem = 'LIMITS MISSING' and lacking is not null"),
        ("lbnrlo", "problem = 'LIMITS REVERSED' and not coalesce(lbnrlo <= lbnrhi, false)"),
    ],
    ("LAB02", "checks.chk_laboratory"): [
        ("lborresu", "problem = 'OTHER UNIT' and not coalesce(lborresu = first_unit, false)")
    ],
    ("VAL09", "checks.chk_implausible"): [("value", "not coalesce(value between low and high, false)")],
    ("VAL10", "checks.chk_text"): [("text", "damage is not null")],
}
