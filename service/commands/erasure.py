"""Erasing what a person has left in closed cases, where the law and the process let it go.

个人信息保护法 article 47: personal data goes when its purpose is fulfilled or its time is over,
unless a law prescribes a longer time. How long the content of a closed case is kept its process
says (`service.domain.retention`), for ever where it says nothing. What remains is that there was a
case, who started it, and who did which step when: the record still verifies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from service.commands import erased_publications, instance_lock
from service.commands.access_log import record
from service.commands.accounts import PersonNotFound
from service.commands.models import ModelCache
from service.commands.toolbox import Toolbox
from service.commands.upserts import rows_changed, table
from service.domain.access_events import AccessKind
from service.domain.accounts import PersonKind
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import Conflict, FieldsInvalid, NotFound
from service.domain.retention import ERASED, kept_until
from service.domain.values import Json
from service.store import history
from service.store.authorization import closed, granted, holds
from service.store.history import VALUES_ERASED
from service.store.tables import (
    Document,
    Draft,
    HistoryEntry,
    HistoryValue,
    Person,
    PersonalDatum,
    ProcessDefinition,
    ProcessInstance,
    UserTask,
    Variable,
)
from service.store.tables.instances import InstanceState

LONGEST_REASON = 200


class ErasureReasonMissing(FieldsInvalid):
    """删除需要写明理由（不超过 200 字），什么也没有删除。请填写后再提交。"""

    code = "erasure.reason-missing"

    def __init__(self) -> None:
        super().__init__({"reason": ["请写明依据和理由，例如：本人申请，保存期满。"]})


class NothingToErase(Conflict):
    """“{username}”名下没有现在可以删除的内容，什么也没有删除。未办结、永久保存和未到期的事项不能删除。"""

    code = "erasure.nothing"


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A closed case of a person, without a word of its content."""

    key: int
    process_name: str
    """Empty where the procedure is closed and the actor is not named for it."""
    started_at: datetime
    ended_at: datetime
    kept_until: datetime | None
    """From when on its content may be erased; None: it is kept for ever."""
    erased: bool
    """Nothing is left to erase."""

    def is_due(self, now: datetime) -> bool:
        """Whether its content may be erased now."""
        return not self.erased and self.kept_until is not None and self.kept_until <= now


@dataclass(frozen=True, slots=True)
class Holdings:
    """What there is of a person; `open_cases` must be closed before anything of them goes."""

    username: str
    display_name: str
    open_cases: int
    cases: tuple[ClosedCase, ...]
    account_data: int
    """Values of the account (numbers, addresses) that may go: of applicants from outside whose
    account is closed."""

    def due(self, now: datetime) -> tuple[ClosedCase, ...]:
        """The cases whose content may be erased now."""
        return tuple(case for case in self.cases if case.is_due(now))


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    cases: int
    values: int
    variables: int
    documents: int
    account_data: int


def require_administrator(session: Session, actor: Actor) -> None:
    """Raise NotFound unless the actor administers accounts."""
    if not holds(session, actor, ObjectKind.ACCOUNT, Action.ACT):
        raise NotFound


def holdings(session: Session, models: ModelCache, username: str, *, actor: Actor) -> Holdings:
    """Return what there is of a person, for who administers accounts.

    Raises NotFound for anybody else, PersonNotFound.
    """
    require_administrator(session, actor)
    name = session.scalar(select(Person.display_name).where(Person.username == username))
    if name is None:
        raise PersonNotFound(username=username[:64])
    rows = session.execute(_ended_cases(username, actor)).all()
    cases = tuple(
        ClosedCase(
            key=row.key,
            process_name="" if row.hidden else row.name,
            started_at=row.started_at,
            ended_at=row.ended_at,
            kept_until=kept_until(
                models.process(session, row.definition_key).retention, row.ended_at
            ),
            erased=not row.holds_something,
        )
        for row in rows
    )
    open_cases = session.scalar(
        select(func.count()).where(
            ProcessInstance.started_by == username, ProcessInstance.state == InstanceState.ACTIVE
        )
    )
    return Holdings(username, name, open_cases or 0, cases, _account_data(session, username))


