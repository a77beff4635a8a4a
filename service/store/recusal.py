"""Who must keep out of which task, as conditions and reads: see `service.domain.recusal`."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.domain.recusal import Tie, TieKind
from service.store.tables import (
    PersonalDatum,
    PersonalTie,
    TaskBar,
    TaskParty,
    TieLookup,
    UserTask,
)
from service.store.tables.tasks import TaskState

KeyColumn = ColumnElement[int] | InstrumentedAttribute[int]


def not_barred(
    username: str, task_key: KeyColumn, *, throughout: bool = False
) -> ColumnElement[bool]:
    """Condition: nothing keeps this person out of the task.

    Asked of each row: a page looks at few, and a person's bars grow over the years. `throughout`:
    for a statement that looks through all rows; the bars are then read once.
    """
    if throughout:
        return task_key.not_in(select(TaskBar.task_key).where(TaskBar.username == username))
    bar = select(TaskBar.task_key).where(TaskBar.username == username, TaskBar.task_key == task_key)
    return ~bar.correlate_except(TaskBar).exists()


def barred_from(task_key: KeyColumn) -> ColumnElement[str]:
    """Return the query of user names that must keep out of the task a row names."""
    names = select(TaskBar.username).where(TaskBar.task_key == task_key)
    return names.correlate_except(TaskBar)  # type: ignore[return-value]


def acted_before() -> ColumnElement[bool]:
    """Condition of a bar's row: the party has done a step of the case that was about somebody.

    Who only submits and reads what they are told has done none.
    """
    barred, done = aliased(UserTask), aliased(UserTask)
    return (
        select(done.key)
        .join(TaskParty, TaskParty.task_key == done.key)
        .join(barred, barred.instance_key == done.instance_key)
        .where(
            barred.key == TaskBar.task_key,
            done.ended_by == TaskBar.party,
            done.state == TaskState.COMPLETED,
        )
        .correlate(TaskBar)
        .exists()
    )


def ties_of(session: Session, people: Collection[str]) -> list[Tie]:
    """Return the ties in force of these people, whoever declared them; two statements.

    Who was named by a number counts since they have an account that carries it.
    """
    wanted = sorted(people)
    tie, datum = PersonalTie, PersonalDatum
    named = select(tie.key, tie.username, tie.other, tie.kind).where(
        or_(tie.username.in_(wanted), tie.other.in_(wanted)),
        tie.other.is_not(None),
        tie.ended_at.is_(None),
    )
    numbered = (
        select(tie.key, tie.username, datum.username, tie.kind)
        .join(TieLookup, TieLookup.tie_key == tie.key)
        .join(datum, datum.lookup == TieLookup.lookup)
        .where(
            or_(tie.username.in_(wanted), datum.username.in_(wanted)),
            tie.username != datum.username,
            tie.ended_at.is_(None),
        )
    )
    return [
        Tie(key, username, other or "", TieKind(kind))
        for statement in (named, numbered)
        for key, username, other, kind in session.execute(statement)
    ]
