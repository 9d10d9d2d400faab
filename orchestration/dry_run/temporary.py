"""The temporary landing folder, register and warehouse in which a delivery is tried, gone when it is done.

The register there holds the one site, as its entry stands now; the decisions are a copy, so that what was released or
approved holds here too.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from orchestration.ingestion.dialects.delivery_files import forms_by_file, pattern_of
from orchestration.ingestion.register import Register
from orchestration.ingestion.settings import Settings


@dataclass(frozen=True)
class Temporary:
    """A warehouse of one site that nobody else knows of."""

    siteid: str
    register: Register
    settings: Settings
    environment: dict[str, str]

    def folder_of(self, delivered: date) -> Path:
        folder = self.settings.landing_dir / self.siteid / str(delivered)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def name_of(self, form: str, file: str) -> str:
        """What a file of a form is called now: as it was, unless the register has given it another name since."""
        site = self.register.sites[self.siteid]
        if forms_by_file(site, [file], [form])[file]:
            return file
        return pattern_of(site, form).replace("*", "").replace("?", "_")


@contextmanager
def temporary_warehouse(settings: Settings, register: Register, siteid: str) -> Iterator[Temporary]:
    """A landing folder without deliveries and an empty warehouse for one site of the register."""
    with tempfile.TemporaryDirectory(prefix="mrbs-check-") as name:
        folder = Path(name)
        own = Settings(folder / "landing", folder / "warehouse", folder / "sites.yml", 0, settings.seeds_dir)
        own.landing_dir.mkdir()
        own.warehouse_dir.mkdir()
        _write_register(settings.sites_file, own.sites_file, siteid)
        dictionary = register.sites[siteid].dictionary
        if dictionary is not None and (settings.sites_file.parent / dictionary).is_file():
            shutil.copyfile(settings.sites_file.parent / dictionary, folder / dictionary)
        if settings.decisions_dir.is_dir():
            shutil.copytree(settings.decisions_dir, own.decisions_dir)
        environment = {
            "MRBS_LANDING_DIR": str(own.landing_dir),
            "MRBS_WAREHOUSE_DIR": str(own.warehouse_dir),
            "MRBS_SITES_FILE": str(own.sites_file),
            "MRBS_SETTLE_SECONDS": "0",
            "DAGSTER_HOME": str(folder / "dagster"),
        }
        yield Temporary(siteid, register, own, environment)


def _write_register(theirs: Path, ours: Path, siteid: str) -> None:
    """The entry as it is written, not as it was understood: it is read once more by the load."""
    content = yaml.safe_load(theirs.read_text(encoding="utf-8-sig"))
    content["sites"] = {siteid: content["sites"][siteid]}
    ours.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def copy_delivery(source: Path, target: Path) -> list[str]:
    """Copy what lies in a delivery folder; say what can't be read. Links and folders in it stay what they are, since
    a load refuses them."""
    remarks = []
    with os.scandir(source) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            kind = entry.stat(follow_symlinks=False).st_mode
            copy = target / entry.name
            if stat.S_ISLNK(kind):
                copy.symlink_to(Path(entry.path).readlink())
            elif stat.S_ISDIR(kind):
                copy.mkdir()
            elif not stat.S_ISREG(kind):
                os.mkfifo(copy)
            else:
                try:
                    shutil.copy2(entry.path, copy)
                except OSError as error:
                    remarks.append(f"{entry.name} can't be read: {error.strerror}; a load would refuse it.")
    return remarks
