"""What lies in the landing folder: sites, their dated folders, the files in them. Looks, and decides nothing.

    <landing>/<site>/<YYYY-MM-DD>/<file>

Whatever else lies there is named with the reason why it is no part of a delivery. Links are never followed: what
lies outside the landing folder, or in another site's folder, is not this site's delivery.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

MANIFEST = "manifest.csv"
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class LandingMissingError(RuntimeError):
    """There is no landing folder: a share that isn't mounted must not look like a night without deliveries."""


class FileState(NamedTuple):
    """What tells, without reading it, that a file is the one that was read before."""

    size: int
    modified_ns: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class LandedFile:
    """A file of a delivery. `forms` are those that it is said to hold, none when its name is no form's; `problem` says
    why it can't be opened."""

    name: str
    path: str
    state: FileState
    forms: tuple[str, ...] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class LandedDelivery:
    """One dated folder of one site."""

    siteid: str
    delivered: date
    files: tuple[LandedFile, ...]
    last_change: float
    problem: str | None = None

    @property
    def key(self) -> tuple[str, date]:
        return self.siteid, self.delivered

    @property
    def has_manifest(self) -> bool:
        return any(file.name.lower() == MANIFEST for file in self.files)

    @property
    def forms(self) -> set[str]:
        return {form for file in self.files for form in file.forms}

    def is_settled(self, settle_seconds: int, now: float) -> bool:
        """Whether nothing in the folder has changed for the settling time."""
        return now - self.last_change >= settle_seconds


class Oddity(NamedTuple):
    """Something in the landing folder that is no part of a delivery."""

    siteid: str
    delivered: date | None
    name: str
    message: str


@dataclass(frozen=True)
class Landing:
    """Everything that was found."""

    deliveries: tuple[LandedDelivery, ...]
    oddities: tuple[Oddity, ...]


# Site and the names of a delivery's files: the forms that each file is said to hold.
Claims = Callable[[str, Sequence[str]], Mapping[str, tuple[str, ...]]]


def scan(landing_dir: Path, claims: Claims, now: float) -> Landing:
    """Look through the landing folder. `claims` says by their names which files hold which forms of a site.

    Raises:
        LandingMissingError: it isn't there or can't be listed.
    """
    deliveries: list[LandedDelivery] = []
    oddities: list[Oddity] = []
    try:
        sites = _listed(landing_dir)
    except OSError as error:
        raise LandingMissingError(f"the landing folder {landing_dir} can't be listed: {error.strerror}") from error
    for site in sites:
        if site.name.startswith(".") or not (site.is_dir(follow_symlinks=False) or site.is_symlink()):
            continue  # a stray file beside the sites' folders says nothing about any site
        for found in _scan_site(site, claims, now):
            if isinstance(found, LandedDelivery):
                deliveries.append(found)
            else:
                oddities.append(found)
    return Landing(tuple(sorted(deliveries, key=lambda delivery: delivery.key)), tuple(oddities))


def _scan_site(site: os.DirEntry[str], claims: Claims, now: float) -> Iterator[LandedDelivery | Oddity]:
    siteid = printable(site.name)
    if site.is_symlink():
        yield Oddity(siteid, None, siteid, f"{siteid} is a link, not a folder; links are not followed")
        return
    try:
        folders = _listed(Path(site.path))
    except OSError as error:
        yield Oddity(siteid, None, siteid, f"the folder of {siteid} can't be listed: {error.strerror}")
        return
    for folder in folders:
        name = printable(folder.name)
        delivered = delivery_date(name)
        if name.startswith("."):
            continue
        if folder.is_symlink():
            yield Oddity(siteid, None, name, f"{name} is a link; links are not followed")
        elif not folder.is_dir(follow_symlinks=False):
            yield Oddity(siteid, None, name, f"{name} lies outside any delivery folder")
        elif delivered is None:
            yield Oddity(siteid, None, name, f"the folder name {name} is no date; a delivery is named like 2026-11-21")
        else:
            yield _scan_delivery(siteid, delivered, Path(folder.path), claims, now)


def _scan_delivery(siteid: str, delivered: date, folder: Path, claims: Claims, now: float) -> LandedDelivery:
    files: list[LandedFile] = []
    changes: list[float] = []
    try:
        for entry in _listed(folder):
            status = entry.stat(follow_symlinks=False)
            changes.append(_changed_at(status, now))
            if not entry.name.startswith("."):  # transfer programs keep what is half there under such names
                files.append(_landed_file(entry, status))
        if not changes:
            changes.append(_changed_at(folder.stat(follow_symlinks=False), now))
    except OSError as error:
        reason = f"the delivery folder can't be listed: {error.strerror}"
        return LandedDelivery(siteid, delivered, (), 0.0, reason)
    held = claims(siteid, [file.name for file in files if file.name.lower() != MANIFEST])
    files = [replace(file, forms=held.get(file.name, ())) for file in files]
    return LandedDelivery(siteid, delivered, tuple(_only_one_per_form(files)), max(changes))


def _landed_file(entry: os.DirEntry[str], status: os.stat_result) -> LandedFile:
    problem = None
    if stat.S_ISLNK(status.st_mode):
        problem = "it is a link, not a file; links are not followed"
    elif stat.S_ISDIR(status.st_mode):
        problem = "it is a folder, not a file"
    elif not stat.S_ISREG(status.st_mode):
        problem = "it is no ordinary file"
    state = FileState(status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return LandedFile(printable(entry.name), entry.path, state, problem=problem)


def _only_one_per_form(files: list[LandedFile]) -> Iterator[LandedFile]:
    """Names differ by capitals on some systems only, and a pattern may fit two: chance must not decide."""
    claimed = Counter(form for file in files for form in file.forms)
    for file in files:
        contested = [form for form in file.forms if claimed[form] > 1]
        if contested:
            twins = [other.name for other in files if set(contested) & set(other.forms)]
            about = ", ".join(contested)
            yield replace(file, problem=f"more than one file claims to be {about}: {', '.join(sorted(twins))}")
        else:
            yield file


def _changed_at(status: os.stat_result, now: float) -> float:
    """When a file changed. A site's clock may be ahead: then what this machine's clock says about the file counts."""
    return status.st_mtime if status.st_mtime <= now else min(status.st_ctime, now)


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def delivery_date(name: str) -> date | None:
    """The date that a delivery folder's name says, or None when it is none."""
    if not DATE.fullmatch(name):
        return None
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def printable(name: str) -> str:
    """A file name as it can be shown and stored, whatever bytes it is made of."""
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)
