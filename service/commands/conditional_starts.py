"""Start events with a condition: asked when somebody sends variables to ask them with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from service.commands.event_texts import require_publisher, require_variables
from service.commands.instance_rows import Arising, insert_arising, new_instance
from service.commands.reaching import reached_by
from service.commands.toolbox import Toolbox
from service.domain.actors import SYSTEM, Actor
from service.domain.events import EventKind
from service.domain.values import Variables
from service.store.tables import ProcessDefinition, StartSubscription


@dataclass(frozen=True, slots=True)
class Begun:
    """An instance that a condition began."""

    instance_key: int
    definition_key: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Conditions that were asked, and what that began."""

    key: int
    begun: tuple[Begun, ...]


def evaluate(
    tools: Toolbox,
    variables: Variables,
    *,
    definition_key: int | None = None,
    actor: Actor,
    now: datetime,
) -> Evaluation:
    """Start an instance for each start event whose condition is true of these variables.

    Asked are the newest versions of the processes on which the actor may act (RUNNING act), or the
    one of this definition; the variables are what the event brings. Raises EventsForbidden,
    VariablesReserved, Invalid for what no variable can hold, and StartUnclear for a condition that
    has no answer: then nothing is started.
    """
    require_publisher(tools.session, actor)
    require_variables(variables)
    starts = StartSubscription
    wanted = (
        select(starts, ProcessDefinition.name)
        .join(ProcessDefinition, ProcessDefinition.key == starts.definition_key)
        .where(
            starts.kind == EventKind.CONDITION,
            reached_by(actor, starts.process_id),
        )
        .order_by(starts.key)
    )
    if definition_key is not None:
        wanted = wanted.where(starts.definition_key == definition_key)
    rows = tools.session.execute(wanted).all()
    arising = [
        _arising(tools, start, name, variables)
        for start, name in rows
        if _holds(tools, start, variables, now)
    ]
    insert_arising(tools, arising, now)
    begun = (Begun(one.instance.key, one.instance.definition_key) for one in arising)
    return Evaluation(tools.keys.next(), tuple(begun))


def _holds(tools: Toolbox, start: StartSubscription, variables: Variables, now: datetime) -> bool:
    model = tools.models.process(tools.session, start.definition_key)
    return tools.engine.start_condition_holds(
        model, start.element_id, start.number, variables, keys=tools.keys, now=now
    )


def _arising(tools: Toolbox, start: StartSubscription, name: str, variables: Variables) -> Arising:
    instance = new_instance(
        tools.keys.next(),
        definition_key=start.definition_key,
        process_id=start.process_id,
        started_by=SYSTEM.username,
    )
    return Arising(instance, name, {"start_event": start.element_id, "variables": dict(variables)})
