"""How things are identified in Dataset-JSON and define.xml, so that a data set finds its description."""

from __future__ import annotations

from orchestration.export.described import ExportColumn, ExportTable

STUDY = "MRBS"
SYSTEM = "MRBS trial data warehouse"


def metadata_version(table: ExportTable) -> str:
    """Of the description that the table stands in: define.xml has a document for each model."""
    return f"MDV.{STUDY}" if table.published else f"MDV.{STUDY}.{table.schema.upper()}"


def item_group(table: ExportTable) -> str:
    return f"IG.{table.name.upper()}"


def item(table: ExportTable, column: ExportColumn) -> str:
    return f"IT.{table.name.upper()}.{column.name.upper()}"
