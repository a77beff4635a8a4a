"""What a diagram may refer to: forms, decisions and processes, with what people call them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.designs import DesignKind, DesignNotFound
from service.queries.designs import KINDS, may_design
from service.store.authorization import designable
from service.store.tables import Resource, WorkingCopy

MOST = 1000
"""Of one kind."""


@dataclass(frozen=True, slots=True)
class DesignReference:
    """Something to refer to; `published`: it has a version, and not a working copy alone."""

    id: str
    name: str
    published: bool


def references(
    session: Session, *, actor: Actor
) -> Mapping[DesignKind, tuple[DesignReference, ...]]:
    """Return what the actor may design, by name, also what stands beside others in a file.

    Five statements. Raises DesignNotFound for who may design nothing.
    """
    if not may_design(session, actor=actor):
        raise DesignNotFound
    found = {kind: _published(session, actor, kind) for kind in KINDS}
    copies = session.execute(
        select(WorkingCopy.kind, WorkingCopy.resource_id, WorkingCopy.name)
        .where(designable(actor, WorkingCopy.resource_id))
        .order_by(WorkingCopy.edited_at.desc())
        .limit(MOST)
    )
    for kind, id, name in copies:
        known = found[DesignKind(kind)]
        known[id] = DesignReference(id, name, published=id in known)
    return {
        kind: tuple(sorted(known.values(), key=lambda one: (one.name, one.id)))
        for kind, known in found.items()
    }


def _published(session: Session, actor: Actor, kind: DesignKind) -> dict[str, DesignReference]:
    """The newest versions in use; keys rise with versions."""
    where = KINDS[kind]
    newest = (
        select(func.max(where.entity.key))
        .join(Resource, Resource.key == where.entity.resource_key)
        .where(Resource.deleted_at.is_(None), designable(actor, where.id))
        .group_by(where.id)
    )
    rows = session.execute(
        select(where.id, where.name)
        .where(where.entity.key.in_(newest))
        .order_by(where.entity.key.desc())
        .limit(MOST)
    )
    return {id: DesignReference(id, name, published=True) for id, name in rows}
