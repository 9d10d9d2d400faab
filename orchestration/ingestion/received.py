"""The bytes of a delivery: read once, archived, and known again the next night by their size and times.

A file that is there but can't be read is not an accident of the load but something to tell its site.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from orchestration.ingestion.archive import LARGE, Archive, Arrival
from orchestration.ingestion.deliveries import MANIFEST, FileState, LandedDelivery, LandedFile
from orchestration.ingestion.dialects.read_forms import FormRead
from orchestration.ingestion.records import SeenFile

# No link is followed even if it took a file's place a moment ago, and a pipe in a file's place can't stall the load.
OPEN_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class StillChangingError(Exception):
    """The delivery isn't finished yet; the message says what shows it."""


@dataclass
class ReceivedFile:
    """A file of a delivery: its bytes, and later what they hold of each form (`read`), or why they can't be used.

    `data` is empty when the file has not been touched since it was handled; of a large file, it says where its bytes
    lie in the archive. `problem` says why there are none.
    """

    landed: LandedFile
    sha256: str | None = None
    data: Path | bytes = b""
    is_new: bool = False
    problem: str | None = None
    read: dict[str, FormRead] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.landed.name

    @property
    def forms(self) -> tuple[str, ...]:
        return self.landed.forms

    @property
    def is_manifest(self) -> bool:
        return self.name.lower() == MANIFEST

    @property
    def needs_answer(self) -> bool:
        return self.is_new or self.problem is not None


@dataclass
class Received:
    """All files of a delivery, and what there is to remember about them."""

    files: list[ReceivedFile] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)

    @property
    def seen(self) -> dict[str, SeenFile]:
        return {
            file.name: SeenFile(file.landed.state, file.sha256, ",".join(file.forms))
            for file in self.files
            if file.sha256 is not None
        }

    @property
    def manifest(self) -> ReceivedFile | None:
        return next((file for file in self.files if file.is_manifest), None)

    @property
    def to_answer(self) -> list[ReceivedFile]:
        return [file for file in self.files if file.needs_answer]


def receive(delivery: LandedDelivery, known: dict[str, SeenFile], archive: Archive, all_anew: bool) -> Received:
    """Read and archive what is new; `all_anew` also takes what was handled before.

    Raises:
        StillChangingError: a file changed while it was read.
        OSError: the archive can't be written.
    """
    received = Received()
    for landed in delivery.files:
        before = known.get(landed.name)
        needs_bytes = all_anew or delivery.has_manifest  # a manifest is held against all files, not only the new ones
        if before is not None and before.state == landed.state and not needs_bytes:
            received.files.append(ReceivedFile(landed, before.sha256))
            continue
        file = _read(landed, archive)
        arrived = file.sha256 is not None and (before is None or before.sha256 != file.sha256)
        file.is_new = arrived or (all_anew and file.sha256 is not None)
        if arrived and file.sha256 is not None:
            if isinstance(file.data, bytes):
                archive.store(file.data, file.sha256)
            received.arrivals.append(Arrival(*delivery.key, file.name, file.sha256, landed.state.size))
        received.files.append(file)
    return received


def _read(landed: LandedFile, archive: Archive) -> ReceivedFile:
    if landed.problem is not None:
        return ReceivedFile(landed, problem=landed.problem)
    try:
        descriptor = os.open(landed.path, OPEN_FLAGS)
    except OSError as error:
        return ReceivedFile(landed, problem=f"it can't be read: {error.strerror}")
    with os.fdopen(descriptor, "rb") as file:
        if landed.state.size > LARGE:
            sha256, size = archive.store_file(file)
            data: Path | bytes = archive.path_of(sha256)
        else:
            try:
                data = file.read()
            except OSError as error:
                return ReceivedFile(landed, problem=f"it can't be read: {error.strerror}")
            sha256, size = hashlib.sha256(data).hexdigest(), len(data)
        status = os.fstat(file.fileno())
    if FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns) != landed.state or size != status.st_size:
        raise StillChangingError(f"{landed.name} changed while it was read")
    return ReceivedFile(landed, sha256, data)
