"""Versions of processes, decisions and forms: which there are, which is the newest in use."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.store.tables import DecisionDefinition, FormDefinition, ProcessDefinition, Resource

Definition: TypeAlias = "type[ProcessDefinition] | type[DecisionDefinition] | type[FormDefinition]"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one id; `checksum` is that of its file."""

    id: str
    key: int
    version: int
    resource_key: int
    checksum: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of some ids of one kind, oldest first."""

    all: tuple[Version, ...]

    def current(self, id: str) -> Version | None:
        """Return the newest version that is not deleted."""
        return next((v for v in reversed(self.all) if v.id == id and not v.deleted), None)

    def next_number(self, id: str) -> int:
        """Return the number of a new version; a deleted one's is not used again."""
        return max((version.version for version in self.all if version.id == id), default=0) + 1


def id_column(kind: Definition) -> InstrumentedAttribute[str]:
    """Return the column that names the process, decision or form."""
    if kind is ProcessDefinition:
        return ProcessDefinition.process_id
    return DecisionDefinition.decision_id if kind is DecisionDefinition else FormDefinition.form_id


def find(session: Session, kind: Definition, ids: Collection[str]) -> Versions:
    """Return all versions of these ids."""
    name = id_column(kind)
    rows = session.execute(
        select(name, kind.key, kind.version, Resource.key, Resource.checksum, Resource.deleted_at)
        .join(Resource, Resource.key == kind.resource_key)
        .where(name.in_(ids))
        .order_by(kind.version)
    )
    return Versions(
        tuple(
            Version(id, key, version, resource_key, checksum, deleted_at is not None)
            for id, key, version, resource_key, checksum, deleted_at in rows
        )
    )
