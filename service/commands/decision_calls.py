"""Asking decisions: for business rule tasks."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands.instance_lock import LockedInstance
from service.commands.scrubbing import mask
from service.commands.toolbox import Toolbox
from service.domain.events import Failure, IncidentType
from service.engine import (
    Binding,
    DecisionDue,
    DecisionFailed,
    DecisionFailure,
    Execution,
    try_decision,
)
from service.feel import Budget, FeelError, FeelUnavailable, NameNotPlain
from service.store.tables import DecisionDefinition, ProcessDefinition, Resource


def answer(
    tools: Toolbox,
    execution: Execution,
    instance: LockedInstance,
    due: DecisionDue,
    *,
    budget: Budget,
    now: datetime,
) -> None:
    """Evaluate the decision and go on, or hold the token with an incident.

    Raises FeelUnavailable.
    """
    key = find(tools.session, due.decision_id, due.binding, instance.definition_key)
    if key is None:
        message = f"没有部署编号为「{due.decision_id}」的决策。请部署后重试。"
        _fail(execution, due, IncidentType.CALLED_DECISION_ERROR, message)
        return
    model = tools.models.decision(tools.session, key)
    try:
        result = try_decision(
            model, due.decision_id, due.variables, feel=tools.feel, now=now, budget=budget
        )
        if isinstance(result, DecisionFailure):
            _fail(execution, due, IncidentType.DECISION_EVALUATION_ERROR, _told(result))
        else:
            execution.decide(due.element_instance_key, result)
    except FeelUnavailable:
        raise
    except (DecisionFailed, FeelError, NameNotPlain) as error:
        _fail(execution, due, IncidentType.DECISION_EVALUATION_ERROR, error.message)


def find(
    session: Session, decision_id: str, binding: Binding, process_definition_key: int
) -> int | None:
    """Return the key of the version to ask: the newest, or that of the process's deployment.

    Unchanged files make no new version, so the version of a deployment is the newest at its time.
    """
    statement = (
        select(DecisionDefinition.key)
        .join(Resource, Resource.key == DecisionDefinition.resource_key)
        .where(DecisionDefinition.decision_id == decision_id, Resource.deleted_at.is_(None))
        .order_by(DecisionDefinition.version.desc())
        .limit(1)
    )
    if binding is Binding.DEPLOYMENT:
        deployed_at = (
            select(ProcessDefinition.deployed_at)
            .where(ProcessDefinition.key == process_definition_key)
            .scalar_subquery()
        )
        statement = statement.where(DecisionDefinition.deployed_at <= deployed_at)
    return session.scalar(statement)


def _told(failure: DecisionFailure) -> str:
    """Why there is no result; an expression's fault does not say itself whose it is."""
    if isinstance(failure.error, DecisionFailed):
        return failure.error.message
    return f"决策「{failure.name}」：{failure.error.message}"


def _fail(execution: Execution, due: DecisionDue, kind: IncidentType, message: str) -> None:
    execution.fail(due.element_instance_key, Failure(kind, mask(message, due.variables)))
