"""A small trial on disk for tests: write deliveries, run loads, look at what raw holds. No assertions here."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ingestion import LandingSummary, delivery_problems, land
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.settings import Settings

Row = Mapping[str, str]
CLOCK = date(2026, 12, 31)


def csv_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A canonical CSV file of these rows; columns that a row doesn't name are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def form_file(form: str, rows: Iterable[Row], more_columns: Sequence[str] = ()) -> bytes:
    """A canonical file of a form."""
    return csv_bytes((*column_names(form), *more_columns), rows)


def subjects(count: int, **values: str) -> list[Row]:
    """So many subjects as rows of dm."""
    return [{"subjid": f"{number:04}", "sex": "F", **values} for number in range(1, count + 1)]


def assessments(count: int) -> list[Row]:
    """So many PGA records, five for a subject."""
    return [
        {"subjid": f"{number // 5:04}", "visit": f"W{4 * (number % 5)}", "pgares": "1.2", "pgascale": "0-3"}
        for number in range(count)
    ]


@dataclass
class LandingFolder:
    """The landing folder, register and warehouse of one test."""

    folder: Path
    register: str = "study: MRBS\nsites:\n  S01: {name: Site 1}\n  S02: {name: Site 2}\n"
    settle_seconds: int = 0
    loads: int = 0
    told: list[str] = field(default_factory=list)
    warehouse: Path | None = None
    _look: duckdb.DuckDBPyConnection | None = None

    @property
    def settings(self) -> Settings:
        """What a load or a decision goes by. Whoever asks may open the working file, so this stops looking into it."""
        if self._look is not None:
            self._look.close()
            self._look = None
        warehouse = self.warehouse or self.folder / "warehouse"
        return Settings(self.folder / "landing", warehouse, self.folder / "sites.yml", self.settle_seconds)

    def deliver(self, siteid: str, delivered: str, **files: bytes | list[Row]) -> Path:
        """Write files of a delivery: rows of a form, or the bytes as they are."""
        folder = self.settings.landing_dir / siteid / delivered
        folder.mkdir(parents=True, exist_ok=True)
        for form, content in files.items():
            data = content if isinstance(content, bytes) else form_file(form, content)
            (folder / f"{form}.csv").write_bytes(data)
        return folder

    def manifest(self, folder: Path, **changes: tuple[int, str]) -> None:
        """Write the manifest of what lies in a delivery; `changes` name a form and what to say of it instead."""
        lines = []
        for path in sorted(folder.glob("*.csv")):
            if path.name != "manifest.csv":
                data = path.read_bytes()
                rows = len(list(csv.reader(io.StringIO(data.decode())))) - 1
                told = changes.get(path.stem, (rows, hashlib.sha256(data).hexdigest()))
                lines.append({"file": path.name, "rows": str(told[0]), "sha256": told[1]})
        (folder / "manifest.csv").write_bytes(csv_bytes(("file", "rows", "sha256"), lines))

    def load(self, clock: date = CLOCK) -> LandingSummary:
        """One load."""
        self.loads += 1
        self.told = []
        self.settings.landing_dir.mkdir(parents=True, exist_ok=True)
        self.settings.sites_file.write_text(self.register)
        return land(self.settings, clock, f"L{self.loads:03}", self.told.append)

    @property
    def look(self) -> duckdb.DuckDBPyConnection:
        """The working file, to look into; opened once between two loads, since opening it is what costs."""
        if self._look is None:
            self._look = duckdb.connect(str(self.settings.working_file), read_only=True)
        return self._look

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Look into the working file."""
        return self.look.execute(sql).fetchall()

    def statuses(self, siteid: str = "S01") -> list[tuple[str, str, str, str | None]]:
        """What became of each file: delivered, form, status, rule."""
        return [
            (str(delivered), form or "-", status, rule_id)
            for delivered, form, status, rule_id in self.query(
                f"select delivered, form, status, rule_id from raw.deliveries where siteid = '{siteid}' "
                "order by delivered, form nulls first, status, rule_id"
            )
        ]

    def current(self, form: str = "dm", columns: str = "subjid, sex", siteid: str = "S01") -> list[tuple[Any, ...]]:
        """The current rows of a form."""
        return self.query(
            f"select {columns} from raw.{form} where closed_load is null and siteid = '{siteid}' order by all"
        )

    def problems(self) -> list[tuple[str, str, str | None]]:
        """Open findings: rule, site, form. Missing forms are left out: these trials deliver few."""
        found = delivery_problems(self.look)
        return [(problem.rule_id, problem.siteid, problem.form) for problem in found if problem.rule_id != "DEL10"]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that raw holds, save which load wrote it and what the file system says about files."""
        columns: dict[str, list[str]] = {}
        for table, column in self.query(
            "select table_name, column_name from duckdb_columns() where schema_name = 'raw' order by column_index"
        ):
            shown = "closed_load is null" if column == "closed_load" else column
            if column not in {"load_id", "opened_load"} and table not in {"loads", "seen_files"}:
                columns.setdefault(table, []).append(shown)
        return {
            table: self.query(f"select {', '.join(shown)} from raw.{table} order by all")
            for table, shown in columns.items()
        }
