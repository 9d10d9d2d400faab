"""The columns of define.xml: each an ItemDef, with a method where it is derived, a comment, and its codes.

All words are those of the dbt YAML. How tables and the document are put together belongs in define_xml.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from odmlib.define_2_1 import model as define

from orchestration.export import identifiers
from orchestration.export.described import ExportColumn, ExportTable
from orchestration.export.xpt import DISPLAY_FORMATS

DATA_TYPES = {"text": "text", "integer": "integer", "decimal": "float", "date": "integer", "datetime": "integer"}
"""Dates are described as SAS and ADaM keep them: numbers, with the format that shows them."""
DIGITS = {"integer": 10, "bigint": 19, "date": 8, "timestamp": 12}
WHO_COLLECTS = {"Collected": "Investigator"}


@dataclass
class Definitions:
    """What the tables refer to, gathered while they are described."""

    items: list[Any] = field(default_factory=list)
    methods: list[Any] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)
    code_lists: list[Any] = field(default_factory=list)


def described(text: str) -> Any:
    return define.Description(TranslatedText=[define.TranslatedText(_content=text, lang="en")])


def add_comment(definitions: Definitions, oid: str, text: str) -> str:
    definitions.comments.append(define.CommentDef(OID=oid, Description=described(text)))
    return oid


def add_column(definitions: Definitions, table: ExportTable, column: ExportColumn, length: int | None) -> Any:
    """Describe the column; returns the reference to it that belongs into its table."""
    oid = identifiers.item(table, column)
    item = define.ItemDef(
        OID=oid,
        Name=column.name.upper(),
        DataType=_data_type(table, column),
        Length=None if _is_iso_8601(table, column) else length or _digits(column),
        SASFieldName=column.xpt_name,
        CommentOID=add_comment(definitions, f"COM.{oid}", _comment(column)),
        Description=described(column.label),
        Origin=[define.Origin(Type=column.origin, Source=WHO_COLLECTS.get(column.origin, "Sponsor"))],
    )
    if column.kind == "decimal":
        item.SignificantDigits = column.decimals
    if column.kind in DISPLAY_FORMATS:
        item.DisplayFormat = DISPLAY_FORMATS[column.kind]
    if column.codes:
        item.CodeListRef = define.CodeListRef(CodeListOID=_add_codes(definitions, oid, column))
    definitions.items.append(item)
    reference = define.ItemRef(
        ItemOID=oid,
        OrderNumber=table.columns.index(column) + 1,
        Mandatory="Yes" if column.never_null else "No",
    )
    if column.name in table.key:
        reference.KeySequence = table.key.index(column.name) + 1
    if column.origin == "Derived":
        reference.MethodOID = _add_method(definitions, oid, table, column)
    return reference


def _data_type(table: ExportTable, column: ExportColumn) -> str:
    return "partialDatetime" if _is_iso_8601(table, column) else DATA_TYPES[column.kind]


def _is_iso_8601(table: ExportTable, column: ExportColumn) -> bool:
    """A date of SDTM is a text of as much as is known of it; such a type has no length."""
    return not table.published and column.name.endswith("dtc")


def _digits(column: ExportColumn) -> int:
    """Of a number, as its type allows."""
    base, _, precision = column.data_type.partition("(")
    return int(precision.partition(",")[0]) if precision else DIGITS[base]


def _comment(column: ExportColumn) -> str:
    """What the column means; how it comes about, where that is no method; and its unit."""
    said = [column.description.rstrip(".")]
    if column.origin != "Derived":
        said.append(column.derivation.rstrip("."))
    if column.unit:
        said.append(f"Unit: {column.unit}")
    return ". ".join(said) + "."


def _add_method(definitions: Definitions, oid: str, table: ExportTable, column: ExportColumn) -> str:
    method = define.MethodDef(
        OID=f"MT.{oid}",
        Name=f"Derivation of {table.name.upper()}.{column.name.upper()}",
        Type="Computation",
        Description=described(column.derivation),
    )
    definitions.methods.append(method)
    return f"MT.{oid}"


def _add_codes(definitions: Definitions, oid: str, column: ExportColumn) -> str:
    """The column's codes, in the order of the YAML, with the word on whose they are."""
    decoded = [
        define.CodeListItem(
            CodedValue=code,
            OrderNumber=number,
            Decode=define.Decode(TranslatedText=[define.TranslatedText(_content=meaning, lang="en")]),
        )
        for number, (code, meaning) in enumerate(column.codes.items(), start=1)
    ]
    codes = define.CodeList(
        OID=f"CL.{oid}", Name=column.label, DataType="text", IsNonStandard="Yes", CodeListItem=decoded
    )
    if column.terminology:
        codes.CommentOID = add_comment(definitions, f"COM.CL.{oid}", column.terminology)
    definitions.code_lists.append(codes)
    return f"CL.{oid}"
