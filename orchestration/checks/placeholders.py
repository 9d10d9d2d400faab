"""The placeholders of a rule's sentence in words: {exdose_mg} is "dose given (mg)", {dose_tolerance_percent} is 10.

The words are those of the dbt YAML, of the contract with the sites (form_columns) and of the protocol's parameters;
only what stands in none of them is named here. Filling in a record's values belongs in `validation.sentences`.
"""

from __future__ import annotations

import re
from functools import cache

import yaml

from orchestration.derivation.project import PROJECT_DIR
from validation import protocol
from validation.protocol import FormColumn
from validation.rule import Look

MODELS = PROJECT_DIR / "models"
DOCUMENTED = ("checks", "analysis", "quality")
CONTRACT_BROKEN = "*table*: column *column* *is missing, is empty in so many rows, or has another type*"
# Columns that no documentation describes: what ingestion and staging say in whole sentences, and a record's identity.
OTHERS = {
    "message": "what is wrong with the delivery, its file and its date",
    "quarantine_reason": "why the row was kept out",
    "is_published": "yes or no",
    "is_derived_again": "yes or no",
    "record_key": "key of the record",
    "form": "form",
    "visit": "visit",
}
PLACEHOLDER = re.compile(r"\{(\w+)(?:[:!][^}]*)?\}")


def sentence_in_words(look: Look) -> str:
    """What a finding of this look tells, with the protocol's numbers filled in and the record's values in words.

    Raises:
        LookupError: a placeholder is described nowhere.
    """
    if look.expectation is None:
        return CONTRACT_BROKEN
    limits = protocol.limits().in_words()

    def in_words(placeholder: re.Match[str]) -> str:
        name = placeholder[1]
        return limits[name] if name in limits and name not in look.columns else f"*{_column(look.table, name)}*"

    return PLACEHOLDER.sub(in_words, look.message)


def _column(table: str, name: str) -> str:
    schema, table_name = table.split(".")
    if schema == "staging":
        words = _form_columns(table_name.removeprefix("typed_")).get(name)
    elif table_name.startswith("second_") and name not in OTHERS:
        words = "another value" if name.startswith("second_") else "one value"
    else:
        words = _documented_columns().get((table_name, name))
    words = words or OTHERS.get(name)
    if not words:
        raise LookupError(f"{table}.{name} stands in a rule's sentence, and nothing says what it is in words.")
    return words


@cache
def _form_columns(form: str) -> dict[str, str]:
    """A form's columns as typed and as delivered."""
    words: dict[str, str] = {}
    for column in protocol.form_columns()[form]:
        words[column.name] = words[column.typed_name] = _lower_first(column.label)
        words[column.delivered_name] = _as_delivered(column)
    return words


def _as_delivered(column: FormColumn) -> str:
    label = _lower_first(column.label)
    return label if label.endswith("as delivered") else f"{label} as delivered"


@cache
def _documented_columns() -> dict[tuple[str, str], str]:
    words = {}
    for schema in DOCUMENTED:
        for path in sorted((MODELS / schema).glob("*.yml")):
            for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
                for column in model.get("columns", []):
                    words[model["name"], column["name"]] = _short(column)
    return words


def _short(column: dict[str, dict[str, dict[str, str]]]) -> str:
    """The column's label, or what its description says up to the first stop, without the form it is filled for."""
    label = column.get("config", {}).get("meta", {}).get("label")
    if label:
        return _lower_first(re.sub(r"(?<= )[A-Z](?=[a-z])", lambda letter: letter[0].lower(), label))
    description = " ".join(str(column.get("description", "")).split())
    short = re.split(r"[;:.](?:\s|$)|, rounded for reading|, in words", description)[0]
    return _lower_first(re.sub(rf" \(({'|'.join(protocol.form_columns())})\)$", "", short))


def _lower_first(words: str) -> str:
    """'Date of visit' inside a sentence; names and abbreviations (SLEDAI-2K, ACR) stay as they are."""
    return words if words[1:2].isupper() or not words else words[0].lower() + words[1:]
