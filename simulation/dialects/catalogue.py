"""The dialects by name, and which site gets which.

What belongs here: names and the order in which they are dealt. What does not: how anything is written.

SAS data sets (sas7bdat) are not among them: nothing but SAS writes them.
"""

from collections.abc import Mapping, Sequence

from simulation.dialects.canonical import Canonical
from simulation.dialects.chinese import CHINESE
from simulation.dialects.columnar import DatasetJson, Parquet
from simulation.dialects.dialect import Dialect
from simulation.dialects.excel import ExcelPerForm, ExcelWorkbook
from simulation.dialects.german import GERMAN
from simulation.dialects.item_per_row import ItemPerRow
from simulation.dialects.odm import Odm
from simulation.dialects.redcap_csv import RedcapCsv
from simulation.dialects.redcap_odm import RedcapOdm
from simulation.dialects.transport import TransportV5, TransportV8
from simulation.dialects.utf16_tab import UTF16_TAB
from simulation.dialects.wide import Wide

CANONICAL = "canonical"
MIXED = "mixed"

DIALECTS: Mapping[str, Dialect] = {
    CANONICAL: Canonical(),
    "german_csv": GERMAN,
    "excel_workbook": ExcelWorkbook(),
    "odm": Odm(),
    "redcap_csv": RedcapCsv(),
    "xpt_v5": TransportV5(),
    "utf16_tab": UTF16_TAB,
    "wide": Wide(),
    "parquet": Parquet(),
    "dataset_json": DatasetJson(),
    "chinese_csv": CHINESE,
    "item_per_row": ItemPerRow(),
    "excel_per_form": ExcelPerForm(),
    "xpt_v8": TransportV8(),
    "redcap_odm": RedcapOdm(),
}


def dealt(names: Sequence[str], sites: int) -> list[str]:
    """The dialect of each site: the names in turn; `mixed` alone gives every dialect once and then canonical CSV.

    Raises:
        ValueError: there is no dialect of a name.
    """
    unknown = [name for name in names if name not in DIALECTS and [*names] != [MIXED]]
    if unknown or not names:
        raise ValueError(f"no dialect {', '.join(unknown) or 'is named'}; there are {', '.join((*DIALECTS, MIXED))}")
    if [*names] == [MIXED]:
        others = [name for name in DIALECTS if name != CANONICAL]
        return [others[number] if number < len(others) else CANONICAL for number in range(sites)]
    return [names[number % len(names)] for number in range(sites)]
