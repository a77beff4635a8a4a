"""Process definitions as the API lists them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, literal, not_, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.queries.filter_search import TENANT, compare, flag
from service.queries.keyset_search import Found, Search, SearchTable, brief, run
from service.queries.selects import AnyRow
from service.store.authorization import visible_definitions
from service.store.tables import ProcessDefinition, Resource


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """One version of a process; `deleted`: its resource is, it runs to the end only."""

    key: int
    process_id: str
    name: str
    version: int
    version_tag: str | None
    resource_name: str
    has_start_form: bool
    deleted: bool


def search(session: Session, *, actor: Actor, search: Search) -> Found[DefinitionRow]:
    """Search the definitions that the actor may see."""
    statement = _STATEMENT.where(visible_definitions(actor))
    return run(session, statement, table=_TABLE, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> DefinitionRow:
    """Return one definition. Raises NotFound."""
    one = _STATEMENT.where(ProcessDefinition.key == key, visible_definitions(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


def xml(session: Session, *, actor: Actor, key: int) -> str:
    """Return the diagram as it was deployed. Raises NotFound."""
    one = (
        select(Resource.content)
        .join(ProcessDefinition, ProcessDefinition.resource_key == Resource.key)
        .where(ProcessDefinition.key == key, visible_definitions(actor))
    )
    if (content := session.execute(one).scalar_one_or_none()) is None:
        raise NotFound
    return content


_later = aliased(ProcessDefinition)
_later_resource = aliased(Resource)


def _is_latest() -> ColumnElement[bool]:
    later = (
        select(_later.key)
        .join(_later_resource, _later_resource.key == _later.resource_key)
        .where(
            _later.process_id == ProcessDefinition.process_id,
            _later.version > ProcessDefinition.version,
            _later_resource.deleted_at.is_(None),
        )
    )
    return Resource.deleted_at.is_(None) & not_(later.exists())


_STATEMENT = select(
    ProcessDefinition.key,
    ProcessDefinition.process_id,
    ProcessDefinition.name,
    ProcessDefinition.version,
    ProcessDefinition.version_tag,
    Resource.name.label("resource_name"),
    ProcessDefinition.start_form_id.is_not(None).label("has_start_form"),
    Resource.deleted_at.is_not(None).label("deleted"),
).join(Resource, Resource.key == ProcessDefinition.resource_key)

_STATE = case((Resource.deleted_at.is_(None), literal("ACTIVE")), else_=literal("DELETED"))

_TABLE = SearchTable(
    key=ProcessDefinition.key,
    filters={
        "name": compare(ProcessDefinition.name),
        "isLatestVersion": flag(_is_latest()),
        "resourceName": compare(Resource.name),
        "version": compare(ProcessDefinition.version),
        "versionTag": compare(ProcessDefinition.version_tag),
        "processDefinitionId": compare(ProcessDefinition.process_id),
        "processDefinitionKey": compare(ProcessDefinition.key),
        "hasStartForm": flag(ProcessDefinition.start_form_id.is_not(None)),
        "state": compare(_STATE),
        "tenantId": TENANT,
    },
    sorts={
        "processDefinitionKey": ProcessDefinition.key,
        "name": brief(ProcessDefinition.name),
        "resourceName": brief(Resource.name),
        "version": ProcessDefinition.version,
        "versionTag": ProcessDefinition.version_tag,
        "processDefinitionId": ProcessDefinition.process_id,
    },
)


def _row(row: AnyRow) -> DefinitionRow:
    return DefinitionRow(
        key=row.key,
        process_id=row.process_id,
        name=row.name,
        version=row.version,
        version_tag=row.version_tag,
        resource_name=row.resource_name,
        has_start_form=row.has_start_form,
        deleted=row.deleted,
    )
