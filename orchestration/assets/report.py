"""After the publication, in a run of its own: the report of what has been published, so that no load waits for it.

What stands in it belongs in `orchestration.report`. A sensor asks for it (`automation.report_runs`); it reads only what
is published, holds no lock, and a report that can't be made fails nothing but its own run.
"""

from typing import Any

import dagster as dg

from orchestration.assets.opened import DATABASE_KEY
from orchestration.ingestion.settings import Settings

REPORT_KEY = dg.AssetKey(["publication", "report"])
REPORT = dg.AssetSpec(
    key=REPORT_KEY,
    group_name="publication",
    deps=[DATABASE_KEY],
    kinds={"html"},
    owners=["team:statistics"],
    description="The report of a publication: one HTML file of figures, each with its table and its definition.",
    tags={"layer": "publication", "study": "mrbs"},
)


@dg.multi_asset(name="write_report", specs=[REPORT])  # the job has the name `report`
def report_step(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """Write the report of the current publication, unless the newest one was made of the same tables."""
    from orchestration.report import report_holds_for, write_report

    warehouse = Settings.from_environment().warehouse_dir
    if still_holds := report_holds_for(warehouse):
        context.log.info("nothing has changed in the tables that %s was made of: it stands", still_holds.name)
        return dg.MaterializeResult(
            metadata={"report": dg.MetadataValue.path(str(still_holds)), "made": "not again: same tables"}
        )
    written = write_report(warehouse, report=context.log.debug)
    return dg.MaterializeResult(
        metadata={
            "report": dg.MetadataValue.path(str(written.file)),
            "load": written.load_id,
            "figures": written.figures,
            "figures_without_data": written.without_data,
            "bytes": written.bytes,
            "seconds": round(written.seconds, 1),
        }
    )
