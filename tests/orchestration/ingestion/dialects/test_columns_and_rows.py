"""Their columns and rows as ours: maps, constants, columns nobody knows, many results a row, one value a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.ingestion.dialects.approved import Approved
from orchestration.ingestion.dialects.read_forms import read_form
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.formats.refusal import FileRefusedError
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.reader import ColumnsMissingError, read_csv
from tests.orchestration.ingestion.dialects.reading_examples import reading_of, rows_of, site_of

VS = "subjid visit vsdtc vstestcd vsorres vsorresu"
WIDE = """
    forms:
      vs:
        columns: {datum: vsdtc}
        rows:
          - {columns: {wt_kg: vsorres}, constants: {vstestcd: WEIGHT, vsorresu: kg}}
          - {columns: {temp: vsorres, temp_unit: vsorresu}, constants: {vstestcd: TEMP}}
"""
WIDE_FILE = """SubjId,VISIT,Datum,wt_kg,temp,temp_unit,comment
1,D0,2026-11-21,61,36.6,C,well
1,W2,2026-12-05,,,,
2,D0,2026-11-22,,98.6,F,
2,W2,2026-12-06,70,,C,
"""


def test_many_results_a_row() -> None:
    assert rows_of("vs", WIDE, WIDE_FILE, f"row {VS} extra") == [
        (2, "1", "D0", "2026-11-21", "WEIGHT", "61", "kg", '{"comment": "well"}'),
        (2, "1", "D0", "2026-11-21", "TEMP", "36.6", "C", '{"comment": "well"}'),
        (4, "2", "D0", "2026-11-22", "TEMP", "98.6", "F", None),
        (5, "2", "W2", "2026-12-06", "WEIGHT", "70", "kg", None),
        # A unit without a result is delivered and told of: it is not silently left out.
        (5, "2", "W2", "2026-12-06", "TEMP", None, "C", None),
    ]


def test_a_column_of_theirs_that_vanished_is_told_though_ours_has_other_sources() -> None:
    with pytest.raises(ColumnsMissingError, match=r"required column missing: temp$") as refused:
        rows_of("vs", WIDE, WIDE_FILE.replace(",temp,", ",heat,"), VS)
    assert refused.value.columns == ("temp",)
    assert rows_of("vs", WIDE, WIDE_FILE.replace(",temp,", ",heat,"), VS, Approved(absent=frozenset({"temp"})))[0] == (
        "1", "D0", "2026-11-21", "WEIGHT", "61", "kg",
    )  # fmt: skip


ITEMS = (
    "{visits: {Baseline: D0}, forms: {pga: {columns: {Patient: subjid, PGA_SCORE: pgares}, constants: {pgascale: 0-3}, "
)
ITEMS += "items: {item: Question, value: Answer}}}}"


def test_one_value_a_row() -> None:
    data = """Patient,visit,Question,Answer
1,Baseline,PGADTC,2026-11-21
1,Baseline,pga_score,1.5
2,Baseline, PGA_SCORE ,0.5
1,W4,pga_score,1.0
1,W4,PGADTC,2026-12-19
1,W4,pga_score,2.0
2,W4,,
"""
    assert rows_of("pga", ITEMS, data, "row subjid visit pgadtc pgares pgascale") == [
        (2, "1", "D0", "2026-11-21", "1.5", "0-3"),
        (4, "2", "D0", None, "0.5", "0-3"),
        (5, "1", "W4", "2026-12-19", "1.0", "0-3"),
        (7, "1", "W4", None, "2.0", "0-3"),  # asked twice: both are kept, as two records of one visit
        (8, "2", "W4", None, None, "0-3"),
    ]


def test_who_typed_a_value_does_not_part_a_record() -> None:
    data = "Patient,visit,Question,Answer,by\n1,D0,PGADTC,2026-11-21,me\n1,D0,PGA_SCORE,1.5,you\n"
    ignoring = ITEMS.replace("items: {", "ignore: [by], items: {")
    assert rows_of("pga", ignoring, data, "row subjid pgadtc pgares extra") == [(2, "1", "2026-11-21", "1.5", None)]
    assert len(rows_of("pga", ITEMS, data, "subjid")) == 2, "unless it is ignored, two people make two records"


def test_an_item_that_nobody_has_is_missing_and_a_key_is_not() -> None:
    data = "Patient,visit,Question,Answer\n1,D0,PGADTC,2026-11-21\n"
    assert rows_of("pga", ITEMS, data, "subjid pgadtc pgares") == [("1", "2026-11-21", None)]
    with pytest.raises(ColumnsMissingError, match=r"required column missing: visit$"):
        rows_of("pga", ITEMS, data.replace("visit", "event"), "subjid")


def test_an_item_may_not_be_called_like_a_column_and_the_columns_must_be_there() -> None:
    with pytest.raises(FileRefusedError, match="an item is called like a column: visit"):
        rows_of("pga", ITEMS, "Patient,visit,Question,Answer\n1,D0,Visit,W4\n", "visit")
    with pytest.raises(FileRefusedError, match="it has no column Question"):
        rows_of("pga", ITEMS, "Patient,visit,Item,Answer\n1,D0,Visit,W4\n", "visit")


MAPPED = """
    delimiter: ";"
    forms: {pga: {columns: {PATNR: subjid, Wert: pgares}, constants: {pgascale: 0-3}, ignore: ["x_*"]}}
