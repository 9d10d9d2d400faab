"""Large files are read in little memory: some 200 MB of ODM-XML, 300 MB of CSV, by a process of its own that says how
much it took.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SUBJECTS = 24_000
LIMIT_KB = 300 * 1024
CSV_ROWS = 5_000_000
CSV_LIMIT_KB = 500 * 1024
READER = r"""
import re, sys
from pathlib import Path
from orchestration.ingestion.formats.tables import ReadAs, read_batches

values = sum(
    table.frame.height - table.frame[column].null_count()
    for table in read_batches(Path(sys.argv[1]), ReadAs(sys.argv[2], encoding=sys.argv[3]))
    for column in table.frame.columns
    if column.startswith("I")
)
# Not getrusage: that counts what the process that started this one had, too.
print(values, re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.xml"
    forms = "".join(
        f'<FormData FormOID="F.{form}" FormRepeatKey="1"><ItemGroupData ItemGroupOID="IG.{form}">'
        + "".join(
            f'<ItemData ItemOID="I.{form}.{item}" Value="SUBJECT-{item * 37}" TransactionType="Insert"/>\n'
            for item in range(20)
        )
        + "</ItemGroupData></FormData>"
        for form in range(6)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write('<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"><ClinicalData StudyOID="S" MetaDataVersionOID="M">')
        for subject in range(SUBJECTS):
            mine = forms.replace("SUBJECT", str(subject))  # no two subjects alike
            file.write(f'<SubjectData SubjectKey="{subject}"><StudyEventData StudyEventOID="E">{mine}</StudyEventData>')
            file.write("</SubjectData>\n")
        file.write("</ClinicalData></ODM>")
    assert path.stat().st_size > 200_000_000
    values, peak_kb = measured(path, "odm", "utf-8")
    assert values == SUBJECTS * 6 * 20
    assert peak_kb < LIMIT_KB


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_neither_does_it_with_a_csv(encoding: str, tmp_path: Path) -> None:
    """Line breaks within quotes, so that many pieces end within a value."""
    path = tmp_path / "large.csv"
    lines = (f'{number:06},I,W4,"受试者\nrested, twice",{number}.5,,\n' for number in range(100_000))
    rows = "".join(lines).encode(encoding)
    with path.open("wb") as file:
        file.write(b"SUBJID,I.1,VISIT,I.2,I.3,COMMENT,I.4\n")
        for _ in range(CSV_ROWS // 100_000):
            file.write(rows)
    assert path.stat().st_size > 200_000_000
    values, peak_kb = measured(path, "csv", encoding)
    assert values == CSV_ROWS * 3
    assert peak_kb < CSV_LIMIT_KB


def measured(path: Path, name: str, encoding: str) -> tuple[int, int]:
    """How many values there are in columns called I..., and how many kB reading them took."""
    command = [sys.executable, "-c", READER, str(path), name, encoding]
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[4]).stdout
    values, peak_kb = map(int, said.split())
    return values, peak_kb
