"""Where an SDTM export's tables lie while it runs: a folder of the warehouse that nobody else may open.

They hold free text, so none may stay behind: the folder goes with its export, and that of a killed export with the next
export or load. What belongs here: making, marking and sweeping the folder. What does not: what is put into it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = ".sdtm."


@contextmanager
def sdtm_folder(warehouse: Path) -> Iterator[Path]:
    """An empty folder, until the block ends; to be entered under the warehouse's lock. Its owner alone may look in.

    It is locked for as long as its process lives, since an export writes its files after it has given the warehouse
    back: so a sweep tells a folder that is in use from one that was left.
    """
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=warehouse) as folder:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Path(folder)
        finally:
            os.close(descriptor)


def sweep_sdtm_folders(warehouse: Path) -> None:
    """Remove what killed exports left; to be called under the warehouse's lock."""
    for folder in warehouse.glob(f"{PREFIX}*"):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        else:
            shutil.rmtree(folder)
        finally:
            os.close(descriptor)
