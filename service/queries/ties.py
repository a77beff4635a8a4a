"""Declared ties: one's own, all for who looks after recusal, and who is barred from a task."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import NotFound
from service.domain.personal_data import PersonalKind
from service.domain.recusal import TieKind, TieSource, reason
from service.queries import cursor
from service.queries.inbox import Page
from service.queries.selects import AnyRow
from service.store.authorization import holds
from service.store.recusal import acted_before
from service.store.tables import Person, PersonalTie, TaskBar

_ORDER = "ties-newest"


@dataclass(frozen=True, slots=True)
class DeclaredTie:
    """One declaration; the names are display names. `ended_at` None: it counts."""

    key: int
    username: str
    name: str
    other: str | None
    other_name: str
    by_number: str
    """Kind of the number by which the other is known, in words; empty for an account."""
    kind: TieKind
    source: TieSource
    note: str
    declared_at: datetime
    declared_by: str
    ended_at: datetime | None
    end_reason: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody who must keep out of a task, and why."""

    username: str
    name: str
    why: str


def may_manage(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor declares ties for others and ends them."""
    return holds(session, actor, ObjectKind.RECUSAL, Action.ACT)


def may_read_all(session: Session, *, actor: Actor) -> bool:
    """Tell whether the actor sees everybody's ties."""
    return may_manage(session, actor=actor) or holds(
        session, actor, ObjectKind.RECUSAL, Action.READ
    )


def own(session: Session, *, actor: Actor) -> tuple[DeclaredTie, ...]:
    """Return what the actor has declared, newest first; what others say of them is not shown."""
    declared = (PersonalTie.username == actor.username, PersonalTie.declared_by == actor.username)
    return _read(session, actor, declared, manages=False, limit=200)


def every(
    session: Session, *, actor: Actor, q: str = "", after: str | None = None, limit: int = 50
) -> Page[DeclaredTie]:
    """Return a page of everybody's ties, newest first. Raises NotFound for others, BadCursor."""
    if not may_read_all(session, actor=actor):
        raise NotFound
    wanted: list[ColumnElement[bool]] = []
    if said := q.strip().replace("\0", ""):
        named = select(Person.username).where(
            or_(
                Person.display_name.icontains(said, autoescape=True),
                Person.username.icontains(said, autoescape=True),
            )
        )
        wanted.append(
            or_(
                PersonalTie.username.in_(named),
                PersonalTie.other.in_(named),
                PersonalTie.other_name.icontains(said, autoescape=True),
            )
        )
    if after:
        (last,) = cursor.read(after, _ORDER, (int,))
        wanted.append(PersonalTie.key < last)
    manages = may_manage(session, actor=actor)
    rows = _read(session, actor, wanted, manages=manages, limit=limit + 1)
    following = cursor.write(_ORDER, [rows[limit - 1].key]) if len(rows) > limit else None
    return Page(rows[:limit], following)


def barred_from(session: Session, task_keys: Sequence[int]) -> dict[int, tuple[Barred, ...]]:
    """Return who must keep out of these tasks; the caller has made sure the actor assigns them."""
    if not task_keys:
        return {}
    person, party = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            TaskBar,
            person.display_name.label("name"),
            party.display_name.label("about"),
            acted_before().label("before"),
        )
        .join(person, person.username == TaskBar.username)
        .outerjoin(party, party.username == TaskBar.party)
        .where(TaskBar.task_key.in_(task_keys))
        .order_by(TaskBar.task_key, person.sort_name)
    )
    found: dict[int, tuple[Barred, ...]] = {}
    for row in rows:
        bar: TaskBar = row[0]
        kind = None if bar.kind is None else TieKind(bar.kind)
        why = reason(kind, row.about or bar.party, acted_before=row.before)
        barred = Barred(bar.username, row.name, why)
        found[bar.task_key] = (*found.get(bar.task_key, ()), barred)
    return found


def _read(
    session: Session,
    actor: Actor,
    conditions: Sequence[ColumnElement[bool]],
    *,
    manages: bool,
    limit: int,
) -> tuple[DeclaredTie, ...]:
    person, other = aliased(Person), aliased(Person)
    statement = (
        select(
            PersonalTie,
            person.display_name.label("name"),
            other.display_name.label("other_display_name"),
        )
        .join(person, person.username == PersonalTie.username)
        .outerjoin(other, other.username == PersonalTie.other)
        .where(*conditions)
        .order_by(PersonalTie.key.desc())
        .limit(limit)
    )
    return tuple(_tie(row, actor, manages) for row in session.execute(statement))


def _tie(row: AnyRow, actor: Actor, manages: bool) -> DeclaredTie:
    tie: PersonalTie = row[0]
    source = TieSource(tie.source)
    own_word = source is TieSource.SELF and tie.declared_by == tie.username == actor.username
    return DeclaredTie(
        key=tie.key,
        username=tie.username,
        name=row.name,
        other=tie.other,
        other_name=tie.other_name or row.other_display_name,
        by_number="" if tie.number_kind is None else PersonalKind(tie.number_kind).label,
        kind=TieKind(tie.kind),
        source=source,
        note=tie.note,
        declared_at=tie.declared_at,
        declared_by=tie.declared_by,
        ended_at=tie.ended_at,
        end_reason=tie.end_reason or "",
        may_end=tie.ended_at is None and (manages or own_word),
    )
