"""Where things are: the folders and files a load works with, as the environment names them.

Only locations and the settling time belong here. Numbers of the protocol are rows of its seeds (see `forms`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SEEDS_DIR = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
DEFAULT_SETTLE_SECONDS = 300


class SettingsError(ValueError):
    """The environment says something that can't be meant."""


@dataclass(frozen=True)
class Settings:
    """The landing folder, the warehouse folder, the site register, and how long a file must rest."""

    landing_dir: Path
    warehouse_dir: Path
    sites_file: Path
    settle_seconds: int = DEFAULT_SETTLE_SECONDS
    seeds_dir: Path = SEEDS_DIR

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """Read the MRBS_ variables; what is not set gets a default beside the current folder.

        Raises:
            SettingsError: a variable holds something that can't be used.
        """
        return cls(
            landing_dir=_path(environment, "MRBS_LANDING_DIR", "landing"),
            warehouse_dir=_path(environment, "MRBS_WAREHOUSE_DIR", "warehouse"),
            sites_file=_path(environment, "MRBS_SITES_FILE", "sites.yml"),
            settle_seconds=_seconds(environment, "MRBS_SETTLE_SECONDS", DEFAULT_SETTLE_SECONDS),
        )

    @property
    def working_file(self) -> Path:
        """Raw history and derivations; only the load opens it."""
        return self.warehouse_dir / "working.duckdb"

    @property
    def candidate_file(self) -> Path:
        """What the load is building, before it is published."""
        return self.warehouse_dir / "candidate.duckdb"

    @property
    def published_file(self) -> Path:
        """What people have open."""
        return self.warehouse_dir / "analysis.duckdb"

    @property
    def archive_dir(self) -> Path:
        """Every file that ever arrived, under its SHA-256."""
        return self.warehouse_dir / "archive"

    @property
    def decisions_dir(self) -> Path:
        """What people decided about deliveries, and about findings."""
        return self.warehouse_dir / "decisions"

    @property
    def lock_file(self) -> Path:
        """Held by the one load that may write."""
        return self.warehouse_dir / "working.lock"


def _path(environment: Mapping[str, str], name: str, default: str) -> Path:
    return Path(environment.get(name) or default).expanduser().absolute()


def _seconds(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{name} is {text!r}: a whole number of seconds is needed, 0 or more")
    return int(text)
