"""Books of rules: what a procedure goes by, with sources and settings, as pages list them.

A procedure declares its book once, where it is put together; nothing else happens then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from processes.registers.norms import Norm
from processes.registers.settings import Setting

RECRUITMENT = "recruitment"
"""Id of the register of rounds of recruitment."""

RECRUITMENT_RULES = "recruitment-rules"
"""Register of the bureau's settings for recruitment."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules and settings of one matter; `register` is what rights on it name, and its page."""

    register: str
    title: str
    norms: Sequence[Norm]
    settings: Sequence[Setting]


_BOOKS: dict[str, RuleBook] = {}


def declare(book: RuleBook) -> RuleBook:
    """Add a book; the same register again takes its place."""
    _BOOKS[book.register] = book
    return book


def books() -> Mapping[str, RuleBook]:
    """Return the books by register."""
    return dict(_BOOKS)
