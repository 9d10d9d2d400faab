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
  S04: {name: Site 4, encoding: UTF8, file: "MRBS_DATA_*.csv", format: redcap, dictionary: fields.csv}
  S05:
    name: Site 5
    visits: {Screening: SCR}
    forms:
      vs:
        file: vitals.xpt
        sheet: VS
        skip_lines: 2
        constants: {vstestcd: WEIGHT}
        dates: {vsdtc: ["%d%b%Y", "%b%Y"]}
        missing: {vsorres: ["-1"]}
        ignore: ["x_*"]
      lb:
        rows:
          - {columns: {c3: lborres}, constants: {lbtestcd: C3, lborresu: g/L}}
      pga:
        items: {item: QUESTION, value: ANSWER}
"""


def test_everything_the_contract_allows_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    path.write_text(WHOLE)
    register = load_register(path, strict=True)
    assert register.unusable == {}
    sites = register.sites
    assert sites["S01"] == SiteEntry(name="Site 1")
    assert (sites["S02"].every_days, sites["S02"].delimiter, sites["S02"].decimal) == (1, ";", ",")
    assert sites["S02"].forms["dm"].values == {"sex": {"W": "F", "M": "M"}}
    assert sites["S04"].encoding == "utf-8", "said in other words"
    assert sites["S05"].forms["vs"].dates == {"vsdtc": ("%d%b%Y", "%b%Y")}
    assert sites["S05"].forms["lb"].rows[0].columns == {"c3": "lborres"}


SITE = "study: MRBS\nsites:\n  S01:\n    name: A\n"
DM = SITE + "    forms:\n      dm:\n        "
VS = SITE + "    forms:\n      vs:\n        "
MISTAKES = {
    "study: MRBS\nsites: {}\nstudies: x": "line 3: studies: no such key; allowed are study, sites",
    "study: MRBS\nsites:\n  S01: {}": "line 3: S01: name: Field required",
    "study: MRBS\nsites:\n  101: {name: A}": "line 3: 101: a site id is text",
    "study: MRBS\nsites:\n  S/1: {name: A}": "line 3: S/1: a site id is text",
    # Subject 2-1 of site S and subject 1 of site S-2 would both be MRBS-S-2-1.
    "study: MRBS\nsites:\n  S-2: {name: A}": "line 3: S-2: a site id is text",
    "study: MRBS\nsites:\n  S01: {name: A}\n  S01: {name: B}": "'S01' stands here twice",
    "study: MRBS": "sites: Field required",
    "- S01": "must hold 'study' and 'sites'",
    "study: [": "no valid YAML",
    SITE + "    delimter: ';'": "line 5: S01: delimter: no such key; allowed are name, every_days,",
    SITE + "    format: pdf": "line 5: S01: format: Input should be 'csv', 'xlsx'.*it says 'pdf'",
    SITE + "    every_days: 0": "line 5: S01: every_days: .* greater than or equal to 1 .it says 0",
    SITE + "    delimiter: ';;'": "line 5: S01: delimiter: .* at most 1 character",
    SITE + "    delimiter: '\"'": "S01: delimiter and quote can't be the same character",
    SITE + "    encoding: klingon": "line 5: S01: encoding: must name a text encoding",
    SITE + "    encoding: hex": "line 5: S01: encoding: must name a text encoding",
    SITE + "    format: odm": "S01: ODM-XML holds all forms in one file: say which, with `file`",
    SITE + "    dictionary: fields.csv": "S01: `dictionary` is REDCap's data dictionary, for format redcap only",
    SITE + "    file: ../other/dm.csv": "line 5: S01: file: must be a name without folders",
    SITE + "    date_format: '%d.%m'": "line 5: S01: date_format: a date format needs a year",
    SITE + "    missing: [-99]": "line 5: S01: missing: 0: must be text: put it in quotes .it says -99",
    SITE + "    forms:\n      demog: {}": "line 5: S01: forms: 'demog' is no form; forms are dm, acr,",
    DM + "column: {}": "line 7: S01: forms: dm: column: no such key; allowed are file, ",
    DM
    + "columns: {SEX: gender}": "line 7: S01: forms: dm: columns: SEX: 'gender' is no column of dm; its columns are ",
    DM + "columns: {A: sex, B: sex}": "line 7: .* sex is filled from more than one source",
    DM + "columns: {A: sex}\n        constants: {sex: F}": "sex is filled from more than one source",
    DM + "values:\n          sex: {No: F}": "line 8: S01: .*: must be text: put it in quotes",
    DM + "values: {sex: {W: Female}}": "line 7: S01: .*: 'Female' is no code of sex; its codes are F, M, U",
    DM + "columns: {Sex: sex, SEX: race}": "line 7: S01: forms: dm: columns: sex stands here more than once, in other",
    SITE + "    visits: {Baseline: Day0}": "line 5: S01: visits: 'Day0' is no visit; visits are SCR, D0, W2",
    DM + "dates: {slediagdtc: '%d %H'}": "line 7: .*a date format needs a year",
    VS + "rows:\n          - {columns: {t: vsorres}}\n          - {column: {}}": (
        "line 9: S01: forms: vs: rows: entry 2: column: no such key; allowed are columns, constants"
    ),
    VS + "columns: {V: vsorres}\n        rows:\n          - {columns: {t: vsorres}}": (
        "line 9: S01: forms: vs: rows: entry 1: vsorres is filled from more than one source"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_names_line_and_site_and_what_is_allowed(mistake: str, tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    path.write_text(mistake)
    with pytest.raises(RegisterError, match=MISTAKES[mistake]):
        load_register(path, strict=True)


def test_a_mistake_in_one_entry_leaves_the_others_usable(tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    path.write_text(
        "study: MRBS\nsites:\n"
        "  S01: {name: A, x: 1}\n  S02: {name: B}\n  S03: {name: C, forms: {dm: {columns: {A: b}}}}"
    )
    register = load_register(path)
    assert list(register.sites) == ["S02"]
    assert list(register.unusable) == ["S01", "S03"]
    assert "line 3: S01: x: no such key" in register.unusable["S01"]
    assert "line 5: S03: forms: dm: columns: A: 'b' is no column of dm" in register.unusable["S03"]


def test_all_mistakes_are_told_at_once_and_a_missing_register_too(tmp_path: Path) -> None:
    path = tmp_path / "sites.yml"
    with pytest.raises(RegisterError, match="can't be read: No such file"):
        load_register(path)
    path.write_text("study: MRBS\nsites:\n  S01: {name: A, x: 1}\n  S02: {name: 5}")
    with pytest.raises(RegisterError, match=r"line 3: S01: x: .*\n.*line 4: S02: name: must be text"):
        load_register(path, strict=True)
