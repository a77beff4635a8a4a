"""What a right may name: processes, decisions and forms that were deployed, by their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from service.domain.authorization import Action, GranteeKind, ObjectKind
from service.queries.selects import AnySelect
from service.store.tables import (
    AuthorizationGrant,
    ClosedProcedure,
    DecisionDefinition,
    FormDefinition,
    ProcessDefinition,
)


class SubjectKind(StrEnum):
    """What a right is about."""

    PROCESS = "process"
    DECISION = "decision"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Subject:
    """Something deployed, as its newest version calls it."""

    kind: SubjectKind
    id: str
    name: str
    closed: bool = False
    """A closed procedure, which rights to all of them do not reach."""
    unattended: bool = False
    """A closed procedure for which no right names anybody who handles its running: what fails there
    nobody sees."""


def deployed(session: Session) -> tuple[Subject, ...]:
    """Return everything that was ever deployed, processes first; two statements.

    Names of diagrams tell nothing of a case; the caller has asked who wants to know.
    """
    process, decision, form = (
        aliased(ProcessDefinition),
        aliased(DecisionDefinition),
        aliased(FormDefinition),
    )
    rows = session.execute(
        union_all(
            _newest(SubjectKind.PROCESS, process.process_id, process.name, process.version,
                    ProcessDefinition.process_id, ProcessDefinition.version),
            _newest(SubjectKind.DECISION, decision.decision_id, decision.name, decision.version,
                    DecisionDefinition.decision_id, DecisionDefinition.version),
            _newest(SubjectKind.FORM, form.form_id, form.name, form.version,
                    FormDefinition.form_id, FormDefinition.version),
        )
    ).all()  # fmt: skip
    closed = dict(session.execute(select(ClosedProcedure.process_id, ~_attended())).all())
    found = [_subject(SubjectKind(row.kind), row.id, row.name, closed) for row in rows]
    order = list(SubjectKind)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.name, one.id)))


def _subject(kind: SubjectKind, id: str, name: str | None, closed: Mapping[str, bool]) -> Subject:
    is_closed = kind is SubjectKind.PROCESS and id in closed
    return Subject(kind, id, name or id, is_closed, is_closed and bool(closed[id]))


def _attended() -> ColumnElement[bool]:
    """Condition on ClosedProcedure: a right names somebody for handling its running."""
    grant = AuthorizationGrant
    return exists().where(
        grant.process_id == ClosedProcedure.process_id,
        grant.object == ObjectKind.RUNNING,
        grant.action == Action.ACT,
        grant.grantee_kind != GranteeKind.EVERYONE,
    )


def _newest(
    kind: SubjectKind,
    id: InstrumentedAttribute[str],
    name: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    version: InstrumentedAttribute[int],
    other_id: InstrumentedAttribute[str],
    other_version: InstrumentedAttribute[int],
) -> AnySelect:
    latest = select(func.max(other_version)).where(other_id == id).scalar_subquery()
    return select(literal(kind.value).label("kind"), id.label("id"), name.label("name")).where(
        version == latest
    )
