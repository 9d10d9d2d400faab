"""docs/tables.md and docs/sdtm.md, made from the dbt YAML and from what Python's tables declare: the published
tables and those that an export shapes as SDTM, with their columns, for reading on a page.

    python -m orchestration.publication.tables_page        (or: make docs)

The same words stand in the database, as comments and in metadata.dictionary, and in define.xml. A test fails when a
page is stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestration.derivation.project import PROJECT_DIR, load_manifest, models_at_export
from orchestration.publication.tables import WRITTEN_BY_PYTHON, described_tables
from validation.quality import COMMENTS, TABLES

PAGE = PROJECT_DIR.parent / "docs" / "tables.md"
SDTM_PAGE = PAGE.with_name("sdtm.md")

HEAD = """# The published tables

Made by `make docs` from the dbt YAML, validation/quality.py and validation/indicators/published.py; change it there.
How to open the tables, with examples: [reading-the-tables.md](reading-the-tables.md).
Origin says where a value comes from: Collected (a site sent it), Derived, Assigned or Protocol.
"""

SDTM_HEAD = """# The trial as SDTM

Made by `make docs` from the dbt YAML (dbt_project/models/sdtm); change it there. No publication holds these tables:
`mrbs export --model sdtm` makes them ([exports.md](exports.md#the-trial-as-sdtm)).
Origin says where a value comes from: Collected (a site sent it), Derived, Assigned or Protocol. `srcid` is not SDTM's.
"""


def tables_page(manifest: dict[str, Any]) -> str:
    """The page of the published tables as Markdown: a section per table, a line per column."""
    return _page(HEAD, {**described_tables(manifest), **_ledger_tables()})


def sdtm_page(manifest: dict[str, Any]) -> str:
    """The page of the tables shaped as SDTM."""
    return _page(SDTM_HEAD, models_at_export(manifest))


def _page(head: str, tables: dict[str, dict[str, Any]]) -> str:
    sections = [head]
    for name, node in sorted(tables.items()):
        key = ", ".join(f"`{column}`" for column in node["config"]["meta"].get("key", ()))
        lines = [f"## {name}", "", _one_line(node["description"]), "", f"Key, and row order in Parquet: {key}", ""]
        lines += ["| column | type | label | unit | origin | derivation |", "|---|---|---|---|---|---|"]
        lines += [_column_line(column) for column in node["columns"].values()]
        sections.append("\n".join(lines) + "\n")
    return "\n".join(sections)


def _ledger_tables() -> dict[str, dict[str, Any]]:
    """What is published of the ledger, in the shape of the other tables; its columns have no more than a comment."""
    keys = {table.qualified_name: table.key for table in WRITTEN_BY_PYTHON}
    return {
        f"quality.{table}": {
            "description": f"{COMMENTS[table]}.",
            "config": {"meta": {"key": keys[f"quality.{table}"]}},
            "columns": {
                name: {"name": name, "data_type": data_type.removesuffix(" not null"), "description": f"{comment}."}
                for name, data_type, comment in columns
            },
        }
        for table, columns in TABLES.items()
    }


def _column_line(column: dict[str, Any]) -> str:
    meta = column.get("config", {}).get("meta") or column.get("meta") or {}
    cells = [
        f"`{column['name']}`",
        column.get("data_type") or "",
        meta.get("label") or "",
        meta.get("unit") or "",
        meta.get("origin") or "",
        meta.get("derivation") or column.get("description") or "",
    ]
    return "| " + " | ".join(_one_line(str(cell)).replace("|", "\\|") for cell in cells) + " |"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def write_pages(page: Path = PAGE, page_of_sdtm: Path = SDTM_PAGE) -> None:
    page.write_text(tables_page(load_manifest()))
    page_of_sdtm.write_text(sdtm_page(load_manifest()))


if __name__ == "__main__":
    write_pages()
