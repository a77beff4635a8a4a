"""The working copies that belong to a design: what it refers to, and what those refer to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from service.commands import designs
from service.domain.actors import Actor
from service.domain.designs import DesignKind
from service.engine import model_references
from service.store.authorization import designable
from service.store.tables import WorkingCopy

MOST = 50
"""Working copies that are published together with one design."""

Reference = tuple[DesignKind, str]


@dataclass(frozen=True, slots=True)
class Companion:
    """A working copy that a design refers to; `newest` is its newest version, None for none."""

    kind: DesignKind
    resource_id: str
    name: str
    file_name: str
    content: str
    revision: int
    base_version: int | None
    newest: int | None
    edited_by: str
    edited_at: datetime


def companions_of(
    session: Session, actor: Actor, kind: DesignKind, resource_id: str, content: str
) -> tuple[Companion, ...]:
    """Return the unpublished designs that a process needs, also by way of processes it calls.

    Only those the actor may design. Two statements for each depth of calls, and two a companion.
    """
    found: dict[Reference, WorkingCopy] = {}
    wanted = _references(kind, content)
    while wanted and len(found) < MOST:
        fresh = [
            copy
            for copy in _copies(session, actor, wanted)
            if _place(copy) not in found and _place(copy) != (kind, resource_id)
        ]
        found |= {_place(copy): copy for copy in fresh}
        wanted = {one for copy in fresh for one in _references(DesignKind(copy.kind), copy.content)}
    chosen = sorted(found.values(), key=lambda copy: (copy.kind, copy.name, copy.resource_id))
    return tuple(_companion(session, copy) for copy in chosen[:MOST])


def _references(kind: DesignKind, content: str) -> set[Reference]:
    if kind is not DesignKind.PROCESS:
        return set()
    written = model_references(content.encode())
    return {
        *((DesignKind.FORM, one) for one in written.forms),
        *((DesignKind.DECISION, one) for one in written.decisions),
        *((DesignKind.PROCESS, one) for one in written.processes),
    }


def _copies(session: Session, actor: Actor, wanted: Iterable[Reference]) -> Iterator[WorkingCopy]:
    """The copies that were opened under these ids, or define them beside others."""
    references = sorted(wanted)
    statement = select(WorkingCopy).where(designable(actor, WorkingCopy.resource_id))
    conditions = [
        and_(
            WorkingCopy.kind == kind.value,
            or_(
                WorkingCopy.resource_id == one,
                WorkingCopy.content.contains(f'id="{one}"', autoescape=True),
            ),
        )
        for kind, one in references[:MOST]
    ]
    for copy in session.scalars(statement.where(or_(*conditions)).order_by(WorkingCopy.key)):
        defined = {copy.resource_id, *designs.contents(copy.file_name, copy.content).ids}
        if any(kind == copy.kind and one in defined for kind, one in references):
            yield copy


def _place(copy: WorkingCopy) -> Reference:
    return DesignKind(copy.kind), copy.resource_id


def _companion(session: Session, copy: WorkingCopy) -> Companion:
    kind = DesignKind(copy.kind)
    newest = designs.version_file(session, kind, copy.resource_id)
    return Companion(
        kind=kind,
        resource_id=copy.resource_id,
        name=copy.name,
        file_name=copy.file_name,
        content=copy.content,
        revision=copy.revision,
        base_version=copy.base_version,
        newest=None if newest is None else newest.version,
        edited_by=designs.person_name(session, copy.edited_by),
        edited_at=copy.edited_at,
    )
