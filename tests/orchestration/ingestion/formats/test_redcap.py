"""REDCap's flat CSV: which column is on which form, with the data dictionary and without."""

from __future__ import annotations

from pathlib import Path

from tests.orchestration.ingestion.formats.reading import only, refused, tables, values

LONGITUDINAL = (
    b"record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,redcap_data_access_group,"
    b"sex,race___1,race___2,dm_complete,sys,row,bp_complete\n"
    b"7,week_4_arm_1,,,north,F,1,0,2,,,\n"
    b"7,week_4_arm_1,bp,1,,,,,,110,3,2\n"
    b"7,week_4_arm_1,bp,2,,,,,,111,,2\n"
    b"7,uns_arm_1,,3,,,,,,120,,0\n"
)
EXPECTED = [
    ("7", "week_4_arm_1", "dm", "1", "sex", "F"),
    ("7", "week_4_arm_1", "dm", "1", "race___1", "1"),
    ("7", "week_4_arm_1", "dm", "1", "race___2", "0"),
    ("7", "week_4_arm_1", "dm", "1", "dm_complete", "2"),
    ("7", "week_4_arm_1", "bp", "1", "sys", "110"),
    ("7", "week_4_arm_1", "bp", "1", "row_", "3"),
    ("7", "week_4_arm_1", "bp", "1", "bp_complete", "2"),
    ("7", "week_4_arm_1", "bp", "2", "sys", "111"),
    ("7", "week_4_arm_1", "bp", "2", "bp_complete", "2"),
    ("7", "uns_arm_1", "bp", "3", "sys", "120"),
    ("7", "uns_arm_1", "bp", "3", "bp_complete", "0"),
]
DICTIONARY = (
    '"Variable / Field Name","Form Name","Field Label"\nrecord_id,dm,ID\nsex,dm,Sex at birth\nrace,dm,Race\n'
    "sys,bp,Systolic\nrow,bp,Row\n"
)


def test_events_and_repeats(tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.csv"
    dictionary.write_text(DICTIONARY, encoding="utf-8")
    north = ("7", "week_4_arm_1", "redcap", "1", "redcap_data_access_group", "north")
    assert values(LONGITUDINAL, format="redcap") == [north, *EXPECTED]
    assert values(LONGITUDINAL, format="redcap", dictionary=dictionary) == [north, *EXPECTED]
    found = tables(LONGITUDINAL, format="redcap", dictionary=dictionary)
    assert found["dm"].labels == {"sex": "Sex at birth", "race___1": "Race", "race___2": "Race"}
    assert found["bp"].frame["row"].to_list() == [3, 4, 5]
    assert only(LONGITUDINAL, format="redcap", sheet="bp").frame.height == 3


def test_a_dictionary_knows_better_than_the_order_of_columns(tmp_path: Path) -> None:
    dictionary = tmp_path / "dictionary.csv"
    dictionary.write_text("field_name,form_name\nrecord_id,dm\nsex,dm\nsys,bp\n", encoding="utf-8")
    shuffled = b"record_id,sys,dm_complete,sex\n1,110,2,F\n"
    assert values(shuffled, format="redcap", dictionary=dictionary) == [
        ("1", None, "bp", "1", "sys", "110"),
        ("1", None, "dm", "1", "dm_complete", "2"),
        ("1", None, "dm", "1", "sex", "F"),
    ]


def test_a_refusal_stays_a_sentence_whatever_the_columns_are_called() -> None:
    """Found by make fuzz: a damaged header of pages, quoted whole."""
    data = b"record_id,sex," + b"x" * 5_000 + b"\n1,F,\n"
    assert refused(data, "sex, xxx.* … x*.*no <form>_complete follows them; give the data dictionary$", format="redcap")


def test_columns_of_no_form(tmp_path: Path) -> None:
    assert refused(b"record_id,sex\n1,F\n", "sex can't be told to a form", format="redcap") == "DEL01"
    dictionary = tmp_path / "dictionary.csv"
    dictionary.write_text("field_name,form_name\nrecord_id,dm\n", encoding="utf-8")
    message = "sex can't be told to a form: its data dictionary does not know them"
    assert refused(b"record_id,sex\n1,F\n", message, format="redcap", dictionary=dictionary) == "DEL01"
    dictionary.write_text("a,b\n1,2\n", encoding="utf-8")
    assert refused(LONGITUDINAL, "no columns for the field's", format="redcap", dictionary=dictionary) == "DEL01"
    assert refused(LONGITUDINAL, "no such file", format="redcap", dictionary=tmp_path / "none") == "DEL01"
    assert refused(b"record_id;sex\n1;F\n", "is the delimiter right", format="redcap") == "DEL01"
    assert refused(LONGITUDINAL, "no form 'ae', but redcap, dm, bp", format="redcap", sheet="ae") == "DEL01"
