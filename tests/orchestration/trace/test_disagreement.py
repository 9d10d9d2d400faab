"""A trace tells when what is published is not what the delivered rows say, and when it can't be told now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.ingestion.lock import hold_lock
from orchestration.trace import Trace, sheet_of, trace
from tests.orchestration.trace.conftest import Traced

pytestmark = pytest.mark.slow


def altered(traced: Traced, folder: Path, statement: str) -> Traced:
    """A copy of the warehouse whose published file was changed by hand."""
    own = traced.copy(folder / "own")
    file = own.settings.published_file.resolve()
    file.chmod(0o644)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as mrbs")
        connection.execute("use mrbs")
        connection.execute(statement)
    return own


def differing(found: Trace) -> set[tuple[str, str | None, str | None]]:
    return {(value.what, value.published, value.again) for value in found.recomputation.differing}


AT_WEEK_48 = "where usubjid = 'MRBS-W01-0001' and avisit = 'Week 48'"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (f"update analysis.adsri set sri4 = 'Y' {AT_WEEK_48}", {("sri4", "Y", "N")}),
        (f"update analysis.adsri set sledai = 6 {AT_WEEK_48}", {("SLEDAI-2K at Week 48", "6", "8")}),
        (f"update analysis.adsri set pgabl = 1.2 {AT_WEEK_48}", {("PGA at baseline", "1.2", "1.5")}),
        (
            f"update analysis.adqs set avalc = 'A' {AT_WEEK_48} and paramcd = 'BILRENAL'",
            {("BILAG-2004 grades, Week 48", "DCDCDDDAD", "DCDCDDDDD")},
        ),
        (
            "update analysis.adqs set anl01fl = case protday when 332 then 'Y' end "
            f"{AT_WEEK_48} and paramcd = 'SLEDAI'",
            {("SLEDAI: record chosen, Week 48", "day 332, W48", "day 340, UNS")},
        ),
        (
            "update analysis.adsl set trtsdt = trtsdt + 1 where usubjid = 'MRBS-W01-0001'",
            {("day 0", "2024-03-19", "2024-03-18")},
        ),
    ],
)
def test_a_value_that_was_altered_is_told(
    traced: Traced, tmp_path: Path, statement: str, told: set[tuple[str, str, str]]
) -> None:
    found = trace(altered(traced, tmp_path, statement).settings, "MRBS-W01-0001")
    assert differing(found) == told
    sheet = sheet_of(found)
    assert sheet.agrees is False
    ((what, published, again),) = told
    assert f"{what} is {published} as published and {again} when derived again" in sheet.verdict


def of_pga(own: Traced) -> Path:
    (sha256,) = [one.position.sha256 for one in trace(own.settings, "W01-0001").sources if one.what == "PGA, Week 48"]
    return own.settings.archive_dir / sha256[:2] / sha256


def damage(file: Path) -> None:
    file.chmod(0o644)
    file.write_bytes(file.read_bytes().replace(b"0.8", b"0.9"))


@pytest.mark.parametrize("spoil", [Path.unlink, damage])
def test_archived_bytes_that_are_not_whole_are_told(
    traced: Traced, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    own = traced.copy(tmp_path / "own")
    spoil(of_pga(own))
    found = trace(own.settings, "W01-0001")
    assert found.recomputation.agrees is False
    assert {one.what for one in found.sources if one.wrong} == {"PGA, baseline", "PGA, Week 48"}


def test_a_raw_row_that_is_not_what_arrived_is_told(traced: Traced, tmp_path: Path) -> None:
    own = traced.copy(tmp_path / "own")
    with duckdb.connect(str(own.settings.working_file)) as connection:
        connection.execute("update raw.pga set pgares = '1.9' where siteid = 'W01' and visit = 'W48'")
    found = trace(own.settings, "W01-0001")
    told = differing(found)
    assert ("PGA at Week 48", "0.8", "1.9") in told
    assert ("pgafl", "Y", "N") not in told, "the component is named in words"
    assert ("PGA component met", "Y", "N") in told
    (wrong,) = [one for one in found.sources if one.wrong]
    assert (wrong.what, wrong.archive) == ("PGA, Week 48", "ANOTHER TEXT stands in this row of the archived file")


def test_during_a_load_the_page_says_that_it_is_not_derived_again(traced: Traced, tmp_path: Path) -> None:
    own = traced.copy(tmp_path / "own")
    with hold_lock(own.settings, owner="mrbs load"), duckdb.connect(str(own.settings.working_file)):
        found = trace(own.settings, "W01-0001")
    sheet = sheet_of(found)
    assert found.recomputation.agrees is None
    assert sheet.verdict.startswith("NOT RECOMPUTED: the warehouse is in use by mrbs load")
    # The delivered text comes from the archive then.
    (pga,) = [one for one in found.sources if one.what == "PGA, Week 48"]
    assert pga.text is not None
    assert pga.text["pgares"] == "0.8"
    assert trace(own.settings, "W01-0001").recomputation.agrees is True


def test_rows_are_those_of_the_published_load(traced: Traced, tmp_path: Path) -> None:
    own = traced.copy(tmp_path / "own")
    # As a load leaves raw that took a mended row in and published nothing.
    with duckdb.connect(str(own.settings.working_file)) as connection:
        later = "29990101T000000-00000000"
        connection.execute(
            "insert into raw.loads "
            "select * replace (? as load_id, started_at + interval 1 day as started_at) from raw.loads",
            [later],
        )
        new = "select * replace ('new' as row_id, '2.9' as pgares, ? as opened_load) from raw.pga"
        connection.execute(f"insert into raw.pga {new} where siteid = 'W01' and visit = 'W48'", [later])
        connection.execute(
            "update raw.pga set closed_load = ?, closed = opened "
            "where siteid = 'W01' and visit = 'W48' and row_id <> 'new'",
            [later],
        )
    found = trace(own.settings, "W01-0001")
    assert found.recomputation.agrees is True
    (pga,) = [one for one in found.sources if one.what == "PGA, Week 48"]
    assert pga.text is not None
    assert pga.text["pgares"] == "0.8"
