"""INV: what must always hold of the published tables, whatever the sites deliver. A failure stops the publication.

INV12 and INV13 hold every table to its contract: the columns and types that its documentation (dbt YAML) or the
contract with the sites (form_columns) names. Keys come from the same documentation.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from itertools import pairwise
from operator import and_
from typing import TYPE_CHECKING

from validation.agreement.comparison import (
    INFUSION_VALUES,
    INFUSIONS,
    SUBJECT_VALUES,
    SUBJECTS,
    VISIT_VALUES,
    VISITS,
)
from validation.contracts import AnalysisContract, analysis_contracts
from validation.protocol import form_columns
from validation.rule import ANALYSIS, INVARIANT, RAW, Columns, Look, Rule
from validation.rulebook.values import typed

if TYPE_CHECKING:
    import polars as pl

    from validation.protocol import Limits

ADSRI = "analysis.adsri"
SUBJECT_TABLES = "checks.chk_subject_tables"
KEPT_ROWS = "checks.chk_kept_rows"
CLOCK_TABLES = ("adsv", "adex", "adqs", "adlb", "adcm", "adae", "adsri")  # tables that carry protocol day and study day
COMPONENTS = ("sledfl", "bilfl", "pgafl")
RESPONSES = ("sri4", "sri5", "sri6", "sri7", "sri8")


def _key_look(contract: AnalysisContract) -> Look:
    key = contract.key
    never_null = {column.name for column in contract.columns if column.never_null}

    def unique_and_whole(column: Columns, limit: Limits) -> pl.Expr:
        # Key columns that may be empty (the date of what has not happened) tell rows apart like any other value.
        unique = column(key[0]).is_not_null() & ~_together(key).is_duplicated()
        for name in key:
            if name in never_null:
                unique &= column(name).is_not_null()
        return unique

    return Look(
        table=f"analysis.{contract.name}",
        field=", ".join(key),
        columns=key,
        expectation=unique_and_whole,
        message=f"the key of {contract.name} ({', '.join(key)}) is not unique or not whole",
        value="record_key",
    )


def _together(names: tuple[str, ...]) -> pl.Expr:
    """The key as one value: three times as quick as counting over its columns."""
    import polars as pl

    return pl.struct(*names)


def _study_day_look(table: str) -> Look:
    return Look(
        table=f"analysis.{table}",
        field="ady",
        columns=("protday", "ady"),
        expectation=lambda column, limit: (
            (column("protday").is_null() & column("ady").is_null())
            | ((column("protday") >= 0) & (column("ady") == column("protday") + 1)).fill_null(False)
            | ((column("protday") < 0) & (column("ady") == column("protday"))).fill_null(False)
        ),
        message=f"{table}: study day {{ady}} does not belong to protocol day {{protday}}",
        value="ady",
    )


def _composite(column: Columns, limit: Limits) -> pl.Expr:
    """One known failure is a failure; else anything unknown makes it unknown."""
    fails = column("sledfl").eq_missing("N") | column("bilfl").eq_missing("N") | column("pgafl").eq_missing("N")
    met = column("sledfl").eq_missing("Y") & column("bilfl").eq_missing("Y") & column("pgafl").eq_missing("Y")
    return (
        (fails & column("sri4oc").eq_missing("N"))
        | (met & column("sri4oc").eq_missing("Y"))
        | (~fails & ~met & column("sri4oc").is_null())
    )


def _easier_responses_hold(column: Columns, limit: Limits) -> pl.Expr:
    implied = [
        column(harder).ne_missing("Y") | column(easier).eq_missing("Y") for easier, harder in pairwise(RESPONSES)
    ]
    return reduce(and_, implied)


def _no_response_after_event(column: Columns, limit: Limits) -> pl.Expr:
    return reduce(and_, (column(response).ne_missing("Y") for response in ("sri4locf", *RESPONSES)))


def _an_event_counts(column: Columns, limit: Limits) -> pl.Expr:
    """By the flag, and by the dates themselves."""
    return column("icefl").eq_missing("Y") | (column("icedt") <= column("adt")).fill_null(False)


def _subject_look(table: str, needed: str) -> Look:
    return Look(
        table=SUBJECT_TABLES,
        field=table,
        columns=("day0_is_known", f"{table}_rows", needed),
        expectation=lambda column, limit: column(f"{table}_rows") >= column(needed),
        applies=lambda column, limit: column("day0_is_known"),
        message=f"{table} has {{{table}_rows}} rows of a subject with a known day 0, and must have {{{needed}}}",
        value=f"{table}_rows",
    )


def _one_analysed_look(table: str) -> Look:
    return Look(
        table=f"analysis.{table}",
        field="anl01fl",
        columns=("usubjid", "paramcd", "avisit", "anl01fl"),
        expectation=lambda column, limit: (
            column("anl01fl").eq_missing("Y").sum().over("usubjid", "paramcd", "avisit") == 1
        ),
        applies=lambda column, limit: column("avisit").is_not_null(),
        message="{paramcd} at {avisit} does not have exactly one analysed record",
        value="anl01fl",
    )


def _kept_look(what: str, in_words: str) -> Look:
    return Look(
        table=KEPT_ROWS,
        field=what,
        columns=("analysis_table", f"{what}_needed", f"{what}_published"),
        expectation=lambda column, limit: column(f"{what}_published").eq_missing(column(f"{what}_needed")),
        message=f"{{analysis_table}} holds {{{what}_published}} {in_words} of the site, not {{{what}_needed}}",
        value=f"{what}_published",
    )


def _agreement_looks(table: str, values: tuple[str, ...], what: str) -> Iterator[Look]:
    """One look at whether both derivations know the row, and one for each value that must be the same."""
    yield Look(
        table=table,
        field="usubjid",
        columns=("is_published", "is_derived_again"),
        expectation=lambda column, limit: column("is_published") & column("is_derived_again"),
        message=f"{what} is published: {{is_published}}, derived a second time: {{is_derived_again}}",
    )
    for value in values:
        yield Look(
            table=table,
            field=value,
            columns=(value, f"second_{value}", "is_published", "is_derived_again"),
            expectation=lambda column, limit, value=value: (  # type: ignore[misc]
                column(value).eq_missing(column(f"second_{value}"))
            ),
            applies=lambda column, limit: column("is_published") & column("is_derived_again"),
            message=f"{value} is {{{value}}} as published and {{second_{value}}} when derived a second time",
            value=value,
        )


def _invariant(rule_id: str, title: str, description: str, records: str, fault: str, looks: tuple[Look, ...]) -> Rule:
    return Rule(
        rule_id=rule_id,
        title=title,
        severity=INVARIANT,
        stage=ANALYSIS,
        form="*",
        description=description,
        source="trial.md",
        records=records,
        fault=fault,
        looks=looks,
    )


RULES = (
    _invariant(
        "INV01",
        "Keys unique and whole",
        "Every row of a published table is the only one with its key, and subject and site are never empty.",
        "rows of {table}",
        "have a key that is not unique or not whole",
        tuple(_key_look(contract) for contract in analysis_contracts().values() if contract.key),
    ),
    _invariant(
        "INV02",
        "Study day and protocol day agree",
        "The study day is never 0, and is the protocol day plus one from the first infusion on.",
        "rows of {table}",
        "have a study day that does not belong to the protocol day",
        tuple(_study_day_look(table) for table in CLOCK_TABLES),
    ),
    _invariant(
        "INV03",
        "SRI-4 is the AND of its components",
        "The observed SRI-4 is the three-valued AND of its three components.",
        "subject visits",
        "have an SRI-4 that is not the AND of the components",
        (
            Look(
                table=ADSRI,
                field="sri4oc",
                columns=("sri4oc", *COMPONENTS),
                expectation=_composite,
                message="sri4oc is {sri4oc}, but the components are {sledfl}, {bilfl} and {pgafl}",
                value="sri4oc",
            ),
        ),
    ),
    _invariant(
        "INV04",
        "One analysed record per visit",
        "Of each subject, parameter and analysis visit exactly one record is the one that counts (anl01fl).",
        "records at an analysis visit",
        "stand at a visit without exactly one analysed record",
        (
            _one_analysed_look("adqs"),
            _one_analysed_look("adlb"),
        ),
    ),
    _invariant(
        "INV05",
        "A harder response implies an easier one",
        "SRI-8 implies SRI-7, and so on down to SRI-4.",
        "subject visits",
        "have a response that implies one that is not there",
        (
            Look(
                table=ADSRI,
                field="sri4-sri8",
                columns=RESPONSES,
                expectation=_easier_responses_hold,
                message="SRI-4 to SRI-8 are {sri4}, {sri5}, {sri6}, {sri7}, {sri8}: a harder one without an easier one",
            ),
        ),
    ),
    _invariant(
        "INV06",
        "Treated subjects are everywhere",
        "A subject with a known day 0 stands in every table it belongs to, with every planned visit and infusion.",
        "subjects with a known day 0",
        "are missing from a table",
        (
            Look(
                table=SUBJECT_TABLES,
                field="adsl",
                columns=("adsl_rows",),
                expectation=lambda column, limit: column("adsl_rows") == 1,
                message="adsl has {adsl_rows} rows of this subject, and must have one",
                value="adsl_rows",
            ),
            _subject_look("adsv", "planned_visits"),
            _subject_look("adex", "planned_infusions"),
            Look(
                table=SUBJECT_TABLES,
                field="adexsum",
                columns=("day0_is_known", "adexsum_rows"),
                expectation=lambda column, limit: column("adexsum_rows") == 1,
                applies=lambda column, limit: column("day0_is_known"),
                message="adexsum has {adexsum_rows} rows of a subject with a known day 0, and must have one",
                value="adexsum_rows",
            ),
            Look(
                table=SUBJECT_TABLES,
                field="adsri",
                columns=("day0_is_known", "adsri_rows", "response_visits"),
                expectation=lambda column, limit: column("adsri_rows") == column("response_visits"),
                applies=lambda column, limit: column("day0_is_known"),
                message="adsri has {adsri_rows} rows of a subject with a known day 0, and must have {response_visits}",
                value="adsri_rows",
            ),
        ),
    ),
    _invariant(
        "INV07",
        "Rows accounted for",
        "Every delivered row is either used or quarantined; the difference is 0 for every form, site and layer.",
        "forms of the sites, by layer",
        "have rows that nobody accounts for",
        (
            Look(
                table="quality.row_accounting",
                field="difference",
                columns=("form", "layer", "rows_delivered", "rows_current", "rows_quarantined", "difference"),
                expectation=lambda column, limit: column("difference").eq_missing(0),
                message=(
                    "{form}, {layer}: {rows_delivered} rows delivered, {rows_current} used and {rows_quarantined} "
                    "quarantined leave {difference}"
                ),
                value="difference",
            ),
        ),
    ),
    _invariant(
        "INV08",
        "Two derivations agree",
        "Day 0, the response at every visit, the response group, the intercurrent event and what became of every "
        "planned infusion are the same when derived a second time, in Python, from the raw rows.",
        "{table}",
        "are not the same when derived a second time",
        (
            *_agreement_looks(SUBJECTS, SUBJECT_VALUES, "the subject"),
            *_agreement_looks(VISITS, VISIT_VALUES, "the visit"),
            *_agreement_looks(INFUSIONS, INFUSION_VALUES, "the planned infusion"),
        ),
    ),
    _invariant(
        "INV09",
        "Every value comes from raw",
        "Every value in an analysis table leads to a delivered row of the same subject, its file and row known.",
        "values of the analysis tables",
        "lead to no delivered row",
        (
            Look(
                table="checks.chk_sources",
                field="srcid",
                columns=("analysis_table", "is_in_raw", "is_in_provenance"),
                expectation=lambda column, limit: (
                    column("is_in_raw").eq_missing(True) & column("is_in_provenance").eq_missing(True)
                ),
                message="{analysis_table} has a value from a row of {form} ({row_id}) that was not delivered",
                value="row_id",
                counted_by="select count(*) from working.checks.chk_source_claims",
            ),
        ),
    ),
    _invariant(
        "INV10",
        "No response after an intercurrent event",
        "Where an intercurrent event counts, nobody is a responder.",
        "subject visits with an event that counts",
        "have a response all the same",
        (
            Look(
                table=ADSRI,
                field="sri4",
                columns=(*RESPONSES, "sri4locf", "icefl", "icedt", "iceterm", "adt"),
                expectation=_no_response_after_event,
                applies=_an_event_counts,
                message="a response is published although {iceterm} of {icedt} counts",
                value="sri4",
            ),
        ),
    ),
    _invariant(
        "INV11",
        "No endpoint without a day 0",
        "A subject whose day 0 is unknown, or who was never infused, has no row of the endpoint or of dosing.",
        "subjects without a known day 0",
        "have rows that hang on day 0",
        tuple(
            Look(
                table=SUBJECT_TABLES,
                field=table,
                columns=("day0_is_known", f"{table}_rows"),
                expectation=lambda column, limit, table=table: column(f"{table}_rows") == 0,  # type: ignore[misc]
                applies=lambda column, limit: column("day0_is_known").ne_missing(True),
                message=f"{table} has {{{table}_rows}} rows of a subject without a known day 0",
                value=f"{table}_rows",
            )
            for table in ("adsri", "adex", "adexsum")
        ),
    ),
    _invariant(
        "INV12",
        "Analysis tables keep their contract",
        "Every analysis table has the columns, types and never-empty columns that its documentation names.",
        "rows of {table}",
        "stand in a table that breaks its contract",
        tuple(
            Look(table=f"analysis.{name}", field="", columns=(), expectation=None, message="")
            for name in analysis_contracts()
        ),
    ),
    Rule(
        rule_id="INV13",
        title="Forms as read keep their contract",
        severity=INVARIANT,
        stage=RAW,
        form="*",
        description="Every form as read has a column of the right type for each column of the contract with the sites.",
        source="Site exports: forms and columns",
        records="rows of {table}",
        fault="stand in a table that breaks its contract",
        looks=tuple(
            Look(table=typed(form), field="", columns=(), expectation=None, message="") for form in form_columns()
        ),
    ),
    _invariant(
        "INV14",
        "Kept rows are those of a whole derivation",
        "A table that keeps rows from publication to publication holds as many rows, analysed records and days of each "
        "site as a whole derivation would make.",
        "sites, by table that keeps rows",
        "have rows that a whole derivation would not make",
        (
            _kept_look("rows", "rows"),
            _kept_look("days", "protocol days in all"),
            _kept_look("analysed", "analysed rows"),
        ),
    ),
)
