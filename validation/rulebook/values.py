"""VAL: every row and value of a form as delivered, beside what it was read as.

Which rule looks at which column follows from the seed form_columns: codes, numbers, dates. Nothing is parsed a second
time: dbt has typed the values (staging.typed_<form>), and a value that is there but was not read is a finding.
Whether a value is plausible at all (VAL09) and its text sound (VAL10) is derived by dbt, in frames that hold only what
is wrong; whether it makes sense beside others belongs in the rules of the later stages.
"""

from __future__ import annotations

import re

from validation.protocol import FormColumn, codelists, form_columns
from validation.rule import CRITICAL, MAJOR, MINOR, RAW, Look, Rule

SOURCE = "Site exports: forms and columns"
CODES_LISTED = 8  # a longer code list is named, not spelled out
PARTIAL_DATE = r"^\d{4}(-(0[1-9]|1[0-2]))?$"  # the shape of a date known to its year or month
DIFFERING_ROWS_ARE_USED = ("cm", "ds")  # leaving an event out could make a responder


def typed(form: str) -> str:
    return f"staging.typed_{form}"


def _quoted(column: FormColumn) -> str:
    return f"{column.label} ({column.name}) is delivered as '{{{column.delivered_name}}}'"


def _was_read(column: FormColumn, message: str) -> Look:
    """What was delivered must have been read: typed beside delivered."""
    read = f"{column.typed_name}_min" if column.type == "partial_date" else column.typed_name
    text = column.delivered_name
    return Look(
        table=typed(column.form),
        field=column.name,
        columns=(read, text),
        expectation=lambda col, limit: col(read).is_not_null(),
        applies=lambda col, limit: col(text).is_not_null(),
        message=message,
        value=text,
    )


def _code_look(column: FormColumn) -> Look:
    codes = codelists()[column.codelist]
    allowed = "one of " + ", ".join(codes) if len(codes) <= CODES_LISTED else f"in the code list {column.codelist}"
    return _was_read(column, f"{_quoted(column)}, which is not {allowed}")


def _number_look(column: FormColumn) -> Look:
    kind = "a whole number" if column.type == "integer" else "a number"
    return _was_read(column, f"{_quoted(column)}, which is not {kind}")


def _date_look(column: FormColumn) -> Look:
    message = f"{_quoted(column)}, which is not a date, or not a possible one"
    if column.type == "partial_date":
        return _was_read(column, message)
    read, text = column.typed_name, column.delivered_name
    return Look(
        table=typed(column.form),
        field=column.name,
        columns=(read, text),
        # A date known only to its year or month is not unreadable: that is VAL05.
        expectation=lambda col, limit: col(read).is_not_null() | col(text).str.contains(PARTIAL_DATE),
        applies=lambda col, limit: col(text).is_not_null(),
        message=message,
        value=text,
    )


def _full_date_look(column: FormColumn) -> Look:
    read, text = column.typed_name, column.delivered_name
    return Look(
        table=typed(column.form),
        field=column.name,
        columns=(read, text),
        expectation=lambda col, limit: col(read).is_not_null() | ~col(text).str.contains(PARTIAL_DATE),
        applies=lambda col, limit: col(text).is_not_null(),
        message=f"{_quoted(column)}; a full date (year-month-day) is needed",
        value=text,
    )


def _quarantine_look(form: str, rule_id: str, field: str, value: str | None = None) -> Look:
    """A row that dbt kept out of the analysis for this reason."""
    return Look(
        table=typed(form),
        field=field,
        columns=("quarantine_rule", "quarantine_reason", *((value,) if value else ())),
        expectation=lambda col, limit: col("quarantine_rule").ne_missing(rule_id),
        message="{quarantine_reason}",
        value=value,
    )


def _single_row_look(form: str) -> Look:
    """Where rows that differ under one key are all used, they are a finding all the same."""
    return Look(
        table=typed(form),
        field="key",
        columns=("quarantine_rule", "siteid", "record_key"),
        expectation=lambda col, limit: col("record_key").count().over("siteid", "record_key") == 1,
        # An identical copy is told of as such; a row without a whole key has none to repeat.
        applies=lambda col, limit: col("quarantine_rule").is_null() | col("quarantine_rule").eq("VAL08"),
        message="more than one row has this key; all that differ are used",
        value="record_key",
    )


def _unit_look(form: str, number: str, unit: str, what: str) -> Look:
    """A value that could be read must be in a unit that the protocol can convert. Zero needs no unit."""
    columns = (number, unit, "unit_known", *re.findall(r"\{(\w+)\}", what))
    return Look(
        table=typed(form),
        field=unit,
        columns=tuple(dict.fromkeys(columns)),
        expectation=lambda col, limit: col("unit_known").ne_missing(False),
        applies=lambda col, limit: col(number).is_not_null() & (col(number) != 0),
        message=f"{what} is delivered in the unit '{{{unit}}}', which the protocol does not know for it",
        value=unit,
    )


UNIT_LOOKS = (
    _unit_look("vs", "vsorres", "vsorresu", "{vstestcd} {vsorres}"),
    _unit_look("ex", "exdose", "exdosu", "the dose {exdose}"),
    _unit_look("lb", "lborresn", "lborresu", "{lbtestcd} {lborres}"),
    _unit_look("cm", "cmdose", "cmdosu", "the dose {cmdose}"),
)
# A result is text in the form, as some are words; staging has read the numbers and the words.
LAB_RESULT_LOOK = Look(
    table=typed("lb"),
    field="lborres",
    columns=("lborres", "lbtestcd", "lborresn", "lbstresc"),
    expectation=lambda col, limit: col("lborresn").is_not_null() | col("lbstresc").is_not_null(),
    applies=lambda col, limit: col("lborres").is_not_null(),
    message="Result of {lbtestcd} (lborres) is delivered as '{lborres}', neither a number nor POSITIVE or NEGATIVE",
    value="lborres",
)

