"""Texts in ASCII, for who asks for it: é as e, ≥ as >=. What has no such spelling stays as it is and is refused later.

Only signs whose replacement any reader understands belong here: nothing becomes a question mark.
"""

from __future__ import annotations

import unicodedata

SIGNS = {
    "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D",
    "µ": "u", "μ": "u", "±": "+/-", "×": "x", "≤": "<=", "≥": ">=", "–": "-", "—": "-", "−": "-", "‘": "'", "’": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...", "°": " deg ", "\u00a0": " ", "\t": " ", "\n": " ",
    "\r": "",
}  # fmt: skip


def in_ascii(text: str) -> str:
    """The text with every sign that has an ASCII spelling in it; without blanks at its end, where one stood for a line
    break or a degree sign."""
    if text.isascii() and text.isprintable():
        return text
    spelled = "".join(SIGNS.get(sign) or _without_accent(sign) for sign in text if sign != "\r")
    return spelled.rstrip(" ") if text == text.rstrip(" ") else spelled


def _without_accent(sign: str) -> str:
    """Composed signs lose their accents; superscripts and full-width letters keep their sign, as ² is not 2."""
    decomposed = unicodedata.normalize("NFD", sign)
    base = "".join(part for part in decomposed if not unicodedata.combining(part))
    return base if base.isascii() else sign
