"""What a load makes of each dialect's files with the register's entry: the canonical records again.

Whole loads, which also compare what they publish, are in tests/end_to_end/test_every_dialect.py.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation

import pytest

from orchestration.ingestion.dialects.delivery_files import forms_by_file
from orchestration.ingestion.dialects.read_forms import read_forms
from orchestration.ingestion.dialects.reading import Reading
from orchestration.ingestion.reader import FormContent
from orchestration.ingestion.site_entries import SiteEntry
from simulation.dialects.catalogue import DIALECTS
from simulation.dialects.dialect import CannotCarryError, Forms, Table
from tests.simulation.dialects.example import NIGHT, simulated, types


@pytest.fixture(scope="module")
def clean_site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    return simulated(tmp_path_factory.mktemp("clean"))


@pytest.fixture(scope="module")
def spoiled_site(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Table]:
    """With a planted error at nearly every subject."""
    return simulated(tmp_path_factory.mktemp("spoiled"), clean=False, subjects=30)


def canonical(form: str, name: str, value: str | None) -> str:
    """Numbers as the shortest text of the same number; all else as it is."""
    if value and types()[form, name] in ("integer", "decimal"):
        try:
            return format(Decimal(value).normalize(), "f")
        except InvalidOperation:
            return value
    return value or ""


def read_by_a_load(dialect: str, forms: Forms) -> dict[str, FormContent]:
    site = SiteEntry.model_validate({"name": "Site 1", **DIALECTS[dialect].entry()})
    for form, entry in site.forms.items():
        assert entry.problems(form) == []
    files = DIALECTS[dialect].write(forms, NIGHT)
    found: dict[str, FormContent] = {}
    for name, held in forms_by_file(site, files, forms).items():
        assert held, f"{name} is no form's file"
        for form, content in read_forms(files[name].content, [Reading(form, site) for form in held]).items():
            assert isinstance(content, FormContent), content
            assert content.unknown_columns == ()
            found[form] = content
    return found


def lost_and_found(forms: Forms, found: dict[str, FormContent]) -> dict[str, tuple[Counter[object], Counter[object]]]:
    """By form: the records that did not come back, and those that came from nowhere."""
    differences = {}
    for form, table in forms.items():
        names = table.header
        expected = Counter(tuple(map(canonical, [form] * len(names), names, row)) for row in table.rows)
        rows = found[form].frame.select(names).rows()
        read = Counter(tuple(map(canonical, [form] * len(names), names, row)) for row in rows)
        if expected != read:
            differences[form] = (Counter(expected - read), Counter(read - expected))
    return differences


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_record_of_a_clean_site_comes_back(clean_site: dict[str, Table], dialect: str) -> None:
    found = read_by_a_load(dialect, clean_site)
    assert found.keys() == clean_site.keys()
    assert lost_and_found(clean_site, found) == {}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_planted_error_comes_back_as_it_is_or_the_form_is_refused(
    spoiled_site: dict[str, Table], dialect: str
) -> None:
    carried = {}
    for form, table in spoiled_site.items():
        try:
            DIALECTS[dialect].write({form: table}, NIGHT)
        except CannotCarryError:
            continue
        carried[form] = table
    assert len(carried) >= 11
    assert lost_and_found(carried, read_by_a_load(dialect, carried)) == {}
