"""Raw history: what is untouched, closed and opened; and what it remembers of every night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.ingestion import bookkeeping, history
from orchestration.ingestion.forms import column_names
from orchestration.ingestion.records import InForce
from orchestration.ingestion.schema import create_raw_schema
from orchestration.ingestion.settings import SEEDS_DIR
from tests.orchestration.ingestion.landing_folder import LandingFolder, subjects

COLUMNS = column_names("pga")
Record = tuple[str | None, str | None]
FIRST_NIGHT = date(2026, 6, 1)


@cache
def _database(number: int) -> duckdb.DuckDBPyConnection:
    """A database in memory, emptied and used again by every test."""
    connection = duckdb.connect(":memory:")
    create_raw_schema(connection, SEEDS_DIR)
    return connection


class History:
    """raw.pga of one site in memory: each night is merged as a load would."""

    def __init__(self, database: int = 1) -> None:
        self.connection = _database(database)
        for table in ("pga", "row_positions", "in_force"):
            self.connection.execute(f"delete from raw.{table}")
        self.nights = 0

    def night(self, records: Sequence[Record]) -> None:
        delivered = FIRST_NIGHT + timedelta(days=self.nights)
        self.nights += 1
        rows = [(number, subjid, None, None, pgares, None, None) for number, (subjid, pgares) in enumerate(records, 2)]
        schema = {"row": pl.Int32, **dict.fromkeys((*COLUMNS, "extra"), pl.String)}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        self.connection.begin()
        incoming = history.IncomingFile("S01", frame, delivered, "pga.csv", f"sha{self.nights}")
        history.merge(self.connection, "pga", COLUMNS, [incoming], f"L{self.nights}")
        state = InForce(delivered, "pga.csv", f"sha{self.nights}", len(records), 0)
        bookkeeping.write_in_force(self.connection, {("S01", "pga"): state})
        self.connection.commit()

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def as_of(self, night: int) -> Counter[Record]:
        day = FIRST_NIGHT + timedelta(days=night)
        where = f"opened <= date '{day}' and (closed is null or closed > date '{day}')"
        return Counter(self.query(f"select subjid, pgares from raw.pga where {where}"))

    def current_ids(self) -> list[tuple[Any, ...]]:
        return self.query("select row_id from raw.pga where closed_load is null order by all")


def test_a_row_on_top_moves_every_position_and_touches_no_row() -> None:
    raw = History()
    raw.night([("1", "0.5"), ("2", "0.6")])
    before = raw.query("from raw.pga order by all")
    raw.night([("0", "0.4"), ("1", "0.5"), ("2", "0.6")])
    assert raw.query("select * from raw.pga where opened_load = 'L1' order by all") == before
    positions = raw.query("""
        select subjid, first_row, first_sha256, latest_row, latest_sha256, latest_delivered
        from raw.positions inner join raw.pga using (row_id) order by subjid
    """)
    second = date(2026, 6, 2)
    assert positions == [
        ("0", 2, "sha2", 2, "sha2", second), ("1", 2, "sha1", 3, "sha2", second), ("2", 3, "sha1", 4, "sha2", second),
    ]  # fmt: skip


def test_a_row_that_is_removed_is_closed_and_one_that_returns_is_opened_again() -> None:
    raw = History()
    raw.night([("1", "0.5"), ("2", "0.6")])
    raw.night([("2", "0.6")])
    raw.night([("2", "0.6"), ("1", "0.5")])
    versions = raw.query("select opened, closed, opened_load, closed_load from raw.pga where subjid = '1' order by 1")
    first, second, third = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)
    assert versions == [(first, second, "L1", "L2"), (third, None, "L3", None)]
    assert raw.query("select count(distinct row_id) from raw.pga where subjid = '1'") == [(1,)]
    assert raw.query("""
        select first_sha256, latest_sha256, latest_row from raw.positions
        semi join (from raw.pga where subjid = '1') using (row_id)
    """) == [("sha1", "sha3", 3)]


def test_a_removed_row_keeps_the_place_where_it_was_seen_last() -> None:
    raw = History()
    raw.night([("1", "0.5"), ("2", "0.6")])
    raw.night([("2", "0.6"), ("1", "0.5")])
    raw.night([("2", "0.6")])
    assert raw.query("""
        select first_row, latest_delivered, latest_sha256, latest_row from raw.positions
        semi join (from raw.pga where subjid = '1') using (row_id)
    """) == [(2, date(2026, 6, 2), "sha2", 3)]


def test_identical_rows_are_told_apart_by_their_number() -> None:
    raw = History()
    raw.night([("1", "0.5")] * 3)
    assert len(set(raw.current_ids())) == 3
    raw.night([("1", "0.5")] * 2)
    assert len(raw.current_ids()) == 2
    assert raw.query("select count(*) from raw.pga") == [(3,)]


def test_missing_values_and_texts_that_imitate_the_fingerprint_are_different_rows() -> None:
    raw = History()
    raw.night([("1", None), (None, "1"), ("1;", None), ("1;pgares=1:1;", None), ("1", "1"), (None, None)])
    assert len(set(raw.current_ids())) == 6


RECORDS = st.lists(st.tuples(st.sampled_from(["1", "2", "3", None]), st.sampled_from(["0.5", None])), max_size=6)


@settings(max_examples=12, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_history_gives_back_every_night_and_ends_where_the_last_night_alone_ends(
    nights: list[list[Record]], chance: Any
) -> None:
    raw = History()
    for records in nights:
        raw.night(records)
    for night, records in enumerate(nights):
        assert raw.as_of(night) == Counter(records)
    alone = History(database=2)
    shuffled = list(nights[-1])
    chance.shuffle(shuffled)
    alone.night(shuffled)
    assert raw.current_ids() == alone.current_ids()
    placed = raw.query("""
        select latest_row, subjid, pgares, latest_sha256 from raw.positions
        inner join (from raw.pga where closed_load is null) using (row_id) order by latest_row
    """)
    assert placed == [(number, *record, f"sha{len(nights)}") for number, record in enumerate(nights[-1], 2)]
    assert raw.query("select row_id from raw.row_positions group by all having count(*) > 1") == []


def test_the_order_of_rows_and_columns_changes_nothing(trial: LandingFolder) -> None:
    rows = subjects(5)
    trial.deliver("S01", "2026-06-01", dm=rows)
    trial.load()
    before = trial.query("from raw.dm order by all")
    header, *lines = (trial.settings.landing_dir / "S01" / "2026-06-01" / "dm.csv").read_text().splitlines()
    turned = [",".join(reversed(line.split(","))) for line in (header, *reversed(lines))]
    trial.deliver("S01", "2026-06-02", dm="\r\n".join([*turned, ""]).encode())
    trial.load()
    assert trial.query("from raw.dm order by all") == before
    assert trial.query("select latest_row from raw.positions order by first_row") == [(6,), (5,), (4,), (3,), (2,)]
