"""Decision definitions and the files they stand in, as the API lists them.

The API calls a file with decisions "decision requirements"; its key is that of the resource, its
version counts the resources that had the same id.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, distinct, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.errors import NotFound
from service.queries.filter_search import TENANT, compare, flag
from service.queries.keyset_search import Found, Search, SearchTable, brief, run
from service.queries.selects import AnyRow
from service.store.authorization import granted
from service.store.tables import DecisionDefinition, ProcessDefinition, Resource


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One version of a decision."""

    key: int
    decision_id: str
    name: str
    version: int
    requirements_key: int
    requirements_id: str
    requirements_name: str
    requirements_version: int


@dataclass(frozen=True, slots=True)
class RequirementsRow:
    """One version of a file with decisions."""

    key: int
    requirements_id: str
    name: str
    version: int
    resource_name: str


def search(session: Session, *, actor: Actor, search: Search) -> Found[DecisionRow]:
    """Search the decisions that the actor may read."""
    statement = _STATEMENT.where(visible_decisions(actor))
    return run(session, statement, table=_TABLE, search=search, make=_row)


def get(session: Session, *, actor: Actor, key: int) -> DecisionRow:
    """Return one decision. Raises NotFound."""
    one = _STATEMENT.where(DecisionDefinition.key == key, visible_decisions(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


def latest(session: Session, *, actor: Actor, decision_id: str) -> DecisionRow:
    """Return the version of a decision that is in use. Raises NotFound."""
    one = _STATEMENT.where(
        DecisionDefinition.decision_id == decision_id, _is_latest(), visible_decisions(actor)
    )
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _row(row)


def of_file(session: Session, *, requirements_key: int) -> dict[str, DecisionRow]:
    """Return all decisions of a file by id, for who may read one: the file shows them all."""
    rows = session.execute(_STATEMENT.where(DecisionDefinition.resource_key == requirements_key))
    return {row.decision_id: _row(row) for row in rows}


def xml(session: Session, *, actor: Actor, key: int) -> str:
    """Return the file of a decision as it was deployed. Raises NotFound."""
    return _content(session, actor, DecisionDefinition.key == key)


def search_requirements(
    session: Session, *, actor: Actor, search: Search
) -> Found[RequirementsRow]:
    """Search the files with decisions that the actor may read."""
    statement = _REQUIREMENTS.where(visible_decisions(actor))
    return run(session, statement, table=_REQUIREMENTS_TABLE, search=search, make=_requirements)


def get_requirements(session: Session, *, actor: Actor, key: int) -> RequirementsRow:
    """Return one file with decisions. Raises NotFound."""
    one = _REQUIREMENTS.where(Resource.key == key, visible_decisions(actor))
    if (row := session.execute(one).one_or_none()) is None:
        raise NotFound
    return _requirements(row)


def requirements_xml(session: Session, *, actor: Actor, key: int) -> str:
    """Return a file with decisions as it was deployed. Raises NotFound."""
    return _content(session, actor, Resource.key == key)


def requirements_versions(session: Session, keys: Collection[int]) -> Mapping[int, int]:
    """Return the versions of these files by key, for who deployed them just now."""
    found = session.execute(_REQUIREMENTS.where(Resource.key.in_(keys)))
    return {row.key: row.requirements_version for row in found}


def visible_decisions(actor: Actor) -> ColumnElement[bool]:
    """Condition on DecisionDefinition joined with Resource: the actor may read the deployment.

    A right to a procedure's deployments covers the decisions that came with its diagram.
    """
    beside = aliased(Resource)
    with_diagram = (
        select(ProcessDefinition.key)
        .join(beside, beside.key == ProcessDefinition.resource_key)
        .where(
            beside.deployment_key == Resource.deployment_key,
            granted(actor, ObjectKind.DEPLOYMENT, Action.READ, ProcessDefinition.process_id),
        )
    )
    own = granted(actor, ObjectKind.DEPLOYMENT, Action.READ, DecisionDefinition.decision_id)
    return or_(own, with_diagram.exists())


def _content(session: Session, actor: Actor, wanted: ColumnElement[bool]) -> str:
    one = (
        select(Resource.content)
        .join(DecisionDefinition, DecisionDefinition.resource_key == Resource.key)
        .where(wanted, visible_decisions(actor))
        .limit(1)
    )
    if (content := session.execute(one).scalar_one_or_none()) is None:
        raise NotFound
    return content


def _is_latest() -> ColumnElement[bool]:
    later, later_resource = aliased(DecisionDefinition), aliased(Resource)
    newer = (
        select(later.key)
        .join(later_resource, later_resource.key == later.resource_key)
        .where(
            later.decision_id == DecisionDefinition.decision_id,
            later.version > DecisionDefinition.version,
            later_resource.deleted_at.is_(None),
        )
    )
    return Resource.deleted_at.is_(None) & not_(newer.exists())


_earlier = aliased(DecisionDefinition)
_REQUIREMENTS_VERSION = (
    select(func.count(distinct(_earlier.resource_key)))
    .where(
        _earlier.requirements_id == DecisionDefinition.requirements_id,
        _earlier.resource_key <= DecisionDefinition.resource_key,
    )
    .scalar_subquery()
)

_STATEMENT = select(
    DecisionDefinition.key,
    DecisionDefinition.decision_id,
    DecisionDefinition.name,
    DecisionDefinition.version,
    DecisionDefinition.resource_key,
    DecisionDefinition.requirements_id,
    DecisionDefinition.requirements_name,
    _REQUIREMENTS_VERSION.label("requirements_version"),
).join(Resource, Resource.key == DecisionDefinition.resource_key)

_TABLE = SearchTable(
    key=DecisionDefinition.key,
    filters={
        "decisionDefinitionId": compare(DecisionDefinition.decision_id),
        "decisionDefinitionKey": compare(DecisionDefinition.key),
        "name": compare(DecisionDefinition.name),
        "version": compare(DecisionDefinition.version),
        "isLatestVersion": flag(_is_latest()),
        "decisionRequirementsId": compare(DecisionDefinition.requirements_id),
        "decisionRequirementsKey": compare(DecisionDefinition.resource_key),
        "decisionRequirementsName": compare(DecisionDefinition.requirements_name),
        "decisionRequirementsVersion": compare(_REQUIREMENTS_VERSION),
        "tenantId": TENANT,
    },
    sorts={
        "decisionDefinitionKey": DecisionDefinition.key,
        "decisionDefinitionId": DecisionDefinition.decision_id,
        "name": brief(DecisionDefinition.name),
        "version": DecisionDefinition.version,
        "decisionRequirementsId": DecisionDefinition.requirements_id,
        "decisionRequirementsKey": DecisionDefinition.resource_key,
        "decisionRequirementsName": brief(DecisionDefinition.requirements_name),
        "decisionRequirementsVersion": _REQUIREMENTS_VERSION,
    },
)

_same_file = aliased(DecisionDefinition)
_first_of_file = (
    select(func.min(_same_file.key))
    .where(_same_file.resource_key == Resource.key)
    .scalar_subquery()
)

_REQUIREMENTS = (
    select(
        Resource.key,
        DecisionDefinition.requirements_id,
        DecisionDefinition.requirements_name,
        Resource.name.label("resource_name"),
        _REQUIREMENTS_VERSION.label("requirements_version"),
    )
    .join(DecisionDefinition, DecisionDefinition.resource_key == Resource.key)
    .where(DecisionDefinition.key == _first_of_file)
)

_REQUIREMENTS_TABLE = SearchTable(
    key=Resource.key,
    filters={
        "decisionRequirementsKey": compare(Resource.key),
        "decisionRequirementsId": compare(DecisionDefinition.requirements_id),
        "decisionRequirementsName": compare(DecisionDefinition.requirements_name),
        "resourceName": compare(Resource.name),
        "version": compare(_REQUIREMENTS_VERSION),
        "tenantId": TENANT,
    },
    sorts={
        "decisionRequirementsKey": Resource.key,
        "decisionRequirementsId": DecisionDefinition.requirements_id,
        "decisionRequirementsName": brief(DecisionDefinition.requirements_name),
        "version": _REQUIREMENTS_VERSION,
    },
)


def _row(row: AnyRow) -> DecisionRow:
    return DecisionRow(
        key=row.key,
        decision_id=row.decision_id,
        name=row.name,
        version=row.version,
        requirements_key=row.resource_key,
        requirements_id=row.requirements_id,
        requirements_name=row.requirements_name,
        requirements_version=row.requirements_version,
    )


def _requirements(row: AnyRow) -> RequirementsRow:
    return RequirementsRow(
        key=row.key,
        requirements_id=row.requirements_id,
        name=row.requirements_name,
        version=row.requirements_version,
        resource_name=row.resource_name,
    )
