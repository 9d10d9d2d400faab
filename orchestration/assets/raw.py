"""The first step: deliveries land, are archived and become raw history. The work is `ingestion.land`.

One step for all forms and sites: what costs time in Dagster is the number of steps, not what is in them.
"""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.ingestion import forms
from orchestration.resources import WAREHOUSE, Load

GROUP = "raw"

FORM_TITLES = {
    "dm": "Demographics: one row per subject",
    "acr": "ACR 1997 criteria: one row per subject and criterion",
    "ie": "Eligibility: the site's answer to each inclusion and exclusion criterion",
    "mh": "Medical history",
    "sv": "Visits: one row per subject and visit",
    "vs": "Vital signs, among them the weights that doses are planned from",
    "ex": "Infusions of belimumab",
    "sledai": "SLEDAI-2K assessments, 24 items each",
    "bilag": "BILAG-2004 assessments, a grade for each of nine systems",
    "pga": "Physician's global assessments",
    "lb": "Laboratory results",
    "cm": "Concomitant medication",
    "ae": "Adverse events",
    "ds": "Disposition: end of study and end of treatment",
}

BOOKKEEPING = {
    "deliveries": "Every file that ever arrived, what became of it (loaded, unchanged, refused, held, ...) and why.",
    "in_force": "For each site and form, the accepted file that counts now and the date of its delivery.",
    "positions": "Where each raw row stands: file, SHA-256 and row number, first and latest.",
    "notes": "What was noticed about deliveries and files before they were merged (the DEL rules).",
    "loads": "Every load: its id, the date it took as today, the code it ran.",
}


def raw_specs() -> list[dg.AssetSpec]:
    """One spec per form and per bookkeeping table of the raw schema."""
    form_specs = [_form_spec(form, title) for form, title in FORM_TITLES.items()]
    return form_specs + [_bookkeeping_spec(name, text) for name, text in BOOKKEEPING.items()]


def _form_spec(form: str, title: str) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(column.column_name, "varchar", description=column.label) for column in forms.columns_of(form)
    ]
    return dg.AssetSpec(
        key=[GROUP, form],
        group_name=GROUP,
        kinds={"duckdb", "csv"},
        owners=["team:data-engineering"],
        description=(
            f"{title}. Every row that any site ever delivered, exactly as delivered, kept as history: "
            "a row that a later delivery lacks is closed, never deleted."
        ),
        tags={"layer": "raw", "study": "mrbs"},
        metadata={
            "dagster/table_name": f"working.raw.{form}",
            "dagster/column_schema": dg.TableSchema(columns=columns),
        },
    )


def _bookkeeping_spec(name: str, text: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        key=[GROUP, name],
        group_name=GROUP,
        kinds={"duckdb"},
        owners=["team:data-engineering"],
        description=text,
        tags={"layer": "raw", "study": "mrbs"},
        metadata={"dagster/table_name": f"working.raw.{name}"},
    )


@dg.multi_asset(name="land", specs=raw_specs(), can_subset=False, pool=WAREHOUSE)
def land(context: dg.AssetExecutionContext, load: Load) -> Iterator[dg.MaterializeResult[Any]]:
    """Take every settled delivery, in the order of its date, into the archive and into raw history."""
    from orchestration import ingestion
    from orchestration.version import code_version

    tell = load.reporter(context, "land")
    tell(f"looking for deliveries in {load.settings.landing_dir}")
    summary = ingestion.land(
        load.settings,
        clock=load.clock,
        load_id=load.load_id,
        code_version=code_version(),
        report=tell,
    )
    tell(summary.sentence())
    with load.connect() as connection:
        for spec in context.assets_def.specs:
            table = spec.key.path[-1]
            condition = "where closed_load is null" if table in FORM_TITLES else ""
            row = connection.execute(f"select count(*) from raw.{table} {condition}").fetchone()
            yield dg.MaterializeResult(
                asset_key=spec.key,
                metadata={"dagster/row_count": row[0] if row else 0, "load": load.load_id},
            )
