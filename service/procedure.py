"""The author's contract: all that a procedure of the bureau needs of the service.

A procedure is inert, plain data. It declares its handlers, registers and pages on a `Procedure`;
the composition root discovers it, gives the handlers to the commands and the pages to the web.
Nothing runs at import.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeAlias

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase, Session

from service.commands.access_log import Ledger, record
from service.commands.case_acts import ForGood, barred_by, lock_case, note_act, send_message
from service.commands.deadline_moves import DeadlineOver, LastDay, move_last_day
from service.commands.handlers import BpmnError, Handler, TaskContext
from service.commands.notifications import Concerned, Happening, notify
from service.commands.organization_files import report as refusal_report
from service.commands.participants import (
    Participant,
    completed_by,
    completed_with,
    members_of,
    opinion_on,
    recusals,
)
from service.commands.process_instances import end_case, require_endable
from service.commands.public_files import Received, Sent
from service.commands.publications import (
    OBJECTIONS_OPEN,
    ObjectionStanding,
    Published,
    answer_objection,
    close_disclosure,
    lapse_objections,
    objections_of,
    open_disclosure,
    publish_beside,
    publish_notice,
)
from service.commands.toolbox import OnTies, Toolbox
from service.commands.workbooks import LONGEST as LONGEST_WORKBOOK
from service.commands.workbooks import MEDIA_TYPE as WORKBOOK_MEDIA_TYPE
from service.commands.workbooks import WorkbookUnreadable
from service.commands.workbooks import read as read_workbook
from service.commands.workbooks import write as write_workbook
from service.declarations import (
    CasePage,
    DailyWork,
    MenuEntry,
    Opener,
    Register,
    TaskReading,
)
from service.domain.actors import Actor
from service.domain.disclosures import DisclosureItem, DisclosureText, ObjectionState
from service.domain.guards import Guard
from service.domain.notices import Choice, NoticeText
from service.domain.notifications import NotificationKind
from service.domain.openings import Opening
from service.queries.cursor import read as read_cursor
from service.queries.cursor import write as write_cursor
from service.queries.organization import PostRow, posts_of_each
from service.queries.register_names import people_names, unit_names, unit_paths
from service.queries.staff import StaffRow
from service.queries.staff import choices as staff_choices
from service.queries.staff import named as staff_named
from service.sample import (
    Account,
    FormValue,
    Group,
    Organization,
    Paper,
    Post,
    Right,
    Sample,
    SampleFile,
    SampleNotice,
    SampleScript,
    SampleStage,
    SampleWorkbook,
    Unit,
)
from service.store.authorization import granted, granted_by_name
from service.store.base import NAMING, JsonText, UtcDateTime
from service.store.calendars import working_days
from service.store.case_diagrams import missing_steps
from service.store.case_ends import cancelled_case, case_ended, cases_at, one_case, step_open
from service.store.register_parts import granted_parts
from service.store.register_record import RegisterEvent, register_events
from service.store.turns import take_turn
from service.store.verification import SoundnessCheck

if TYPE_CHECKING:
    from flask import Blueprint

__all__ = [
    "LONGEST_WORKBOOK",
    "OBJECTIONS_OPEN",
    "WORKBOOK_MEDIA_TYPE",
    "Account",
    "BpmnError",
    "CasePage",
    "Choice",
    "Concerned",
    "DailyWork",
    "DeadlineOver",
    "DisclosureItem",
    "DisclosureText",
    "ForGood",
    "FormValue",
    "Group",
    "Guard",
    "Handler",
    "Happening",
    "JsonText",
    "LastDay",
    "Ledger",
    "MenuEntry",
    "NoticeText",
    "NotificationKind",
    "ObjectionStanding",
    "ObjectionState",
    "OnTies",
    "Opening",
    "Organization",
    "PageDesk",
    "Paper",
    "Participant",
    "Post",
    "PostRow",
    "Procedure",
    "ProcessesBase",
    "Published",
    "Received",
    "Register",
    "RegisterEvent",
    "Right",
    "Sample",
    "SampleFile",
    "SampleNotice",
    "SampleScript",
    "SampleStage",
    "SampleWorkbook",
    "Sent",
    "SoundnessCheck",
    "StaffRow",
    "TaskContext",
    "TaskReading",
    "Toolbox",
    "Unit",
    "UtcDateTime",
    "WorkbookUnreadable",
    "answer_objection",
    "barred_by",
    "cancelled_case",
    "case_ended",
    "cases_at",
    "close_disclosure",
    "completed_by",
    "completed_with",
    "end_case",
    "granted",
    "granted_by_name",
    "granted_parts",
    "lapse_objections",
    "lock_case",
    "members_of",
    "missing_steps",
    "move_last_day",
    "note_act",
    "notify",
    "objections_of",
    "one_case",
    "open_disclosure",
    "opinion_on",
    "people_names",
    "posts_of_each",
    "publish_beside",
    "publish_notice",
    "read_cursor",
    "read_workbook",
    "record",
    "recusals",
    "refusal_report",
    "register_events",
    "require_endable",
    "send_message",
    "staff_choices",
    "staff_named",
    "step_open",
    "take_turn",
    "unit_names",
    "unit_paths",
    "working_days",
    "write_cursor",
    "write_workbook",
]


class ProcessesBase(DeclarativeBase):
    """Base of the registers' tables (Alembic branch `processes`)."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar = {datetime: UtcDateTime}


