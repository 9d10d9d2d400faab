"""The report after every publication: a job of its own, and the sensor that starts it.

Not a step of the nightly load: charts cost seconds that nobody should wait for, and a report that fails must not make a
load that published look failed. The sensor follows the published database, whichever way a load was started.
"""

import dagster as dg

from orchestration.assets.opened import DATABASE_KEY
from orchestration.assets.report import REPORT_KEY

report_job = dg.define_asset_job(
    name="report",
    selection=dg.AssetSelection.assets(REPORT_KEY),
    executor_def=dg.in_process_executor,
    description="The report of what is published now: reports/<load>.html in the warehouse folder.",
    tags={"study": "mrbs"},
)


@dg.asset_sensor(
    asset_key=DATABASE_KEY,
    job=report_job,
    name="report_after_publication",
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Makes the report of every publication, once.",
)
def report_after_publication(context: dg.SensorEvaluationContext, event: dg.EventLogEntry) -> dg.RunRequest:
    """One run a publication: a request with a key that was there already is not run again."""
    materialization = event.asset_materialization
    load = materialization.metadata.get("load") if materialization else None
    return dg.RunRequest(run_key=str(load.value) if load is not None else event.run_id)
