"""Which delivery is checked: the latest of the site in the landing folder, that of a date, or a folder elsewhere.

Looks for folders only; what lies in them is the business of a load.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.ingestion.deliveries import delivery_date
from orchestration.ingestion.settings import Settings

SHOWN = 5


class NothingToCheckError(ValueError):
    """There is no such site, delivery or folder; the message says what there is."""


@dataclass(frozen=True)
class Delivery:
    """A folder of files, and the date under which a load would take it."""

    siteid: str
    delivered: date
    folder: Path

    def remarks(self, settings: Settings, today: date) -> list[str]:
        """Why a load would not take it yet, where that is so."""
        found = []
        if self.delivered > today:
            found.append(f"It is dated {self.delivered}, after today: until then a load refuses it (DEL12).")
        wait = settings.settle_seconds
        if self.folder.is_relative_to(settings.landing_dir) and time.time() - _last_change(self.folder) < wait:
            found.append(f"Something in it changed less than {wait} s ago: a load waits until it rests.")
        return found


def find_delivery(
    settings: Settings, siteid: str, delivered: date | None, folder: Path | None, today: date
) -> Delivery:
    """The delivery that is meant. A folder elsewhere has the date that it is called by, else that of today.

    Raises:
        NothingToCheckError: there is none.
    """
    if folder is not None:
        if not folder.is_dir():
            raise NothingToCheckError(f"{folder} is no folder; --folder names one that holds the files of a delivery")
        return Delivery(siteid, delivered or delivery_date(folder.resolve().name) or today, folder)
    of_site = settings.landing_dir / siteid
    dates = _dates(of_site)
    if not dates:
        raise NothingToCheckError(
            f"{of_site} holds no delivery (a folder named like 2026-11-21); --folder FOLDER checks files elsewhere"
        )
    if delivered is not None and delivered not in dates:
        shown = ", ".join(str(found) for found in dates[:SHOWN])
        raise NothingToCheckError(f"{siteid} has no delivery of {delivered} in {settings.landing_dir}; latest: {shown}")
    chosen = delivered or dates[0]
    return Delivery(siteid, chosen, of_site / str(chosen))


def _dates(of_site: Path) -> list[date]:
    """The dates of the delivery folders, the latest first."""
    try:
        with os.scandir(of_site) as entries:
            found = [delivery_date(entry.name) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return sorted((day for day in found if day is not None), reverse=True)


def _last_change(folder: Path) -> float:
    with os.scandir(folder) as entries:
        return max((entry.stat(follow_symlinks=False).st_mtime for entry in entries), default=0.0)
