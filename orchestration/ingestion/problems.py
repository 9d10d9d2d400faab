"""The findings about deliveries that are open now (DEL rules), read from what loads noted.

One per site, form and rule. Which rows of a file are wrong is not asked here: that is for the rules of `validation`.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import duckdb


class DeliveryProblem(NamedTuple):
    """An open finding about a delivery. `form` is None when it is about the delivery as a whole."""

    rule_id: str
    siteid: str
    form: str | None
    delivered: date | None
    file: str | None
    message: str


# The next accepted delivery of a form settles what was noted about it before; what is noted about an accepted file
# itself stays until the one after. A column that the contract doesn't know is there as long as its file counts, and
# a held file is a problem only while it is held.
OPEN_PROBLEMS = """
    with accepted_form as (
        select siteid, form, max(sequence) as sequence
        from raw.deliveries
        where status in ('LOADED', 'UNCHANGED')
        group by siteid, form
    ),
    accepted_site as (
        select siteid, max(sequence) as sequence
        from accepted_form
        group by siteid
    ),
    judged as (
        select
            note.*,
            coalesce(case when note.form is null then accepted_site.sequence else accepted_form.sequence end, 0)
                as accepted_sequence,
            delivery.status,
            in_force.sha256 as sha256_in_force
        from raw.notes as note
        left join accepted_form on note.siteid = accepted_form.siteid and note.form = accepted_form.form
        left join accepted_site on note.siteid = accepted_site.siteid
        left join raw.in_force as in_force on note.siteid = in_force.siteid and note.form = in_force.form
        left join raw.deliveries as delivery
            on note.siteid = delivery.siteid and note.delivered = delivery.delivered
            and note.form = delivery.form and note.sha256 = delivery.sha256
        where note.rule_id is not null
    )
    select rule_id, siteid, form, delivered, file, message
    from judged
    where
        case rule_id
            when 'DEL04' then sha256 = sha256_in_force or (status = 'HELD' and sequence > accepted_sequence)
            when 'DEL07' then status = 'HELD' and sequence > accepted_sequence
            when 'DEL13' then status = 'HELD' and sequence > accepted_sequence
            when 'DEL11' then sequence >= accepted_sequence
            else sequence > accepted_sequence
        end
    qualify row_number() over (partition by rule_id, siteid, form order by sequence desc, message) = 1
    order by rule_id, siteid, form nulls first
"""


def delivery_problems(connection: duckdb.DuckDBPyConnection) -> list[DeliveryProblem]:
    """Every DEL finding that is open as of the last load."""
    return [DeliveryProblem(*row) for row in connection.execute(OPEN_PROBLEMS).fetchall()]
