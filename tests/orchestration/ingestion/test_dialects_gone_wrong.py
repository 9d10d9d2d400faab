"""What could go wrong silently, or cost every site its night: each was found by somebody who looked for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from orchestration.ingestion import intake
from orchestration.ingestion.decisions import release, withdraw
from orchestration.ingestion.dialects.read_forms import read_form, read_forms
from orchestration.ingestion.formats.refusal import FileRefusedError
from orchestration.ingestion.register import load_register
from tests.orchestration.ingestion.dialects.reading_examples import reading_of, rows_of
from tests.orchestration.ingestion.landing_folder import LandingFolder, assessments, form_file, subjects
from tests.orchestration.ingestion.test_dialects_in_loads import put, register


def test_a_death_without_a_date_is_a_record_of_a_shared_file() -> None:
    """Its only column besides the keys is empty, and leaving it out could make a responder."""
    entry = "{file: all.csv, forms: {ds: {constants: {dscat: STUDY}}, pga: {ignore: ['*']}}}"
    header = b"subjid,visit,pgadtc,pgares,pgascale,dsdecod,dsdtc\n"
    data = header + b"1,,,,,DEATH,\n2,W2,2026-05-01,1.5,0-3,,\n3,,,,,COMPLETED,2026-05-01\n"
    found = read_forms(data, [reading_of("ds", entry), reading_of("pga", entry)])
    assert found["ds"].frame.select("row", "subjid", "dsdecod").rows() == [(2, "1", "DEATH"), (4, "3", "COMPLETED")]
    assert found["pga"].frame.select("row", "subjid").rows() == [(3, "2")]


def test_what_a_form_leaves_over_does_not_depend_on_who_is_read_beside_it() -> None:
    entry = "{file: all.csv, forms: {ds: {constants: {dscat: STUDY}}}}"
    data = b"subjid,visit,pgadtc,pgares,pgascale,dsdecod,dsdtc\n1,W2,2026-05-01,1.5,0-3,DEATH,\n"
    ds, pga = reading_of("ds", entry), reading_of("pga", entry)
    together, alone = read_forms(data, [ds, pga])["ds"], read_form(data, ds, [ds, pga])
    assert alone.frame.equals(together.frame)
    assert alone.unknown_columns == ()


@pytest.mark.parametrize("numbers", [False, True])
def test_a_point_in_text_of_a_workbook_with_decimal_commas(tmp_path: Path, numbers: bool) -> None:
    """1.200 as text may be a thousand; as a number that Excel stores it is what it is."""
    with xlsxwriter.Workbook(tmp_path / "pga.xlsx") as book:
        sheet = book.add_worksheet("pga")
        sheet.write_row(0, 0, ["subjid", "visit", "pgadtc", "pgares", "pgascale"])
        sheet.write_row(1, 0, ["1", "W2", "2026-05-01", 1.2 if numbers else "1.200", "0-3"])
        sheet.write_row(2, 0, ["2", "W2", "2026-05-01", 0.5 if numbers else "0,5", "0-3"])
    data = (tmp_path / "pga.xlsx").read_bytes()
    expected = [("1.2",), ("0.5",)] if numbers else [("1.200 (point, not comma)",), ("0.5",)]
    assert rows_of("pga", "{format: xlsx, decimal: ','}", data, "pgares") == expected


@pytest.mark.parametrize(
    ("encoding", "ends"), [("utf-16", "\n"), ("utf-16-be", "\n"), ("utf-8", "\r"), ("cp1252", "\r\n")]
)
def test_a_cut_last_value_is_noticed_in_every_encoding(trial: LandingFolder, encoding: str, ends: str) -> None:
    """400 cut to 4 is a number too. The only file of the site, so its last accepted one is the measure."""
    trial.register = register(f"{{name: Site 1, encoding: {encoding}}}")
    text = form_file("pga", assessments(20)).decode().replace("\n", ends)
    put(trial, "2026-06-01", pga__csv=text.encode(encoding))
    trial.load()
    longer = text + ends.join(["0009,W2,2026-05-01,2.5,0-3", "0010,W2,2026-05-01,2.5,0-10"])
    put(trial, "2026-06-02", pga__csv=longer.removesuffix("0").encode(encoding))
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "pga", "REFUSED", "DEL01")


def test_a_file_of_one_value_a_row_that_lost_its_end_is_held(trial: LandingFolder) -> None:
    """All records are there still, and most of their values are not."""
    trial.register = register("{name: Site 1, forms: {pga: {constants: {pgascale: 0-3}, items: {item: q, value: a}}}}")
    lines = [f"{n},W2,pgadtc,2026-05-01" for n in range(20)] + [f"{n},W2,pgares,1.5" for n in range(20)]
    put(trial, "2026-06-01", pga__csv="\n".join(["subjid,visit,q,a", *lines, ""]).encode())
    trial.load()
    put(trial, "2026-06-02", pga__csv="\n".join(["subjid,visit,q,a", *lines[:24], ""]).encode())
    trial.load()
    assert trial.statuses() == [("2026-06-01", "pga", "LOADED", None), ("2026-06-02", "pga", "HELD", "DEL07")]
    assert (
        "it lost 16 of 40 lines against pga.csv"
        in trial.query("select reason from raw.deliveries where status = 'HELD'")[0][0]
    )


def test_a_change_of_the_register_that_loses_records_waits(trial: LandingFolder) -> None:
    weight = "{columns: {wt: vsorres}, constants: {vstestcd: WEIGHT, vsorresu: kg}}"
    temperature = "{columns: {t: vsorres}, constants: {vstestcd: TEMP, vsorresu: C}}"
    both = f"{{name: Site 1, forms: {{vs: {{rows: [{weight}, {temperature}]}}}}}}"
    trial.register = register(both)
    put(trial, "2026-06-01", vs__csv=b"subjid,visit,vsdtc,wt,t\n1,D0,2026-05-01,60,36.6\n2,D0,2026-05-01,61,36.7\n")
    trial.load()
    trial.register = register(f"{{name: Site 1, forms: {{vs: {{rows: [{weight}]}}}}}}")
    trial.load()
    assert trial.query("select count(*) from raw.vs where closed_load is null") == [(4,)]
    assert any(
        "not read for vs as the register now says" in told and "it lost 2 of 4 rows" in told for told in trial.told
    )
    trial.load()
    assert trial.told == [], "said once"
    put(trial, "2026-06-02", vs__csv=b"subjid,visit,vsdtc,wt,t\n1,D0,2026-05-01,60,36.6\n2,D0,2026-05-01,61,36.8\n")
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "vs", "HELD", "DEL07")
    release(trial.settings, "S01", date(2026, 6, 2), "vs", "Dr Meier", "temperatures are not collected")
    trial.load()
    assert trial.query("select count(*) from raw.vs where closed_load is null") == [(2,)]


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a value without an item": (
        "{forms: {pga: {items: {item: q, value: a}}}}", b"subjid,visit,q,a\n1,W2,,2.5\n",
        "row 2 has a value in a and no item in q",
    ),
    "row and row_": ("{delimiter: ';'}", b"row;row_;subjid\n1;2;3\n", "names a column more than once: row_"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_be_lost_is_refused(case: str) -> None:
    entry, data, message = REFUSED[case]
    with pytest.raises(FileRefusedError, match=message):
        read_form(data, reading_of("pga", entry))


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "export.xlsx") as book:
        for name in ("pga", "PGA "):
            book.add_worksheet(name).write_row(0, 0, ["subjid", "visit"])
    found = read_forms(
        (tmp_path / "export.xlsx").read_bytes(), [reading_of("pga", "{format: xlsx, file: export.xlsx}")]
    )
    assert "more than one table is called pga: 'pga', 'PGA '" in str(found["pga"])


def test_a_column_called_like_a_pattern_is_a_column() -> None:
    data = b"subjid;visit;pgadtc;pgares;pgascale;*;^a.*$\n1;W2;2026-05-01;1.5;0-3;x;y\n"
    ((extra,),) = rows_of("pga", "{delimiter: ';'}", data, "extra")
    assert extra == '{"*_": "x", "^a.*$_": "y"}'


# ------------------------------------------------------------------- one site must not cost another its night


def test_an_empty_manifest_is_a_manifest_that_does_not_match(trial: LandingFolder) -> None:
    folder = trial.deliver("S01", "2026-06-01", dm=subjects(1))
    (folder / "manifest.csv").write_bytes(b"")
    trial.deliver("S02", "2026-06-01", dm=subjects(1))
    trial.load()
    assert trial.statuses()[0] == ("2026-06-01", "-", "REFUSED", "DEL05")
    assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]


def test_a_mistake_of_the_program_over_one_delivery(trial: LandingFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """No input is known that does this, so the judge is broken by hand for one form of S01, after another counted."""
    judge = intake._Judge._answer_file
    trial.deliver("S01", "2026-06-01", dm=subjects(2), pga=assessments(5))
    trial.deliver("S02", "2026-06-01", dm=subjects(1))

    def breaks(self: intake._Judge, file: object, form: str, answer: object) -> None:
        if (self.siteid, form) == ("S01", "pga"):
            raise KeyError("unforeseen")
        judge(self, file, form, answer)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(intake._Judge, "_answer_file", breaks)
        trial.load()
        assert trial.statuses() == [("2026-06-01", "-", "REFUSED", "DEL01")]
        assert trial.statuses("S02") == [("2026-06-01", "dm", "LOADED", None)]
        trial.load()
        assert len(trial.statuses()) == 1, "tried again, and told once"
    assert trial.current() == []
    assert len(list(trial.settings.archive_dir.glob("*/*"))) == 3, "nothing that arrived is lost"
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None), ("2026-06-01", "pga", "LOADED", None)]
    assert trial.problems() == []


def test_a_held_file_is_released_after_the_register_has_moved_on(trial: LandingFolder) -> None:
    """How it was read when it was held is kept, though it was never in force."""
    trial.deliver("S01", "2026-06-01", dm=subjects(20))
    trial.load()
    trial.register = register("{name: Site 1, delimiter: ';'}")
    put(trial, "2026-06-02", dm__csv=form_file("dm", subjects(10)).replace(b",", b";"))
    trial.load()
    assert trial.statuses()[-1] == ("2026-06-02", "dm", "HELD", "DEL07")
    release(trial.settings, "S01", date(2026, 6, 2), "dm", "Dr Meier", "a site of its own now")
    trial.register = register("{name: Site 1, format: parquet}")
    trial.load()
    assert len(trial.current()) == 10


def test_what_can_not_be_read_again_in_any_way_stays(trial: LandingFolder) -> None:
    trial.register = register("{name: Site 1, delimiter: ';'}")
    for night, sex in (("2026-06-01", "F"), ("2026-06-02", "M")):
        put(trial, night, dm__csv=form_file("dm", subjects(2, sex=sex)).replace(b",", b";"))
        trial.load()
    trial.register = register("{name: Site 1, format: parquet}")
    trial.load()
    with duckdb.connect(str(trial.settings.working_file)) as connection:
        connection.execute("delete from raw.readings")
    withdraw(trial.settings, "S01", date(2026, 6, 2), "dm", "Dr Meier", "wrong")
    trial.deliver("S02", "2026-06-03", dm=subjects(1))
    trial.load()
    assert trial.statuses("S02") == [("2026-06-03", "dm", "LOADED", None)]
    assert any("what counted before stays" in told for told in trial.told)


REGISTERS: dict[str, Callable[[], str]] = {
    "a delimiter that is no ASCII": lambda: "{name: Site 1, delimiter: ；}",
    "a line end as delimiter": lambda: '{name: Site 1, delimiter: "\\n"}',
    "a quote that is no ASCII": lambda: "{name: Site 1, quote: «}",
    "an encoding that is none of files": lambda: "{name: Site 1, encoding: unicode_escape}",
    "dates that mean two days": lambda: "{name: Site 1, forms: {dm: {dates: {rficdtc: ['%d/%m/%Y', '%m/%d/%Y']}}}}",
    "half a day": lambda: "{name: Site 1, datetime_format: '%d.%m.%Y %I:%M'}",
    "a time of the machine's language": lambda: "{name: Site 1, datetime_format: '%d.%m.%Y %X'}",
}


@pytest.mark.parametrize("case", REGISTERS)
def test_an_entry_that_could_not_be_used_is_told_before_the_night(trial: LandingFolder, case: str) -> None:
    trial.settings.sites_file.write_text(register(REGISTERS[case]()))
    assert list(load_register(trial.settings.sites_file).unusable) == ["S01"]


def test_a_site_id_that_is_none_costs_no_other_site_its_night(trial: LandingFolder) -> None:
    trial.register += "  S-3: {name: Site 3}\n"
    trial.deliver("S01", "2026-06-01", dm=subjects(1))
    trial.load()
    assert trial.statuses() == [("2026-06-01", "dm", "LOADED", None)]
