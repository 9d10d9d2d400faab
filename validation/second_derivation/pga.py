"""The physician's global assessment on the 0-3 scale, and the component of SRI that limits its rise ("SRI-4").

What belongs here: rescaling and worsening, in exact fractions. What does not: rounding of any kind.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from validation.second_derivation.assessments import Assessment
from validation.second_derivation.protocol_tables import limit, pga_scales
from validation.second_derivation.reading import REMEMBERED, number
from validation.second_derivation.usable import Row

DATE_COLUMN = "pgadtc"


def read_pga(row: Row) -> tuple[Fraction | None, bool]:
    """The assessment on the 0-3 scale and whether there is one."""
    value = _on_0_to_3(row["pgares"], row["pgascale"])
    return value, value is not None


def pga_result(baseline: Assessment[Fraction | None] | None, now: Assessment[Fraction | None] | None) -> bool | None:
    """A rise of less than 0.30 points; a rise of exactly that is worsening. Unknown when either value is."""
    if baseline is None or now is None or baseline.value is None or now.value is None:
        return None
    return now.value - baseline.value < limit("pga_worsening")


@lru_cache(REMEMBERED)
def _on_0_to_3(delivered: str | None, scale: str | None) -> Fraction | None:
    value = number(delivered)
    if value is None or scale is None or scale not in pga_scales():
        return None
    highest, factor = pga_scales()[scale]
    return value * factor if 0 <= value <= highest else None
