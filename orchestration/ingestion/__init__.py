"""From the landing folder to raw history. Knows files, sites and rows; knows no Dagster, and no derivation.

    settings, register, forms      what a load goes by (site_entries: what an entry of the register may say)
    lock                           one load at a time
    deliveries, received, archive  what lies there, and its bytes kept for ever
    reader, formats, dialects      what a file holds: canonical CSV; any format; from a site's way of writing to ours
    manifest, gate, drift          whether it may count: against its manifest, the state before, the columns before
    unhandled, intake, landing     which deliveries to look at; one delivery (known_forms: its forms); all
    history, schema, bookkeeping   what is written into the schema raw (records, outcome: the values it is made of)
    decision_log, decisions, reconcile   what people decide about deliveries, and what then counts, as the register says
    column_log, columns            what people approved about columns; how they do
    surroundings, problems         what else was noticed, and which findings about deliveries are open

`land` is steps 2 and 3 of a load. Modules that need Polars or DuckDB are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.ingestion.landing import LandingSummary, land
    from orchestration.ingestion.problems import DeliveryProblem, delivery_problems

__all__ = ["DeliveryProblem", "LandingSummary", "delivery_problems", "land"]

_HOMES = {
    "land": "landing",
    "LandingSummary": "landing",
    "delivery_problems": "problems",
    "DeliveryProblem": "problems",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
