"""What a bureau gives the demonstration: people, organisation, rights, notices, registers, cases.

Part of the author's contract: `procedure.py` passes it on.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from service.commands.access_log import Ledger
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.values import Json


@dataclass(frozen=True, slots=True)
class Right:
    """A right of a group, by id or as posts (`@ 人事科`); `*` means everyone of the staff.

    `on` is a process's or a register's id.
    """

    group: str
    on: str
    object: ObjectKind
    action: Action


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """A sample account: synthetic, never a person's real name."""

    username: str
    display_name: str
    groups: tuple[str, ...] = ()
    purpose: str = ""
    """What to try with it, shown on the demonstration's sign-in page."""


@dataclass(frozen=True, slots=True)
class SampleNotice:
    """A notice to the public, open from the first start on; it may offer procedures."""

    process_id: str
    title: str
    body: str
    procedures: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the sample organisation; `parent` is an id, empty for a root."""

    id: str
    name: str
    kind: str = ""
    parent: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Post:
    """A sample person's post; who has several stands in as many.

    `unit` is an id. Who is not among the sample's accounts has no password: nobody signs in.
    """

    username: str
    display_name: str
    unit: str
    title: str
    labels: tuple[str, ...] = ()
    heads_unit: bool = False


@dataclass(frozen=True, slots=True)
class Organization:
    """Units, parents before children, and who has which post in them."""

    units: Sequence[Unit] = ()
    posts: Sequence[Post] = ()


@dataclass(frozen=True, slots=True)
class SampleWorkbook:
    """An organisation to import by hand: the demonstration offers it as a file to download."""

    file_name: str
    title: str
    """What to try with it."""
    organization: Organization


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A diagram, table or form that the demonstration alone has."""

    file_name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that somebody of the sample attaches to a form, as the value of its field."""

    file_name: str
    content: bytes


FormValue: TypeAlias = "Json | Paper"
"""What is filled in for a field of a form; a paper is uploaded for it."""


SampleScript: TypeAlias = Iterator[datetime]
"""What somebody of the sample does one after the other: gives the moment of what comes next.

Scripts are played together in the order of time; what one does between two moments is not
interrupted.
"""


class SampleStage(Protocol):
    """Where the sample's cases are played, by its accounts and at moments of their own."""

    @property
    def now(self) -> datetime:
        """When the demonstration was started first."""

    def moment(self, working_days: int, hour: int, minute: int = 0) -> datetime:
        """Return an hour of the bureau's day so many working days ago (ahead: negative)."""

    def start(
        self, process_id: str, username: str, variables: Mapping[str, FormValue], *, at: datetime
    ) -> int:
        """Fill in and submit a start form; return the case's key."""

    def complete(
        self,
        case: int,
        step: str,
        username: str,
        outcome: str,
        variables: Mapping[str, FormValue] | None = None,
        *,
        comment: str = "",
        at: datetime,
    ) -> None:
        """Do the open task of a step, an element's id, that this person holds or may claim.

        It is a task of the case or of what it has called.
        """

    def act(self, username: str) -> AbstractContextManager[tuple[Toolbox, Actor]]:
        """Open a transaction for what this person does on a page of a procedure."""

    def come_in(self, mail: str, *, at: datetime) -> str:
        """Come in on the public side by the code sent to this address; return the account.

        The first time makes the account.
        """

    def run_jobs(self, *, at: datetime) -> None:
        """Let what is due by this moment happen."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The people of the demonstration: their accounts, and the organisation they have posts in.

    `files` are deployed beside the bureau's own where nothing is deployed yet.
    """

    groups: Sequence[Group] = ()
    accounts: Sequence[Account] = ()
    rights: Sequence[Right] = ()
    notices: Sequence[SampleNotice] = ()
    organization: Organization = field(default_factory=Organization)
    workbooks: Sequence[SampleWorkbook] = ()
    files: Sequence[SampleFile] = ()
    registers: "Callable[[Ledger, datetime], None] | None" = None
    """Fills the registers, in the transaction that makes the people."""