def erase(tools: Toolbox, username: str, *, reason: str, actor: Actor, now: datetime) -> Erased:
    """Erase the content of a person's closed cases whose time is over, and record that.

    Opinions, outcomes, variables, drafts, what the case made public, objections to that, and the
    rows of files go now, the bytes of the files with
    the night's clean-up. Raises NotFound, PersonNotFound, ErasureReasonMissing, NothingToErase.
    """
    found = holdings(tools.session, tools.models, username, actor=actor)
    said = " ".join(reason.split())
    if not 1 <= len(said) <= LONGEST_REASON:
        raise ErasureReasonMissing
    due = found.due(now)
    if not due and not found.account_data:
        raise NothingToErase(username=username)
    counts = [_erase_case(tools, case.key, reason=said, actor=actor, now=now) for case in due]
    values, variables, documents = (sum(each[n] for each in counts) for n in range(3))
    account_data = _erase_account_data(tools.session, username) if found.account_data else 0
    keys: list[Json] = [str(case.key) for case in due]
    record(
        tools,
        AccessKind.DATA_ERASED,
        actor=actor,
        subject=username,
        details={
            "reason": said,
            "cases": keys,
            "values": values,
            "variables": variables,
            "documents": documents,
            "account_data": account_data,
        },
        now=now,
    )
    return Erased(len(due), values, variables, documents, account_data)


def _ended_cases(
    username: str, actor: Actor
) -> Select[int, int, str, bool, datetime, datetime, bool]:
    """The person's own cases and those that these called, each with its own retention."""
    own = select(ProcessInstance.key).where(ProcessInstance.started_by == username)
    key = ProcessInstance.key
    holds_something = or_(
        exists().where(
            HistoryValue.instance_key == key,
            HistoryEntry.instance_key == key,
            HistoryEntry.number == HistoryValue.number,
            HistoryEntry.act != VALUES_ERASED,
        ),
        exists().where(Variable.instance_key == key),
        exists().where(Document.instance_key == key),
    )
    return (
        select(
            key,
            ProcessInstance.definition_key,
            ProcessDefinition.name,
            and_(
                closed(ProcessInstance.process_id),
                ~granted(actor, ObjectKind.CASE, Action.READ, ProcessInstance.process_id),
            ).label("hidden"),
            ProcessInstance.started_at,
            func.coalesce(ProcessInstance.ended_at, ProcessInstance.started_at).label("ended_at"),
            holds_something.label("holds_something"),
        )
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .where(
            or_(ProcessInstance.started_by == username, ProcessInstance.root_key.in_(own)),
            ProcessInstance.state != InstanceState.ACTIVE,
        )
        .order_by(key)
    )


def _erase_case(
    tools: Toolbox, key: int, *, reason: str, actor: Actor, now: datetime
) -> tuple[int, int, int]:
    """Return how many values, variables and documents went."""
    session = tools.session
    instance = instance_lock.lock(session, key)
    numbers = _numbers_with_values(session, key)
    head = history.erase_values(
        session,
        instance.chain,
        numbers,
        reason=reason,
        actor=actor.username,
        now=now,
        key=tools.audit_key,
    )
    session.execute(
        update(table(ProcessInstance))
        .where(ProcessInstance.key == key)
        .values(
            history_length=head.length,
            history_head=head.state,
            title=ERASED,
            start_key=None,
        )
    )
    tasks = select(UserTask.key).where(UserTask.instance_key == key)
    session.execute(delete(table(Draft)).where(Draft.subject_key.in_(tasks)))
    variables = rows_changed(session, delete(table(Variable)).where(Variable.instance_key == key))
    documents = rows_changed(session, delete(table(Document)).where(Document.instance_key == key))
    documents += erased_publications.erase(session, key, actor=actor, now=now)
    return len(numbers), variables, documents


def _numbers_with_values(session: Session, key: int) -> Sequence[int]:
    """Those of earlier erasures stay: they say why values are missing."""
    return session.scalars(
        select(HistoryValue.number)
        .join(
            HistoryEntry,
            (HistoryEntry.instance_key == HistoryValue.instance_key)
            & (HistoryEntry.number == HistoryValue.number),
        )
        .where(HistoryValue.instance_key == key, HistoryEntry.act != VALUES_ERASED)
        .order_by(HistoryValue.number)
    ).all()


def _account_data(session: Session, username: str) -> int:
    found = session.scalar(
        select(func.count())
        .select_from(PersonalDatum)
        .join(Person, Person.username == PersonalDatum.username)
        .where(
            PersonalDatum.username == username,
            Person.kind == PersonKind.PUBLIC,
            Person.active.is_(False),
        )
    )
    return found or 0


def _erase_account_data(session: Session, username: str) -> int:
    its = delete(table(PersonalDatum)).where(PersonalDatum.username == username)
    return rows_changed(session, its)