class PageDesk(Protocol):
    """What a procedure's pages get of the running service."""

    def actor(self) -> Actor:
        """Return the signed-in person; sends a stranger to the sign-in page."""

    def read(self) -> AbstractContextManager[Session]:
        """Open a reading session; nothing written in it is kept."""

    def write(self) -> AbstractContextManager[Toolbox]:
        """Open a transaction that is committed once, at the end of the block."""

    def now(self) -> datetime:
        """Return the moment of the request, in UTC."""

    def received(self, files: Sequence[Sent]) -> AbstractContextManager[list[Received]]:
        """Keep the bytes of files that were sent, for a transaction in this block.

        They become somebody's by the command that binds them, and are gone where none did. Raises
        FileEmpty, FileTooLarge, FileTypeRefused, FileEndingContradicts.
        """

    def record_reading(self, *, subject: str, reference: str, what: str) -> None:
        """Record that the signed-in person looks at somebody's personal data; call it before.

        `subject` is the user name of whose data it is (their own is not recorded), `reference` the
        record, such as `qualifications/17`, `what` in a few words what is shown of it: never a
        value. Of one person and record the first reading of a day is kept.
        """

    def record_export(self, *, reference: str, rows: int, reason: str) -> None:
        """Record that a list leaves the system as a file; call it before the file is sent.

        `reference` is the register, `reason` what the person gave for it.
        """


Pages: TypeAlias = Callable[[PageDesk], "Blueprint"]
"""Makes the blueprint of a procedure's pages for the running service."""


@dataclass(slots=True)
class Procedure:
    """One procedure of the bureau, or what several share; see processes/README for an example."""

    id: str
    title: str
    registers: Sequence[Register] = ()
    menu: Sequence[MenuEntry] = ()
    case_pages: Sequence[CasePage] = ()
    task_readings: Sequence[TaskReading] = ()
    daily: Sequence[DailyWork] = ()
    pages: Pages | None = None
    openings: Mapping[str, Opener] = field(default_factory=dict)
    """By process id: what its start form holds when who works here opens it."""
    tables: MetaData | None = None
    handlers: dict[str, Handler] = field(default_factory=dict)
    guards: Sequence[Guard] = ()
    """Its decisions that may be changed; the deploy check asks all diagrams to look again."""
    register_parts: Callable[[Session], Mapping[str, str]] | None = None
    """Titles of the parts of its registers that rights may name, by `<register>@<part>`."""
    soundness: SoundnessCheck | None = None
    """What `jiaoyan audit verify` asks of its registers."""
    on_ties: OnTies | None = None
    """What follows of it for what was done already, where people turn out to be tied (回避)."""
    sample_cases: Callable[[SampleStage], Sequence[SampleScript]] | None = None
    """Brings cases of it to several stages; played by the demonstration, where none is yet."""

    def handler(self, task_type: str) -> Callable[[Handler], Handler]:
        """Declare the function that does the service tasks of this type.

        It takes a `TaskContext` and returns the variables to set (or None). It runs in the
        transaction of the step, must be idempotent by `context.element_instance_key`, and may
        raise `BpmnError` for what the diagram provides for.
        """

        def declare(function: Handler) -> Handler:
            if task_type in self.handlers:
                raise ValueError(f"two handlers of {task_type}")
            self.handlers[task_type] = function
            return function

        return declare
