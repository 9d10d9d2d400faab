"""Where Dagster keeps runs and events: its own SQLite files, with a connection that stays open between two events.

Dagster's storage makes an engine, a connection and a file lock for every event, and a load writes some 900 events: that
was a third of the processor time of a small load (docs/performance.md). Nothing else differs: the files, their schema
and what stands in them are Dagster's, and either class can read what the other wrote. dagster.yaml names this class.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage, _event_logs_directory
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

# A webserver looks at the files of many runs (one file a run): only the latest stay open.
FILES_KEPT_OPEN = 8


class ReusingEventLogStorage(SqliteEventLogStorage):
    """Dagster's event log, a file a run, that opens a file once instead of once an event."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._open: OrderedDict[str, Engine] = OrderedDict()
        self._open_lock = threading.RLock()
        super().__init__(base_dir, inst_data)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._open_lock, self._engine(shard).begin() as connection:
            yield connection

    def _engine(self, shard: str) -> Engine:
        if shard not in self._open:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=StaticPool,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _no_flush_per_event)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            self._open[shard] = engine
            if len(self._open) > FILES_KEPT_OPEN:
                self._open.popitem(last=False)[1].dispose()
        self._open.move_to_end(shard)
        return self._open[shard]

    def dispose(self) -> None:
        with self._open_lock:
            while self._open:
                self._open.popitem()[1].dispose()
        super().dispose()


def _no_flush_per_event(connection: Any, _: Any) -> None:
    """With a write-ahead log, only a power cut can now take back the last events; it never leaves a broken file."""
    connection.execute("pragma synchronous = normal")


class WarehouseStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage, whose event log is the one above."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = ReusingEventLogStorage(_event_logs_directory(base_dir))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Any) -> WarehouseStorage:
        return cls.from_local(inst_data=inst_data, **config_value)
