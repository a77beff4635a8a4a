"""Keeping people out of the tasks that are about somebody they are tied to.

Written with the task and with the tie, so that lists and checks only look: `service.store.recusal`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from service.commands.upserts import Row, table
from service.domain.events import Event, UserTaskCreated
from service.domain.recusal import Bar, RecusalRequired, TieKind, bars, basis, reason
from service.store.recusal import acted_before, ties_of
from service.store.tables import Person, TaskBar, TaskParty


@dataclass(frozen=True, slots=True)
class KeptOut:
    """Who must keep out of the tasks that arise.

    `bars` are by task and user name; `refused` whom the diagram gave a task they may not have.
    """

    bars: Mapping[int, Mapping[str, Bar]] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)


NOBODY = KeptOut()


def keep_out(session: Session, events: Sequence[Event]) -> tuple[list[Event], KeptOut]:
    """Work out who must keep out of the tasks that arise; a barred holder does not get theirs.

    No statement where no task says whom it is about, else two.
    """
    tasks = [one for one in events if isinstance(one, UserTaskCreated) and one.recuse_from]
    if not tasks:
        return list(events), NOBODY
    parties = frozenset(party for task in tasks for party in task.recuse_from)
    _hold_still(session, parties)
    ties = ties_of(session, parties)
    barred = {task.element_instance_key: bars(task.recuse_from, ties) for task in tasks}
    refused = {
        task.element_instance_key: task.assignee
        for task in tasks
        if task.assignee is not None and task.assignee in barred[task.element_instance_key]
    }
    settled = [
        replace(one, assignee=None)
        if isinstance(one, UserTaskCreated) and one.element_instance_key in refused
        else one
        for one in events
    ]
    return settled, KeptOut(barred, refused)


def write_bars(
    session: Session, tasks: Sequence[UserTaskCreated], barred: Mapping[int, Mapping[str, Bar]]
) -> None:
    """Write whom the tasks are about and who keeps out; two statements, none for other tasks."""
    parties: list[Row] = [
        {"task_key": task.element_instance_key, "username": party}
        for task in tasks
        for party in task.recuse_from
    ]
    if not parties:
        return
    session.execute(insert(table(TaskParty)), parties)
    rows = [
        bar_row(task.element_instance_key, bar)
        for task in tasks
        for bar in barred.get(task.element_instance_key, {}).values()
    ]
    session.execute(insert(table(TaskBar)), rows)


def bar_row(task_key: int, bar: Bar) -> Row:
    """Make the row that keeps somebody out of a task."""
    return {
        "username": bar.username,
        "task_key": task_key,
        "party": bar.party,
        "kind": bar.kind,
        "tie_key": bar.tie_key,
    }


def require_unbarred(session: Session, task_key: int, username: str) -> None:
    """Raise RecusalRequired, with the reason, where this person must keep out of the task.

    For who hands a task to somebody: they are told of the tie, nobody else is.
    """
    found = session.execute(
        select(TaskBar.party, TaskBar.kind, acted_before()).where(
            TaskBar.task_key == task_key, TaskBar.username == username
        )
    ).one_or_none()
    if found is None:
        return
    party, tied, before = found
    kind = None if tied is None else TieKind(tied)
    people = select(Person.username, Person.display_name).where(
        Person.username.in_((username, party))
    )
    shown = {name: display_name for name, display_name in session.execute(people)}
    raise RecusalRequired(
        who=shown.get(username, username),
        reason=reason(kind, shown.get(party, party), acted_before=before),
        basis=basis(kind, acted_before=before),
    )


def _hold_still(session: Session, parties: frozenset[str]) -> None:
    """Let nobody declare a tie to them until the tasks are written: see `ties.declare`."""
    session.execute(
        select(Person.username)
        .where(Person.username.in_(sorted(parties)))
        .order_by(Person.username)
        .with_for_update(read=True)
    ).all()
