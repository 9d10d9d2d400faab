"""The archive: every file that ever arrived, byte for byte, under its SHA-256, and an index of every arrival.

    archive/ab/abcdef...     the bytes, written beside, made durable and renamed: a file here is whole or absent
    archive/arrivals.jsonl   one line per arrival: site, delivery, file, SHA-256, bytes; only ever appended to

The archive and the decisions are all it takes to rebuild raw history: nothing here needs the working file.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

INDEX = "arrivals.jsonl"
# A larger file is copied and read piece by piece, as far as its format allows; smaller ones pass through memory.
LARGE = 64 * 1024 * 1024
PIECE = 4 * 1024 * 1024
ARRIVING = ".arriving-"
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Arrival:
    """One file of one delivery. After a killed load the index may name it twice, which changes nothing."""

    siteid: str
    delivered: date
    file: str
    sha256: str
    bytes: int


class ArchiveDamagedError(RuntimeError):
    """The archive lacks a file it should have, or holds other bytes than its name says."""


class Archive:
    """The archive of one warehouse."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def discard_unfinished(self) -> None:
        """Forget what a killed load left half written. Only for whoever holds the warehouse's lock."""
        for path in self.folder.glob(f"{ARRIVING}*"):
            path.unlink()

    def path_of(self, sha256: str) -> Path:
        """Where the bytes with this SHA-256 lie."""
        return self.folder / sha256[:2] / sha256

    def store(self, data: bytes, sha256: str) -> None:
        """Keep these bytes; nothing is written when the archive has them already.

        Raises:
            OSError: the disk is full or can't be written. The load must stop: nothing may be recorded unarchived.
        """
        with _saying_what_to_do(self.folder):
            self._store(data, self.path_of(sha256))

    def _store(self, data: bytes, target: Path) -> None:
        if target.exists() and target.stat().st_size == len(data):
            return
        if not target.parent.is_dir():
            target.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self.folder)
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=ARRIVING)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o444)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(target.parent)

    def store_file(self, file: BinaryIO) -> tuple[str, int]:
        """Keep all that a file holds, copied piece by piece: its SHA-256 and size.

        Raises:
            OSError: as `store`.
        """
        with _saying_what_to_do(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=ARRIVING)
            try:
                digest, size = hashlib.sha256(), 0
                with os.fdopen(descriptor, "wb") as copy:
                    while piece := file.read(PIECE):
                        digest.update(piece)
                        size += copy.write(piece)
                    copy.flush()
                    os.fsync(copy.fileno())
                    os.fchmod(copy.fileno(), 0o444)
                target = self.path_of(digest.hexdigest())
                if target.exists() and target.stat().st_size == size:
                    Path(name).unlink()
                else:
                    target.parent.mkdir(exist_ok=True)
                    Path(name).replace(target)
                    sync_folder(target.parent)
                    sync_folder(self.folder)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        return digest.hexdigest(), size

    def source(self, sha256: str) -> Path | bytes:
        """The bytes with this SHA-256; of a large file, where they lie.

        Raises:
            ArchiveDamagedError: as `read`.
        """
        path = self.path_of(sha256)
        if not path.exists() or path.stat().st_size <= LARGE:
            return self.read(sha256)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise ArchiveDamagedError(f"{path} holds other bytes than its name says; bring it back from the backup")
        return path

    def read(self, sha256: str) -> bytes:
        """The bytes with this SHA-256.

        Raises:
            ArchiveDamagedError: they are missing or not what they were.
        """
        try:
            data = self.path_of(sha256).read_bytes()
        except OSError as error:
            raise ArchiveDamagedError(f"the archive can't give back {sha256}: {error}") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ArchiveDamagedError(
                f"the archive's file {self.path_of(sha256)} no longer has the bytes its name says"
            )
        return data

    def record(self, arrivals: Iterable[Arrival]) -> None:
        """Append arrivals to the index and make them durable."""
        lines = [json.dumps({**asdict(arrival), "delivered": str(arrival.delivered)}) + "\n" for arrival in arrivals]
        if not lines:
            return
        with _saying_what_to_do(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            append_lines(self.folder / INDEX, lines)

    def arrivals(self) -> Iterator[Arrival]:
        """Every arrival the index names, in the order they came."""
        for entry in read_lines(self.folder / INDEX):
            delivered = date.fromisoformat(entry["delivered"])
            yield Arrival(entry["siteid"], delivered, entry["file"], entry["sha256"], int(entry["bytes"]))


@contextmanager
def _saying_what_to_do(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = "make room on its disk" if error.errno in NO_ROOM else "see that it can be written"
        message = f"{error.strerror}: the archive can't be written. {what.capitalize()} and load again; nothing is lost"
        raise OSError(error.errno, message, str(folder)) from error


def append_lines(path: Path, lines: list[str]) -> None:
    """Append whole lines, durably. A line that a killed process left unfinished is closed off first."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
    try:
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        data = (("\n" if torn else "") + "".join(lines)).encode()
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """The entries of a JSON-lines file; a line that was never finished was never promised to anybody."""
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                yield entry


def sync_folder(folder: Path) -> None:
    """Make what was made or renamed in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
