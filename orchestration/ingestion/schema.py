"""The tables of the schema raw in the working file: made when missing, widened when the contract grows.

What they mean is said here; what is written into them, and when, stands in `bookkeeping` and `history`.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.ingestion.forms import column_names, form_names

BOOKKEEPING = {
    # Every load: the date it took as today, the code it ran, how it ended.
    "loads": "load_id varchar, clock date, started_at timestamp, code_version varchar, status varchar",
    # One row per file that arrived under a date, with what became of it. Form NULL: the whole delivery.
    "deliveries": """
        siteid varchar, delivered date, form varchar, file varchar, sha256 varchar, bytes bigint, rows integer,
        subjects integer, status varchar, rule_id varchar, reason varchar, sequence bigint, load_id varchar,
        recorded date, reading varchar""",
    # Everything that was noticed, also about files that were taken. Without a rule: worth knowing, no finding.
    "notes": """
        siteid varchar, delivered date, form varchar, file varchar, sha256 varchar, rule_id varchar, message varchar,
        sequence bigint""",
    # The file that the current rows of a site's form came from, how it was read (`dialects.reading`; NULL: canonical
    # CSV), and what is particular about its columns (`intake`).
    "in_force": """
        siteid varchar, form varchar, delivered date, file varchar, sha256 varchar, rows integer, subjects integer,
        reading varchar, columns varchar""",
    # How files were read that count or counted, so that any of them can be read again in the same way.
    "readings": "fingerprint varchar, form varchar, says varchar",
    # Files that were handled, and by what to know them again without reading them.
    "seen_files": """
        siteid varchar, delivered date, file varchar, size bigint, modified_ns bigint, changed_ns bigint,
        sha256 varchar, forms varchar""",
    # Where each row stands. What is the same for all rows of a file (its name, its date) is written here only once
    # a row has left: as long as it is current, in_force says it. So an insertion on top moves row numbers only.
    "row_positions": """
        form varchar, siteid varchar, row_id varchar,
        first_delivered date, first_file varchar, first_sha256 varchar, first_row integer,
        latest_delivered date, latest_file varchar, latest_sha256 varchar, latest_row integer""",
}

POSITIONS_VIEW = """
    create view if not exists raw.positions as
    select
        position.form,
        position.siteid,
        position.row_id,
        position.first_delivered,
        position.first_file,
        position.first_sha256,
        position.first_row,
        coalesce(position.latest_delivered, in_force.delivered) as latest_delivered,
        coalesce(position.latest_file, in_force.file) as latest_file,
        coalesce(position.latest_sha256, in_force.sha256) as latest_sha256,
        position.latest_row
    from raw.row_positions as position
    left join raw.in_force as in_force
        on position.siteid = in_force.siteid and position.form = in_force.form
"""


def create_raw_schema(connection: duckdb.DuckDBPyConnection, seeds_dir: Path) -> None:
    """Make what is missing. Raw tables are never altered otherwise."""
    existing: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'raw' and not internal"
    ).fetchall():
        existing.setdefault(table, set()).add(column)
    statements = [] if existing else ["create schema if not exists raw"]
    for form in form_names(seeds_dir):
        columns = column_names(form, seeds_dir)
        if form not in existing:
            statements.append(_create_form(form, columns))
        else:
            added = [column for column in columns if column not in existing[form]]
            statements += [f"alter table raw.{form} add column {column} varchar" for column in added]
    for name, ddl in BOOKKEEPING.items():
        if name not in existing:
            statements.append(f"create table raw.{name} ({ddl})")
            continue
        for column in ddl.split(","):
            if column.split()[0] not in existing[name]:
                statements.append(f"alter table raw.{name} add column {column}")
    if "positions" not in existing:
        statements.append(POSITIONS_VIEW)
    if statements:
        connection.begin()
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def _create_form(form: str, columns: tuple[str, ...]) -> str:
    """A form's history. A row version counts from `opened` until `closed`; current rows have no closed_load."""
    values = ", ".join(f"{column} varchar" for column in columns)
    return (
        f"create table raw.{form} (row_id varchar, siteid varchar, {values}, extra varchar, "
        "opened date, closed date, opened_load varchar, closed_load varchar)"
    )
