"""The trial shaped as SDTM, made when somebody exports it: a dbt build of models/sdtm over the publication's rows.

No load makes these tables and no publication holds them (docs/adr/0021). What belongs here: making them of exactly what
the current publication was made of, or saying why that can't be. What does not: what a domain holds, and any format.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.derivation.project import AT_EXPORT
from orchestration.export.described import ExportTable
from orchestration.export.sdtm_folder import sdtm_folder, sweep_sdtm_folders
from orchestration.export.source import Source, open_current
from orchestration.ingestion.lock import hold_lock
from orchestration.ingestion.settings import Settings
from orchestration.summary import open_published

WAIT_SECONDS = 3600
"""A load that is under way is waited for, as long as another load would wait."""


class NotOfThePublicationError(RuntimeError):
    """The rows at hand are not those of the current publication. Nothing was written."""


@contextmanager
def open_sdtm(warehouse: Path, _: list[ExportTable], report: Callable[[str], None]) -> Iterator[Source]:
    """The current publication with the SDTM-shaped tables in place of its own; they are gone afterwards.

    Raises:
        FileNotFoundError: nothing has been published yet.
        NotOfThePublicationError: a later load took deliveries in and did not publish, or the code has changed since.
        LoadLocked: a load was under way for longer than one waits.
    """
    from orchestration.derivation.build import build

    settings = replace(Settings.from_environment(), warehouse_dir=warehouse)
    with open_current(warehouse, []):
        pass  # where nothing is published there is nothing to wait for
    with ExitStack() as opened:
        with hold_lock(settings, owner="mrbs export", wait_seconds=WAIT_SECONDS, report=report):
            # Only now: the load that was waited for may have published another one.
            published = opened.enter_context(open_current(warehouse, []))
            _require_the_same_rows(settings.working_file, published.load_id)
            sweep_sdtm_folders(warehouse)
            made = opened.enter_context(sdtm_folder(warehouse)) / "sdtm.duckdb"
            build(settings.working_file, made, settings.warehouse_dir / "logs", report, select=[f"tag:{AT_EXPORT}"])
        yield replace(published, connection=opened.enter_context(open_published(made)))


def _require_the_same_rows(working_file: Path, load_id: str) -> None:
    """The typed rows of the working file are those of the load that derived last; it must be the published one."""
    from orchestration.derivation.unchanged import code_with_libraries

    with duckdb.connect(str(working_file), read_only=True) as connection:
        try:
            derived = connection.execute("select load_id from derivation.published").fetchone()
            code = connection.execute("select any_value(code) from derivation.sites").fetchone()
        except duckdb.CatalogException:
            derived = code = None
    if derived != (load_id,):
        raise NotOfThePublicationError(
            f"A load after {load_id} has begun to derive and did not publish, so the rows at hand are not those of the "
            "publication. Export when the next load has published."
        )
    if code != (code_with_libraries(),):
        raise NotOfThePublicationError(
            "The publication was made by another version of MRBS. Load once with this version, then export."
        )
