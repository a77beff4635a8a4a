"""Who stands in for whom: of one person, or all that counts now or later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.queries.administration import require_reader
from service.queries.selects import AnyRow
from service.store.authorization import closed, visible_definitions
from service.store.tables import Deputy, Person, ProcessDefinition


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement; names are display names, `processes` those it is for (none: all)."""

    key: int
    principal: str
    principal_name: str
    deputy: str
    deputy_name: str
    starts_at: datetime
    ends_at: datetime
    processes: tuple[str, ...]
    covers_open: bool
    ended_early: bool

    @property
    def last_moment(self) -> datetime:
        """The last second that it counts: of the day that people call its last."""
        return max(self.starts_at, self.ends_at - timedelta(seconds=1))

    def is_over(self, now: datetime) -> bool:
        """Tell whether it counts no more."""
        return self.ends_at <= now

    def is_on(self, now: datetime) -> bool:
        """Tell whether it counts at this moment."""
        return self.starts_at <= now < self.ends_at


def of_principal(session: Session, *, actor: Actor, limit: int = 50) -> tuple[Agreement, ...]:
    """Return who stands or stood in for the actor, latest first."""
    return _agreements(session, Deputy.principal == actor.username, limit)


def of_deputy(session: Session, *, actor: Actor, now: datetime) -> tuple[Agreement, ...]:
    """Return for whom the actor stands in, or will."""
    mine = (Deputy.deputy == actor.username) & (Deputy.ends_at > now)
    return _agreements(session, mine, 50)


def current(session: Session, *, actor: Actor, now: datetime) -> tuple[Agreement, ...]:
    """Return all that counts now or later. Raises NotFound for who sees no accounts."""
    require_reader(session, actor)
    return _agreements(session, Deputy.ends_at > now, 500)


def procedures(session: Session, *, actor: Actor) -> tuple[tuple[str, str, bool], ...]:
    """Return id, newest name and whether closed of the procedures that the actor may see, by name.

    Who stands in for somebody in all procedures does in no closed one.
    """
    newest = aliased(ProcessDefinition)
    latest = (
        select(func.max(newest.version))
        .where(newest.process_id == ProcessDefinition.process_id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            ProcessDefinition.process_id,
            ProcessDefinition.name,
            closed(ProcessDefinition.process_id).label("closed"),
        )
        .where(ProcessDefinition.version == latest, visible_definitions(actor))
        .order_by(ProcessDefinition.name, ProcessDefinition.process_id)
    )
    return tuple((row.process_id, row.name, bool(row.closed)) for row in rows)


def _agreements(session: Session, which: ColumnElement[bool], limit: int) -> tuple[Agreement, ...]:
    principal, deputy = aliased(Person), aliased(Person)
    rows = session.execute(
        select(
            Deputy,
            principal.display_name.label("principal_name"),
            deputy.display_name.label("deputy_name"),
        )
        .join(principal, principal.username == Deputy.principal)
        .join(deputy, deputy.username == Deputy.deputy)
        .where(which)
        .order_by(Deputy.ends_at.desc(), Deputy.key)
        .limit(limit)
    ).all()
    names = _process_names(session, {one for row in rows for one in row[0].process_ids})
    return tuple(_agreement(row, names) for row in rows)


def _agreement(row: AnyRow, names: Mapping[str, str]) -> Agreement:
    found: Deputy = row[0]
    return Agreement(
        key=found.key,
        principal=found.principal,
        principal_name=row.principal_name,
        deputy=found.deputy,
        deputy_name=row.deputy_name,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        processes=tuple(names.get(one, one) for one in found.process_ids),
        covers_open=found.covers_open,
        ended_early=found.ended_by is not None,
    )


def _process_names(session: Session, ids: set[str]) -> dict[str, str]:
    """Return the newest names; no statement where none is asked for."""
    if not ids:
        return {}
    rows = session.execute(
        select(ProcessDefinition.process_id, ProcessDefinition.name)
        .where(ProcessDefinition.process_id.in_(ids))
        .order_by(ProcessDefinition.version)
    )
    return {row.process_id: row.name for row in rows}
