"""define.xml 2.1: what every exported table and column is, from the dbt YAML, validated against CDISC's schema.

The tables are named and shaped after ADaM or SDTM, in a document for each, and claim no conformance; codes that
CDISC has no terminology for say that they are the sponsor's. Lengths of texts are those of this publication; everything
else is described.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from odmlib.define_2_1 import model as define
from odmlib.odm_parser import ODMSchemaValidator

from orchestration.export import identifiers
from orchestration.export.define_columns import Definitions, add_column, add_comment, described
from orchestration.export.described import ExportTable
from orchestration.export.source import Source

DEFINE_VERSION = "2.1.0"
NOT_CONFORMANT = (
    "Tables and columns are named and shaped after the {} implementation guide where it has a name for what they "
    "hold. None claims to conform to it."
)
STUDY_DESCRIPTION = (
    "A Model About the Response of Belimumab in SLE (NCT04893161): SRI-4 at week 48 of subjects treated with "
    "intravenous belimumab."
)


@dataclass(frozen=True)
class Described:
    """What a document says of the model that its tables follow."""

    model: str
    guide: str
    version: str
    purpose: str
    tables: str

    @property
    def oid(self) -> str:
        return f"STD.{self.guide.upper()}"


ADAM = Described("ADaM", "ADaMIG", "1.3", "Analysis", "Analysis tables")
SDTM = Described("SDTM", "SDTMIG", "3.4", "Tabulation", "Tables shaped as SDTM")


class DefineError(RuntimeError):
    """The description that was made is no valid define.xml: a fault of this program or of the dbt YAML."""


def write_define(source: Source, tables: Mapping[str, ExportTable], file: Path) -> None:
    """Describe the tables, given by the path of the file that each is in, from the folder of define.xml.

    Raises:
        DefineError: what was written breaks CDISC's schema.
    """
    _document(source, tables).write_xml(str(file))
    errors = list(ODMSchemaValidator(standard="define", version="2.1").xsd.iter_errors(str(file)))
    if errors:
        raise DefineError("define.xml breaks its schema: " + "; ".join(f"{e.path}: {e.reason}" for e in errors[:10]))


def _document(source: Source, tables: Mapping[str, ExportTable]) -> Any:
    made_at = f"{source.made_at:%Y-%m-%dT%H:%M:%S}Z"
    return define.ODM(
        FileType="Snapshot",
        FileOID=f"{identifiers.STUDY}.{source.load_id}.DEFINE",
        CreationDateTime=made_at,
        AsOfDateTime=made_at,
        ODMVersion="1.3.2",
        SourceSystem=identifiers.SYSTEM,
        SourceSystemVersion=source.code_version,
        Context="Other",
        Study=define.Study(
            OID=identifiers.STUDY,
            GlobalVariables=define.GlobalVariables(
                StudyName=define.StudyName(_content=identifiers.STUDY),
                StudyDescription=define.StudyDescription(_content=STUDY_DESCRIPTION),
                ProtocolName=define.ProtocolName(_content=identifiers.STUDY),
            ),
            MetaDataVersion=_metadata(source, tables),
        ),
    )


def _metadata(source: Source, tables: Mapping[str, ExportTable]) -> Any:
    definitions = Definitions()
    first = next(iter(tables.values()))
    model = ADAM if first.published else SDTM
    standard = define.Standard(
        OID=model.oid,
        Name=model.guide,
        Type="IG",
        Version=model.version,
        Status="Final",
        CommentOID=add_comment(definitions, f"COM.{model.oid}", NOT_CONFORMANT.format(model.model)),
    )
    groups = [_table(source, definitions, model, table, href) for href, table in tables.items()]
    return define.MetaDataVersion(
        OID=identifiers.metadata_version(first),
        Name=f"{model.tables} of MRBS",
        Description=f"{model.tables} of publication {source.load_id}.",
        DefineVersion=DEFINE_VERSION,
        Standards=define.Standards(Standard=[standard]),
        ItemGroupDef=groups,
        ItemDef=definitions.items,
        CodeList=definitions.code_lists,
        MethodDef=definitions.methods,
        CommentDef=definitions.comments,
    )


def _table(source: Source, definitions: Definitions, model: Described, table: ExportTable, href: str) -> Any:
    oid = identifiers.item_group(table)
    lengths = source.text_lengths(table)
    leaf = f"LF.{table.name.upper()}"
    group = define.ItemGroupDef(
        OID=oid,
        Name=table.name.upper(),
        SASDatasetName=table.name.upper(),
        Repeating="No" if table.key == ("usubjid",) else "Yes",
        IsReferenceData="No" if any(column.name == "usubjid" for column in table.columns) else "Yes",
        Purpose=model.purpose,
        Structure=f"One record per {', '.join(name.upper() for name in table.key)}",
        ArchiveLocationID=leaf,
        IsNonStandard="Yes",
        CommentOID=add_comment(definitions, f"COM.{oid}", table.description),
        Description=described(table.label),
        ItemRef=[add_column(definitions, table, column, lengths.get(column.name)) for column in table.columns],
        Class=define.Class(Name=table.dataset_class),
        leaf=define.leaf(ID=leaf, href=href, title=define.title(_content=Path(href).name)),
    )
    if model is SDTM:
        group.Domain = table.name.upper()
    return group
