"""The site register: what it may say, and how mistakes in it read."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.ingestion.register import RegisterError, SiteEntry, load_register

WHOLE = """
study: MRBS
sites:
  S01: {name: Site 1}
  S02:
    name: Site 2
    every_days: 1
    format: csv
    encoding: gb18030
    delimiter: ";"
    decimal: ","
    date_format: "%d.%m.%Y"
    datetime_format: "%d.%m.%Y %H:%M"
    missing: [NA, UNK, "-99"]
    forms:
      dm:
        file: Stammdaten.csv
        columns: {PATNR: subjid, SEX: sex}
        values: {sex: {W: F, M: M}}
  S03: {name: Site 3, format: xlsx, file: export.xlsx}
  S04: {name: Site 4, encoding: UTF8, forms: {dm: {file: dm.csv, columns: {SUBJID: subjid}}}}
"""


def test_everything_the_contract_allows_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    path.write_text(WHOLE)
    sites = load_register(path).sites
    assert sites["S01"] == SiteEntry(name="Site 1")
    assert sites["S01"].unsupported is None
    assert sites["S04"].unsupported is None, "said in other words, and canonical all the same"
    assert sites["S03"].unsupported == (
        "the register declares format xlsx; file export.xlsx; only canonical CSV can be read so far"
    )
    declared = sites["S02"].unsupported or ""
    for need in ("gb18030", "';'", "decimal ','", "date format", "missing values", "Stammdaten.csv", "dm: codes"):
        assert need in declared
    assert sites["S02"].every_days == 1


MISTAKES = {
    "study: MRBS\nsites:\n  S01: {name: A, delimter: ';'}": "S01: delimter: no such key; allowed are name, every_days,",
    "study: MRBS\nsites:\n  S01: {name: A, forms: {dm: {column: {}}}}": "S01: forms: dm: column: no such key; allowed "
    "are file, sheet, columns, values",
    "study: MRBS\nsites: {}\nstudies: x": "studies: no such key; allowed are study, sites",
    "study: MRBS\nsites:\n  S01: {name: A, format: pdf}": "S01: format: Input should be 'csv', 'xlsx'",
    "study: MRBS\nsites:\n  S01: {name: A, every_days: 0}": "S01: every_days: .* greater than or equal to 1 .it says 0",
    "study: MRBS\nsites:\n  S01: {name: A, delimiter: ';;'}": "S01: delimiter: .* at most 1 character",
    "study: MRBS\nsites:\n  S01: {name: A, encoding: klingon}": "S01: encoding: must name a text encoding",
    "study: MRBS\nsites:\n  S01: {name: A, forms: {demog: {}}}": "S01: forms: 'demog' is no form; forms are dm, acr,",
    "study: MRBS\nsites:\n  S01: {}": "S01: name: Field required",
    "study: MRBS\nsites:\n  101: {name: A}": "101: a site id is text",
    "study: MRBS\nsites:\n  S/1: {name: A}": "S/1: a site id is text",
    # Subject 2-1 of site S and subject 1 of site S-2 would both be MRBS-S-2-1.
    "study: MRBS\nsites:\n  S-2: {name: A}": "S-2: a site id is text",
    "study: MRBS\nsites:\n  S01: {name: A}\n  S01: {name: B}": "'S01' stands here twice",
    "study: MRBS": "sites: Field required",
    "- S01": "must hold 'study' and 'sites'",
    "study: [": "no valid YAML",
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_names_the_site_and_what_is_allowed(mistake: str, tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    path.write_text(mistake)
    with pytest.raises(RegisterError, match=MISTAKES[mistake]):
        load_register(path)


def test_all_mistakes_are_told_at_once_and_a_missing_register_too(tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    with pytest.raises(RegisterError, match="can't be read: No such file"):
        load_register(path)
    path.write_text("study: MRBS\nsites:\n  S01: {name: A, x: 1}\n  S02: {name: 5}")
    with pytest.raises(RegisterError, match=r"S01: x: .*\n.*S02: name: Input should be a valid string"):
        load_register(path)
