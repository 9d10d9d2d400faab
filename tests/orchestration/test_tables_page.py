"""docs/tables.md and docs/sdtm.md are what the dbt YAML says now."""

from __future__ import annotations

from orchestration.derivation.project import load_manifest, models_at_export
from orchestration.publication.tables import described_tables
from orchestration.publication.tables_page import PAGE, SDTM_PAGE, sdtm_page, tables_page


def test_the_page_is_fresh() -> None:
    assert PAGE.read_text() == tables_page(load_manifest()), "run `make docs`"
    assert SDTM_PAGE.read_text() == sdtm_page(load_manifest()), "run `make docs`"


def test_every_published_column_is_explained() -> None:
    for name, node in {**described_tables(), **models_at_export()}.items():
        assert node["config"]["meta"].get("key"), f"{name} has no key"
        for column in node["columns"].values():
            meta = column.get("config", {}).get("meta") or column.get("meta") or {}
            assert column["description"], f"{name}.{column['name']}"
            assert column["data_type"], f"{name}.{column['name']}"
            assert 0 < len(meta.get("label", "")) <= 40, f"{name}.{column['name']}"
            assert meta.get("origin") in {"Collected", "Derived", "Assigned", "Protocol"}, f"{name}.{column['name']}"
