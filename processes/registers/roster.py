"""A roster: a register of current entries whose every change is kept with old and new values.

What is kept of an entry is its row as it is now, and one row of `register_change` for each act on
it, chained by digests: the row must be what the changes say, which `changes.soundness` checks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from processes.registers.fields import Fault, Field, Values
from processes.registers.settings import SettingValues
from service.domain.import_rows import SheetForm
from service.domain.values import Json
from service.procedure import JsonText, ProcessesBase

IN_FORCE = text("ended_on IS NULL")


class AnyEntry(ProcessesBase):
    """What every entry of a roster has: the base of its table."""

    __abstract__ = True

    key: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, sort_order=-2
    )
    revision: Mapped[int] = mapped_column(sort_order=-1)
    """Of the newest change."""
    ended_on: Mapped[date | None]
    """The first day on which it counts no more."""
    ended_how: Mapped[str] = mapped_column(Text)


class RegisterChange(ProcessesBase):
    """One act on an entry; never changed."""

    __tablename__ = "register_change"
    __table_args__ = (Index("ix_register_change_cause_key", "cause_key"),)

    register: Mapped[str] = mapped_column(Text, primary_key=True)
    entry_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str] = mapped_column(Text)
    """`entered`, `changed`, `ended`, `reserved` or `released`."""
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Text)
    """User name; `system` where a job did it."""
    by_name: Mapped[str] = mapped_column(Text)
    """As they were called then."""
    reason: Mapped[str] = mapped_column(Text)
    changes: Mapped[Json] = mapped_column(JsonText, nullable=False)
    """What was and what is, by field: `{"kind": ["兼职", "专职"]}`."""
    rules: Mapped[str] = mapped_column(Text)
    """Version of the rules, and after a slash how often settings had been changed."""
    instance_key: Mapped[int | None] = mapped_column(BigInteger)
    """The case that caused it; none where a person did on a page."""
    cause_key: Mapped[int | None] = mapped_column(BigInteger)
    """Key of the element instance that caused it: the same step run twice changes once."""
    digest: Mapped[str] = mapped_column(Text)
    """SHA-256 over the digest before it and all that is said here."""


class RegisterSetting(ProcessesBase):
    """One value that the bureau has set; never changed, a later one takes its place."""

    __tablename__ = "register_setting"

    revision: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, 2, 3 … over all settings."""
    setting: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(Text)
    by_name: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry as it is to be: `key` 0 and no `before` where it is new."""

    session: Session
    values: Values
    before: Values | None
    key: int
    today: date
    settings: SettingValues
    instance_key: int | None = None
    """The case on whose behalf it is written."""
    holder: str = ""
    """Account by which they were admitted, where it is another than they are entered by."""


Check = Callable[[Candidate], Iterable[Fault]]
"""Gives why an entry cannot be so; what it reads of others, it locks."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster: its table and fields, what identifies an entry, and what may be entered.

    `identity` is the field by which people know an entry: never changed once entered, and held by
    one entry in force. `listed` are the columns of the list.
    """

    id: str
    title: str
    noun: str
    """What one entry is called."""
    table: type[AnyEntry]
    fields: tuple[Field, ...]
    identity: str
    listed: tuple[str, ...]
    check: Check
    rules_version: str
    endings: tuple[str, ...]
    """How an entry may end."""
    ending_check: Check | None = None
    ending_basis: str = ""
    """Field that says by which paper an entry ends, asked for on the form that ends it."""
    term_field: str = ""
    """Field that holds the last day of an entry's term, where entries have one."""
    term_noun: str = ""
    """What ends on it."""
    closed: bool = False
    about: str = ""
    """One line above the list."""
    narrowed: Sequence[str] = ()
    """Fields that the list can be narrowed by."""

    def subject_of(self, username: str) -> str:
        """Return whom the access log names for an entry of somebody: nobody for a closed roster.

        Its reference leads who is named for the roster to the entry, and nobody else.
        """
        return "" if self.closed else username

    def field(self, key: str) -> Field:
        """Return the field with this key."""
        return next(one for one in self.fields if one.key == key)

    @property
    def sheet(self) -> SheetForm:
        """The roster as a sheet of a workbook."""
        return SheetForm(self.title, tuple(one.column for one in self.fields))
