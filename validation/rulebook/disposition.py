"""DSP: how study and treatment ended, beside the adverse events and whatever is dated afterwards.

A death is an end of study by DEATH; a fatal adverse event without one is a finding, not a death.
"""

from __future__ import annotations

from validation.rule import MAJOR, STAGING, Look, Rule

DISPOSITIONS = "checks.chk_dispositions"
AFTER_END = "checks.chk_after_end"


def _after(what_ended: str, field: str, value: str, message: str) -> Look:
    columns = ("what_ended", "end_dt", "first_dt_after", "records_after", "forms_after")
    return Look(
        table=AFTER_END,
        field=field,
        columns=columns,
        expectation=lambda column, limit: column("records_after") == 0,
        applies=lambda column, limit: column("what_ended").eq(what_ended),
        message=message,
        value=value,
    )


def _death_look(form: str, field: str) -> Look:
    return Look(
        table=DISPOSITIONS,
        field=field,
        columns=("tells_of_death", "death_delivered", "death_problem"),
        expectation=lambda column, limit: column("death_problem").is_null(),
        applies=lambda column, limit: column("form").eq(form) & column("tells_of_death"),
        message="{death_problem}",
        value="death_delivered",
    )


RULES = (
    Rule(
        rule_id="DSP01",
        title="More than one end",
        severity=MAJOR,
        stage=STAGING,
        form="ds",
        description="A subject ends the study once, and the treatment once; of several ends the earliest counts.",
        source="Protocol: intercurrent events; checks.md",
        records="ends of study or treatment",
        fault="are recorded more than once",
        looks=(
            Look(
                table=DISPOSITIONS,
                field="dsdecod",
                columns=("what_ended", "ends", "ends_in_words"),
                expectation=lambda column, limit: column("ends") == 1,
                applies=lambda column, limit: column("form").eq("ds"),
                message="{ends} ends of {what_ended} are recorded ({ends_in_words}), and the earliest counts",
                value="ends_in_words",
            ),
        ),
    ),
    Rule(
        rule_id="DSP02",
        title="Infusion after end of study",
        severity=MAJOR,
        stage=STAGING,
        form="ex",
        description="Nobody is infused after the end of study (after a death: DSP05).",
        source="Protocol: infusions are due up to the end of study",
        records="subjects with infusions and an end of study",
        fault="have an infusion after it",
        looks=(
            _after(
                "end of study",
                "exstdtc",
                "first_dt_after",
                "infusion of {first_dt_after} is dated after the end of study on {end_dt} "
                "(infusions after it: {records_after})",
            ),
        ),
    ),
    Rule(
        rule_id="DSP03",
        title="Fatal event and disposition disagree",
        severity=MAJOR,
        stage=STAGING,
        form="*",
        description="A fatal adverse event needs an end of study by DEATH on its last day, and the other way round.",
        source="Protocol: a fatal adverse event without a disposition is a finding, not an event",
        records="fatal events and ends by death",
        fault="have no counterpart, or one of another day",
        looks=(_death_look("ae", "aeout"), _death_look("ds", "dsdecod")),
    ),
    Rule(
        rule_id="DSP04",
        title="Event led to withdrawal, no disposition",
        severity=MAJOR,
        stage=STAGING,
        form="ae",
        description="An adverse event for which the study drug was withdrawn needs an end of treatment or study.",
        source="checks.md; site exports: aeacn",
        records="events that led to withdrawal",
        fault="have no disposition",
        looks=(
            Look(
                table=DISPOSITIONS,
                field="aeacn",
                columns=("led_to_withdrawal", "aeacn_delivered", "has_disposition"),
                expectation=lambda column, limit: column("has_disposition"),
                applies=lambda column, limit: column("led_to_withdrawal"),
                message=(
                    "the study drug was WITHDRAWN for an adverse event (record {record_key}), "
                    "but no end of treatment or study is recorded"
                ),
                value="aeacn_delivered",
            ),
        ),
    ),
    Rule(
        rule_id="DSP05",
        title="Dated after death",
        severity=MAJOR,
        stage=STAGING,
        form="ds",
        description="Nothing can be dated after the day of death.",
        source="checks.md",
        records="deaths",
        fault="have records dated after them",
        looks=(
            _after(
                "death",
                "dsdtc",
                "end_dt",
                "the study ended by DEATH on {end_dt}, but there are records dated after it, the first on "
                "{first_dt_after} (by form: {forms_after})",
            ),
        ),
    ),
)
