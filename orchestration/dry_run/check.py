"""The dry run of one delivery, in order: the register, the delivery, what counted before, the answers, the whole load.

The same functions run as in a load; only where they write is another place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.dry_run.answers import Answers, read_answers
from orchestration.dry_run.delivery import Delivery, NothingToCheckError, find_delivery
from orchestration.dry_run.earlier import EarlierFile, read_earlier
from orchestration.dry_run.temporary import Temporary, copy_delivery, temporary_warehouse
from orchestration.dry_run.whole_load import WholeLoad, run_whole_load
from orchestration.ingestion import land
from orchestration.ingestion.archive import Archive, ArchiveDamagedError
from orchestration.ingestion.forms import form_names
from orchestration.ingestion.records import ACCEPTED
from orchestration.ingestion.register import Register, load_register
from orchestration.ingestion.settings import Settings
from orchestration.progress import Listener

EARLIER, CHECKED = "earlier", "checked"  # ids of the two loads


@dataclass(frozen=True)
class Checked:
    """What a load would make of a delivery. `remarks` are sentences about how that was found out; `whole` is None when
    only the answers were asked for."""

    delivery: Delivery
    answers: Answers
    remarks: tuple[str, ...]
    whole: WholeLoad | None = None

    @property
    def all_taken(self) -> bool:
        return self.answers.all_taken and (self.whole is None or self.whole.published)


def register_for(settings: Settings, siteid: str) -> Register:
    """The register, when the entry of the site can be used. What is wrong with others is in `unusable`.

    Raises:
        RegisterError: the register can't be used at all.
        NothingToCheckError: the site isn't in it, or its entry can't be used.
    """
    register = load_register(settings.sites_file)
    if siteid in register.unusable:
        raise NothingToCheckError(f"{register.unusable[siteid]}.")
    if siteid not in register.sites:
        there = ", ".join(sorted({*register.sites, *register.unusable})) or "none"
        raise NothingToCheckError(f"{siteid} is not in the site register {settings.sites_file}; its sites are {there}")
    return register


def check_delivery(
    settings: Settings,
    siteid: str,
    today: date,
    listener: Listener,
    delivered: date | None = None,
    folder: Path | None = None,
    quick: bool = False,
) -> Checked:
    """Try a delivery of a site: the given one, else the latest in the landing folder. `quick` only lands it.

    Raises:
        RegisterError, NothingToCheckError: it can't be checked.
    """
    register = register_for(settings, siteid)
    delivery = find_delivery(settings, siteid, delivered, folder, today)
    before = read_earlier(settings.published_file, siteid, delivery.delivered)
    remarks = [*delivery.remarks(settings, today), *before.remarks]
    with temporary_warehouse(settings, register, siteid) as temporary:
        if before.files:
            listener("before", f"what counts for {len(before.files)} forms of {siteid} comes back from the archive")
            remarks += _bring_back(temporary, before.files, Archive(settings.archive_dir))
        remarks += copy_delivery(delivery.folder, temporary.folder_of(delivery.delivered))
        _land(temporary, delivery.delivered, CHECKED, listener)
        forms = form_names(settings.seeds_dir)
        with duckdb.connect(str(temporary.settings.working_file), read_only=True) as connection:
            answers = read_answers(connection, CHECKED, siteid, delivery.delivered, forms)
        whole = None
        taken = {answer.form for answer in answers.forms if answer.form and answer.status in ACCEPTED}
        if taken and not quick:
            whole = run_whole_load(temporary, delivery.delivered, taken, before.open_findings, listener)
    return Checked(delivery, answers, tuple(remarks), whole)


def _bring_back(temporary: Temporary, files: Sequence[EarlierFile], archive: Archive) -> list[str]:
    """Land what counted before; say of which forms that can't be done."""
    remarks = []
    for file in files:
        place = temporary.folder_of(file.delivered) / temporary.name_of(file.form, file.file)
        try:
            data = archive.read(file.sha256)
        except ArchiveDamagedError as error:
            remarks.append(f"{_counted(file)} is not compared with: {error}.")
            continue
        if place.exists() and place.read_bytes() != data:
            _land(temporary, file.delivered)  # one file of several forms came twice under a date
        place.write_bytes(data)
    _land(temporary, files[-1].delivered)
    with duckdb.connect(str(temporary.settings.working_file), read_only=True) as connection:
        counting = dict(connection.execute("select form, sha256 from raw.in_force").fetchall())
        reasons = dict(
            connection.execute(
                "select (form, sha256), coalesce(reason, status) from raw.deliveries order by sequence"
            ).fetchall()
        )
    return remarks + [
        f"{_counted(file)} can't be read as the register now says, so there is nothing to compare with: {reason}."
        for file in files
        if counting.get(file.form) != file.sha256
        and (reason := reasons.get((file.form, file.sha256), "it holds nothing of the form"))
    ]


def _counted(file: EarlierFile) -> str:
    return f"What counts for {file.form} ({file.file} of {file.delivered})"


def _land(
    temporary: Temporary, clock: date, load_id: str = EARLIER, listener: Listener = lambda step, message: None
) -> None:
    land(temporary.settings, clock, load_id, lambda message: listener("land", message))
