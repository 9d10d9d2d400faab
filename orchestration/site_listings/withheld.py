"""Free text stays in the house: what a listing shows of a value, and of a sentence that quotes values.

Free text is whatever a person may have typed: the form columns of type text that are no key (race, mhterm, svreasnd,
exreasoc, exlot, cmtrt, cmindc, aeterm, units and laboratory results as text), and any other value that could not be
read, since anything may stand there. Such a text is shown when it consists of numbers, dates, signs and words that the
protocol or the warehouse itself uses (codes, units, drugs of the dictionary, the rules' own sentences); else it is
withheld whole, and the file and the row say where it stands. Subject ids are pseudonymous by contract and are shown.

Nothing is decided by column: a column that a rule quotes tomorrow is held to the same. The whole value stands in the
published quality.findings, for those who may open it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from orchestration.derivation.project import PROJECT_DIR
from validation.catalogue import rules
from validation.protocol import form_columns
from validation.rule import Look, Rule
from validation.sentences import BLANK

WITHHELD = "(text withheld)"
LETTERS = re.compile(r"[^\W\d_]+")
LONG_NUMBER = re.compile(r"\d{7,}|\d(?:[ /().-]*\d){8,}")  # a telephone number or the like; a date has eight digits
DATE_OR_TIME = re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{2}:\d{2}\b")
PLACEHOLDER = re.compile(r"\{(\w+)(?:[:!][^}]*)?\}")
# Answers that sites give in place of a code or a unit, and months in dates.
ORDINARY = """
    yes no ja nein oui non na nd nk unk unknown missing none done not blank male female arb arbitrary unit units
    jan feb mar apr may jun jul aug sep oct nov dec
"""


def shown(text: str | None, also: Iterable[str] = ()) -> str | None:
    """The text itself when nobody can be told from it, WITHHELD when a person may; None stays None.

    `also` are texts whose words may be shown as well: the finding's own subject and site.
    """
    if text is None:
        return None
    allowed = _vocabulary() | _words(also)
    known = all(word.casefold() in allowed for word in LETTERS.findall(text))
    return text if known and not LONG_NUMBER.search(DATE_OR_TIME.sub(" ", text)) else WITHHELD


def sentence_shown(rule: Rule, middle: str, also: Iterable[str] = ()) -> str:
    """A finding's sentence without the subject before it and the file after it, each quoted value `shown` or withheld.

    A sentence that no message of the rule can have made is withheld whole: the rule's title stands in its place.
    Problems of deliveries are told by the warehouse of files, not of subjects, and are shown as they are.
    """
    for look in rule.looks:
        if look.message == "{message}":
            return middle
        quoted = _template(look).fullmatch(middle)
        if quoted:
            return _with_quotes_shown(middle, quoted, tuple(also))
    return rule.title


def _with_quotes_shown(middle: str, quoted: re.Match[str], also: tuple[str, ...]) -> str:
    parts, end = [], 0
    for number in range(1, (quoted.re.groups or 0) + 1):
        parts += [middle[end : quoted.start(number)], shown(quoted[number], also) or ""]
        end = quoted.end(number)
    return "".join([*parts, middle[end:]])


@cache
def _template(look: Look) -> re.Pattern[str]:
    """The message as a pattern with a group per placeholder."""
    pieces, end = [], 0
    for placeholder in PLACEHOLDER.finditer(look.message):
        pieces += [re.escape(look.message[end : placeholder.start()]), "(.*?)"]
        end = placeholder.end()
    message = "".join(pieces) + re.escape(look.message[end:].rstrip("."))
    return re.compile(message + r"\.?", re.DOTALL)


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for text in texts for word in LETTERS.findall(text))


@cache
def _vocabulary() -> frozenset[str]:
    """The words of the protocol's tables, of the rules' sentences, and of what the frames for rules say in SQL."""
    texts = [ORDINARY, BLANK]
    texts += [path.read_text(encoding="utf-8") for path in sorted((PROJECT_DIR / "seeds").glob("*.csv"))]
    texts += [PLACEHOLDER.sub(" ", look.message) for rule in rules() for look in rule.looks]
    texts += [column.label for columns in form_columns().values() for column in columns]
    frames = [*(PROJECT_DIR / "models" / "checks").glob("*.sql"), PROJECT_DIR / "macros" / "delivered.sql"]
    texts += [literal for path in frames for literal in re.findall(r"'([^'\n]*)'", path.read_text(encoding="utf-8"))]
    return _words(texts)
