"""Decisions of the Party group as other registers ask for them: by the number of their item.

The Party group's own procedure declares how an item is found; without it there is no decision.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, SQLColumnExpression, or_
from sqlalchemy.orm import Session

from service.domain.receipts import key_of, receipt_number


@dataclass(frozen=True, slots=True)
class Decided:
    """An item that was decided; where it was taken up again (复议), what was decided last."""

    item: int
    item_class: str
    carried: bool
    title: str
    text: str
    subject: str
    """User name of whom it is about; empty for nobody, or for somebody without an account."""
    subject_name: str
    decided_on: date
    instance_key: int | None = None
    """The case that put it up; none where the office did."""
    matter: str = ""
    """What beside the person tells one matter from another."""
    unit: str = ""
    """Institution that employs them, or is to: its key, else its name; empty where none is said."""
    root: int = 0
    """The item whose matter this is: the same for an item and each 复议 of it."""
    organ: str = ""
    """The party organ above that decided in the group's place; empty where the group did."""
    document: str = ""
    """Number of the paper by which the organ above did."""

    @property
    def changed_by(self) -> str:
        """Who has changed a decision into this one, as a reason says it."""
        return self.organ or "局党组复议"

    def is_about(self, username: str, name: str) -> bool:
        """Tell whether it is about this person: by account, or by name where it has none."""
        return self.subject == username or (not self.subject and self.subject_name == name)


EXIT = "exit"
"""Class of the items that decide that somebody leaves teaching research (三(四))."""
RECRUITMENT = "recruitment"
"""Class of the items that decide whom to appoint (S12)."""
REVOCATION = "revocation"
"""Class of the items that revoke an appointment."""

PERSONAL = "personal"
"""Class of the items about a person that have no class of their own."""

Finder = Callable[[Session, int], Decided | None]
Organs = Callable[[Session, date], Sequence[str]]

_finders: list[Finder] = []
_organs: list[Organs] = []
ITEM = "YT"
"""Begins the numbers of items (议题)."""
_NUMBER = re.compile(rf"({ITEM}(?:-[0-9A-Z]{{1,4}}){{1,4}}|[0-9]{{1,18}})$")


def declare(finder: Finder) -> Finder:
    """Say how an item is found by its number; a later one takes the place of an earlier one."""
    _finders[:] = [finder]
    return finder


def declare_organs(organs: Organs) -> Organs:
    """Say which party organs above decide in place of the group; a later one replaces it."""
    _organs[:] = [organs]
    return organs


def organs_above(session: Session, day: date) -> Sequence[str]:
    """Return the party organs above that the rules of procedure of this day name."""
    return _organs[0](session, day) if _organs else ()


def item_number(key: int) -> str:
    """Return an item's number as desk and minutes show it, and as `find` reads it."""
    return receipt_number(ITEM, key)


def names_item(column: SQLColumnExpression[str], key: int) -> ColumnElement[bool]:
    """Tell of a text that is kept whether it names this item, in either way."""
    return or_(column.endswith(str(key)), column.endswith(item_number(key)))


def find(session: Session, said: str) -> Decided | None:
    """Return the decision whose item's number a text is, or ends with: `…，议题 YT-SBN6-90W2-5600`.

    The item's key is understood too, and no other writing: what is kept is searched by both
    (`names_item`). None for a text without a number, an unknown item, and one that nobody has
    decided.
    """
    written = _NUMBER.search(said.strip())
    if written is None or not _finders:
        return None
    text = written[1]
    number = int(text) if text.isdigit() else key_of(ITEM, text)
    if number is None or text not in {str(number), item_number(number)}:
        return None
    return _finders[0](session, number)
