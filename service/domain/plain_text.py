"""Texts without the characters that nobody sees: what people write is kept as it reads."""

import unicodedata
from collections.abc import Collection

CONTROLS = frozenset({"Cc", "Cs"})
"""Categories of Unicode: control characters, halves of characters."""
UNSEEN = CONTROLS | {"Cf", "Co"}
"""And marks that turn the direction of writing, by which a text would show other than it is."""
_LINES_AND_TABS = "\n\t"


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
