"""Texts without the characters that nobody sees: what people write is kept as it reads."""

import re
import unicodedata
from collections.abc import Collection

from service.domain.values import Json, Variables

CONTROLS = frozenset({"Cc", "Cs"})
"""Categories of Unicode: control characters, halves of characters."""
UNSEEN = CONTROLS | {"Cf", "Co"}
"""And marks that turn the direction of writing, by which a text would show other than it is."""
_LINES_AND_TABS = "\n\t"
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
"""What office programs put between lines; a vertical tab is their line end within a paragraph."""

_NOWHERE = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Characters without a form that XML, and so an office document, has no place for."""


def one_line(text: str, hidden: Collection[str] = UNSEEN) -> str:
    """Return a text as one line without the characters of these categories."""
    return " ".join(_replaced(text, hidden, " ").split())


def many_lines(text: str, hidden: Collection[str] = UNSEEN) -> str:
    """Return a text with its lines and tabs, without other characters of these categories."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _replaced(unix, hidden, "", spared=_LINES_AND_TABS).strip()


def _replaced(text: str, hidden: Collection[str], instead: str, *, spared: str = "") -> str:
    """Each character is looked up once, however often it comes.

    A megabyte that is to be refused for its length costs nobody a second.
    """
    there = {one for one in set(text) if unicodedata.category(one) in hidden}.difference(spared)
    return text.translate(dict.fromkeys(map(ord, there), instead)) if there else text


def legible(text: str) -> str:
    """Return a text as any document can hold it: its lines end in `\\n`, tabs stay.

    Other control characters, which come with what is pasted from office programs and which
    nobody sees, fall away. A zero byte and half characters stay: what cannot be stored is
    refused where it is stored.
    """
    return _NOWHERE.sub("", _LINE_ENDS.sub("\n", text))


def legible_values(values: Variables) -> dict[str, Json]:
    """Return values with every text in them `legible`; names stay as they are."""
    return {name: _legible_value(value) for name, value in values.items()}


def _legible_value(value: Json) -> Json:
    if isinstance(value, str):
        return legible(value)
    if isinstance(value, list):
        return [_legible_value(inner) for inner in value]
    if isinstance(value, dict):
        return legible_values(value)
    return value