COLUMNS = tuple(column for columns in form_columns().values() for column in columns)
FORMS = tuple(form_columns())

# The frames of these two hold only what is wrong; this is what was looked at.
VALUES_WITH_A_RANGE = """
    select
        (select count(age) + count(brthyr) + count(height_cm) from working.staging.typed_dm)
        + (select count(exvial120) + count(exvial400) from working.staging.typed_ex)
        + (select count(vsstresn) from working.staging.typed_vs)
        + (select count(cmdose_mg) from working.staging.typed_cm)
        + (
            select count(lbstresn) from working.staging.typed_lb
            where lbtestcd in (select testcd from working.protocol.plausible_ranges where form = 'lb')
        )
"""
ROWS_OF_TEXT = "select sum(rows) from ({})".format(
    " union all ".join(f"select count(*) as rows from working.raw.{form} where closed_load is null" for form in FORMS)
)
PLAUSIBLE_LOOK = Look(
    table="checks.chk_implausible",
    field="{column_name}",
    columns=("column_name", "what", "delivered", "value", "low", "high", "range_written"),
    expectation=lambda col, limit: (col("value") >= col("low")) & (col("value") <= col("high")),
    message="{what} is delivered as {delivered}, outside what is plausible ({range_written})",
    value="delivered",
    counted_by=VALUES_WITH_A_RANGE,
)
# The text may be a subject's own words, so it is not repeated; the file and the row say where it stands.
TEXT_LOOK = Look(
    table="checks.chk_text",
    field="{column_name}",
    columns=("column_name", "label", "damage"),
    expectation=lambda col, limit: col("damage").is_null(),
    message="{label} ({column_name}) is delivered with {damage}",
    value="damage",
    counted_by=ROWS_OF_TEXT,
)


def _value_rule(rule_id: str, title: str, severity: str, description: str, fault: str, looks: tuple[Look, ...]) -> Rule:
    return Rule(
        rule_id=rule_id,
        title=title,
        severity=severity,
        stage=RAW,
        form="*",
        description=description,
        source=SOURCE,
        records="rows of {table}",
        fault=fault,
        looks=looks,
    )


RULES = (
    _value_rule(
        "VAL01",
        "Key missing",
        CRITICAL,
        "Every row must have a whole key; a row without one is quarantined.",
        "have no whole key (quarantined)",
        tuple(_quarantine_look(form, "VAL01", "key", "record_key") for form in FORMS),
    ),
    _value_rule(
        "VAL02",
        "Not in the code list",
        CRITICAL,
        "A coded value must be exactly one of its code list; another one counts as missing.",
        "have a value that is not in its code list",
        tuple(_code_look(column) for column in COLUMNS if column.has_codes),
    ),
    _value_rule(
        "VAL03",
        "Not a number",
        CRITICAL,
        "A numeric value must be readable as a number; another one counts as missing.",
        "have a value that is not a number",
        (*(_number_look(column) for column in COLUMNS if column.has_numbers), LAB_RESULT_LOOK),
    ),
    _value_rule(
        "VAL04",
        "Not a date, or impossible",
        CRITICAL,
        "A date must be readable and possible; another one counts as missing.",
        "have a date that can't be read",
        tuple(_date_look(column) for column in COLUMNS if column.has_dates),
    ),
    _value_rule(
        "VAL05",
        "Partial date where a full one is needed",
        MAJOR,
        "A date that decides what happened when must be known to the day.",
        "have a partial date where a full one is needed",
        tuple(_full_date_look(column) for column in COLUMNS if column.type in ("date", "datetime")),
    ),
    _value_rule(
        "VAL06",
        "Unit unknown",
        CRITICAL,
        "A unit must be one that the protocol can convert; it is never guessed, so the value can't be used.",
        "have a unit that the protocol does not know",
        UNIT_LOOKS,
    ),
    _value_rule(
        "VAL07",
        "Duplicate key",
        CRITICAL,
        "A key must stand once: of identical copies one is used, differing rows are quarantined (in ds and cm used).",
        "have a key that stands more than once",
        (
            *(_quarantine_look(form, "VAL07", "key", "record_key") for form in FORMS),
            *(_single_row_look(form) for form in DIFFERING_ROWS_ARE_USED),
        ),
    ),
    _value_rule(
        "VAL08",
        "Subject not in dm",
        CRITICAL,
        "Every row must belong to a subject that has a usable row in dm; another one is quarantined.",
        "have a subject without a usable row in dm (quarantined)",
        tuple(_quarantine_look(form, "VAL08", "subjid", "subjid") for form in FORMS if form != "dm"),
    ),
    Rule(
        rule_id="VAL09",
        title="Out of the plausible range",
        severity=MAJOR,
        stage=RAW,
        form="*",
        description="A number must lie in the range that is plausible for it at all, in its standard unit.",
        source="checks.md; the ranges are assumed (plausible_ranges)",
        records="values with a plausible range",
        fault="lie outside it",
        looks=(PLAUSIBLE_LOOK,),
    ),
    Rule(
        rule_id="VAL10",
        title="Text damage",
        severity=MINOR,
        stage=RAW,
        form="*",
        description="Text must arrive as it was written: no stray blanks, no lost letters, no hidden characters.",
        source=SOURCE,
        records="delivered rows",
        fault="have damaged text",
        looks=(TEXT_LOOK,),
    ),
)
