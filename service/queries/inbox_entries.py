"""Which inbox entries a list is made of: one branch a holder that the person is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Subquery,
    null,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from service.domain.actors import Actor, Principal
from service.queries.cursor import Value
from service.queries.inbox_filter import CaseState, InboxFilter
from service.queries.inbox_order import Box, Columns, Order, OrderBy, Stretch
from service.queries.selects import AnySelect, written
from service.store.deputized import deputized
from service.store.recusal import not_barred
from service.store.tables import InboxEntry, ProcessInstance
from service.store.tables.tasks import EntryState, HolderKind

AnyCompound: TypeAlias = CompoundSelect[*tuple[Any, ...]]
Rows = TypeVar("Rows", AnySelect, AnyCompound)
Behind: TypeAlias = Sequence[Value] | None
"""Sort values of the row that what is read lies behind; None: from the beginning."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a list, by whom and when."""

    actor: Actor
    order: Order
    wanted: InboxFilter
    now: datetime

    @property
    def box(self) -> Box:
        """Which list."""
        return self.order.box

    @property
    def columns(self) -> Columns:
        """What its rows are sorted by."""
        entry, case = InboxEntry, ProcessInstance
        if self.box is Box.STARTED:
            return self.order.needed(case.key.expression, null(), case.ended_at.expression)
        return self.order.needed(
            entry.task_key.expression, entry.due_at.expression, entry.ended_at.expression
        )


def branches(asked: Asked) -> list[AnySelect]:
    """Return the parts of a list as `key`, `due_at` and `ended_at`, one a way it is the actor's.

    The wanted filters that no index answers are left out.
    """
    names = ("key", "due_at", "ended_at")
    columns = [one.label(name) for one, name in zip(asked.columns, names, strict=True)]
    if asked.box is Box.STARTED:
        return [select(*columns).where(*started_by(asked.actor), *asked.wanted.of_started())]
    wanted = asked.wanted.of_entries(asked.box, asked.now)
    return [select(*columns).where(one, *wanted) for one in holdings(asked.actor, asked.box)]


def stretches(asked: Asked, behind: Behind) -> Sequence[Stretch]:
    """Return the stretches to read the branches by."""
    dated = asked.wanted.state is CaseState.OVERDUE
    return asked.order.stretches(behind, asked.columns, undated=not dated)


def holdings(actor: Actor, box: Box) -> list[ColumnElement[bool]]:
    """One condition on InboxEntry for each way in which a task of this list is the actor's."""
    if box is Box.CLAIMABLE:
        holders = [(HolderKind.CANDIDATE, actor.username)]
        holders += [(HolderKind.GROUP, group) for group in sorted(actor.groups)]
    elif box is Box.ESCALATED:
        holders = [(HolderKind.SUPERIOR, actor.username)]
    else:
        holders = [(HolderKind.PERSON, actor.username)]
    state = EntryState.DONE if box is Box.DONE else EntryState.OPEN
    own = [_of(kind, holder, state) for kind, holder in holders]
    if box is Box.DONE:
        return own
    if box is Box.ESCALATED:
        return [each & not_barred(actor.username, InboxEntry.task_key) for each in own]
    deputys = [
        _of(kind, holder, state) & deputized(principal, actor)
        for principal in actor.principals
        for kind, holder in _seats(principal, actor, box)
        for principal in _by_procedure(principal)
    ]
    return [each & not_barred(actor.username, InboxEntry.task_key) for each in (*own, *deputys)]


def started_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Conditions on ProcessInstance: 我发起的. What a call activity started is its caller's."""
    return (
        ProcessInstance.started_by == actor.username,
        ProcessInstance.parent_key.is_(None),
    )


def _by_procedure(principal: Principal) -> list[Principal]:
    """The same for each of the procedures alone: an index has the entries of one in order."""
    if principal.process_ids is None:
        return [principal]
    return [
        replace(principal, process_ids=frozenset({process}))
        for process in sorted(principal.process_ids)
    ]


def _of(kind: HolderKind, holder: str, state: EntryState) -> ColumnElement[bool]:
    entry = InboxEntry
    return (entry.holder == holder) & (entry.holder_kind == kind) & (entry.state == written(state))


def _seats(principal: Principal, actor: Actor, box: Box) -> list[tuple[HolderKind, str]]:
    """As what a principal's tasks come into this list of their deputy's."""
    if box is Box.TODO:
        return [(HolderKind.PERSON, principal.username)]
    beside = sorted(principal.groups - actor.groups)
    return [
        (HolderKind.CANDIDATE, principal.username),
        *((HolderKind.GROUP, group) for group in beside),
    ]


def joined(branches: Sequence[AnySelect]) -> Subquery:
    """Return the rows of all branches, each once; every branch has its own order and limit."""
    bounded = [branch.subquery() for branch in branches]
    return union(*map(select, bounded)).subquery() if len(bounded) > 1 else bounded[0]


def merged(
    session: Session,
    branches: Sequence[AnySelect],
    by: OrderBy,
    most: int,
    *,
    together: Callable[..., AnyCompound] = union_all,
) -> AnySelect | AnyCompound:
    """Return the first rows of all branches; by `union_all` the same row perhaps several times.

    Each branch gives its rows in this order, so that they are merged as far as needed. SQLite does
    that where they have no limit of their own; PostgreSQL may read them whole without.
    """
    if len(branches) == 1:
        return _first_of(branches[0], by, most)
    if session.get_bind().dialect.name == "postgresql":
        limited = [_first_of(branch, by, most).subquery() for branch in branches]
        branches = [select(branch) for branch in limited]
    return _first_of(together(*branches), by, most)


def _first_of(rows: Rows, by: OrderBy, most: int) -> Rows:
    return rows.order_by(*by(*rows.selected_columns)).limit(most)
