"""How things are identified in Dataset-JSON and define.xml, so that a data set finds its description."""

from __future__ import annotations

from orchestration.export.described import ExportColumn, ExportTable

STUDY = "MRBS"
METADATA_VERSION = "MDV.MRBS"
SYSTEM = "MRBS trial data warehouse"


def item_group(table: ExportTable) -> str:
    return f"IG.{table.name.upper()}"


def item(table: ExportTable, column: ExportColumn) -> str:
    return f"IT.{table.name.upper()}.{column.name.upper()}"