"""
HEADER = "patnr;VISIT;pgadtc;WERT;x_user;Bemerkung\n"


def test_columns_by_their_names_whatever_the_case() -> None:
    assert rows_of(
        "pga", MAPPED, HEADER + "1;D0;2026-11-21;1.5;me;gut\n", "row subjid visit pgadtc pgares pgascale extra"
    ) == [(2, "1", "D0", "2026-11-21", "1.5", "0-3", '{"bemerkung": "gut"}')]


def test_missing_columns_are_all_named_in_their_names_and_ours() -> None:
    with pytest.raises(
        ColumnsMissingError, match=r"columns missing: subjid \(theirs: PATNR\), visit, pgadtc$"
    ) as refused:
        rows_of("pga", MAPPED, "nr;wert\n1;2\n", "subjid")
    assert (refused.value.columns, refused.value.unused) == (("subjid", "visit", "pgadtc"), ("nr",))
    with pytest.raises(ColumnsMissingError, match="one column only: is the delimiter right"):
        rows_of("pga", MAPPED, HEADER.replace(";", ","), "subjid")


def test_a_mapped_column_wins_over_one_that_is_called_like_ours() -> None:
    data = "patnr;visit;pgadtc;wert;pgares\n1;D0;2026-11-21;1.5;9\n"
    assert rows_of("pga", MAPPED, data, "pgares extra") == [("1.5", '{"pgares": "9"}')]


def test_what_was_approved_is_taken_into_use() -> None:
    data = "patnr;visit;pgadtc;score\n1;D0;2026-11-21;1.5\n"
    with pytest.raises(ColumnsMissingError, match="pgares"):
        rows_of("pga", MAPPED, data, "pgares")
    assert rows_of("pga", MAPPED, data, "pgares extra", Approved(used={"score": "pgares"})) == [("1.5", None)]
    absent = Approved(absent=frozenset({"pgares"}))
    assert rows_of("pga", MAPPED, data, "pgares extra", absent) == [(None, '{"score": "1.5"}')]


def test_canonical_csv_read_as_a_dialect_gives_the_same() -> None:
    """Both ways of reading, on the same bytes: quotes, blanks, a byte order mark, unknown columns, blank lines."""
    header = "\ufeffSUBJID,visit,pgadtc,pgares,pgascale,Note,\r\n"
    data = (header + '1,W2,,"1,5"," 0-3 ","a ""b""",x\r\n\r\n 2 ,,,,,,\r\n').encode()
    as_dialect = read_form(data, reading_of("pga", "{encoding: utf-8, forms: {pga: {ignore: [nothing]}}}"))
    canonical = read_csv(data, column_names("pga"))
    assert as_dialect.frame.equals(canonical.frame)
    assert (as_dialect.rows, as_dialect.subjects) == (canonical.rows, canonical.subjects)
    assert [name.lower() for name in as_dialect.unknown_columns] == list(canonical.unknown_columns)


def test_an_instrument_of_redcap_that_nobody_filled_in_makes_no_row() -> None:
    """REDCap writes its status 0 in every event that it belongs to."""
    entry = """
        {format: redcap, file: data.csv, visits: {d0: D0, w4: W4},
         forms: {pga: {columns: {pga_date: pgadtc}, constants: {pgascale: 0-3}, ignore: ["*_complete"]}}}
    """
    data = (
        "record_id,redcap_event_name,pga_date,pgares,pga_complete\n"
        "1,d0,2026-11-21,1.5,2\n1,w4,,,0\n2,d0,2026-11-22,,0\n"
    )
    assert rows_of("pga", entry, data, "subjid visit pgadtc pgares") == [
        ("1", "D0", "2026-11-21", "1.5"),
        ("2", "D0", "2026-11-22", None),
    ]


def test_a_data_dictionary_that_is_not_there_is_named() -> None:
    site = site_of("{format: redcap, file: data.csv, dictionary: fields.csv}")
    reading = Reading("pga", site, dictionary=Path("/no/such/folder/fields.csv"))
    with pytest.raises(FileRefusedError, match=r"the data dictionary fields\.csv can't be read: there is no such file"):
        read_form(b"record_id,pgares,pga_complete\n1,2,2\n", reading)
