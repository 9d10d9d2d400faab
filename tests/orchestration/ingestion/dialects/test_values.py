"""Values in a site's own writing: numbers, codes, missing codes; what fits becomes canonical, the rest stays."""

from __future__ import annotations

import pytest

from orchestration.ingestion.dialects.values import comma_to_point, with_point
from tests.orchestration.ingestion.dialects.reading_examples import rows_of

COMMAS = [
    # delivered, of text, of a column where numbers may be stored as such
    ("36,6", "36.6", "36.6"),
    (",5", "0.5", "0.5"),
    ("-0,5", "-0.5", "-0.5"),
    ("1.234,5", "1234.5", "1234.5"),
    ("1 234,5", "1234.5", "1234.5"),
    ("<0,5", "<0.5", "<0.5"),
    ("37", "37", "37"),
    ("36.6", "36.6", "36.6"),
    ("0.125", "0.125", "0.125"),
    ("1.234", "1.234 (point, not comma)", "1.234"),  # a thousand, or little more than one: nobody guesses
    ("12.345.678", "12.345.678 (point, not comma)", "12.345.678"),
    ("1,2,3", "1,2,3", "1,2,3"),
    ("12,", "12,", "12,"),
    ("POSITIVE", "POSITIVE", "POSITIVE"),
]


@pytest.mark.parametrize(("delivered", "of_text", "of_stored"), COMMAS)
def test_decimal_commas(delivered: str, of_text: str, of_stored: str) -> None:
    assert with_point(delivered) == of_text
    assert comma_to_point(delivered) == of_stored


PGA = "subjid;visit;pgadtc;pgares;pgascale\n"


def test_commas_are_decimals_in_columns_of_numbers_only() -> None:
    data = PGA + "1,5;W2;2026-11-21;1,5;0-3\n"
    assert rows_of("pga", "{delimiter: ';', decimal: ','}", data, "subjid pgares") == [("1,5", "1.5")]


def test_codes_missing_codes_and_visits_by_name() -> None:
    entry = """
        delimiter: ";"
        missing: [NA, "-99"]
        visits: {Screening: SCR, Woche 4: W4, Extra: UNS}
        forms: {pga: {values: {pgascale: {"1": 0-3, "2": 0-10, nicht erfragt: ""}}, missing: {pgares: ["9.9"]}}}
    """
    data = PGA + (
        "1;Screening;2026-11-21;1.5;1\n"
        "1;Woche 4 ;NA;-99; 2 \n"
        "NA;W8;2026-11-21;9.9;nicht erfragt\n"
        "2;woche 4;2026-11-21;1.5;3\n"
    )
    assert rows_of("pga", entry, data, "row subjid visit pgadtc pgares pgascale") == [
        (2, "1", "SCR", "2026-11-21", "1.5", "0-3"),
        (3, "1", "W4", None, None, "0-10"),
        (4, None, "W8", "2026-11-21", None, None),
        (5, "2", "woche 4", "2026-11-21", "1.5", "3"),  # not what the register says: it stays as it came
    ]


def test_dates_by_the_sites_formats_or_the_columns_own() -> None:
    entry = """
        date_format: "%d.%m.%Y"
        datetime_format: "%d.%m.%Y %H:%M"
        forms: {dm: {dates: {slediagdtc: ["%m/%Y", "%Y"]}}}
    """
    dm = (
        "subjid,rficdtc,brthyr,age,sex,race,height_cm,slediagdtc\n"
        "1,21.11.2026,1980,46,F,,170,11/2020\n"
        "2,2026-11-21,1980,46,F,,170,21.11.2020\n"
    )
    assert rows_of("dm", entry, dm, "rficdtc slediagdtc brthyr") == [
        ("2026-11-21", "2020-11", "1980"),
        ("2026-11-21", "21.11.2020", "1980"),
    ]
    ex = (
        "subjid,visit,exoccur,exstdtc,exendtc,exdose,exdosu,exvial120,exvial400,exlot,exadj,exreasoc\n"
        "1,D0,Y,21.11.2026 09:30,21.11.2026,700,mg,,,,NONE,\n"
    )
    assert rows_of("ex", entry, ex, "exstdtc exendtc") == [("2026-11-21T09:30", "2026-11-21")]
