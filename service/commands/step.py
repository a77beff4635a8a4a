"""One step of an instance: from wait state to wait state, handlers and decisions included."""

from datetime import datetime

from service.commands import (
    called_instances,
    consequences,
    decision_calls,
    handler_calls,
    outcome,
    provisional_notes,
)
from service.commands.handler_calls import CallFailed
from service.commands.instance_lock import LockedInstance, act
from service.commands.instance_rows import worked_out
from service.commands.outcome import Applied
from service.commands.resuming import Resumed
from service.commands.step_input import Step
from service.commands.toolbox import Toolbox
from service.domain.actors import SYSTEM, Actor
from service.domain.events import ElementCompleted, Failure, IncidentType
from service.engine import Execution, HandlerDue
from service.feel import Budget
from service.store.history import NewEntry


def run(
    tools: Toolbox,
    resumed: Resumed,
    instance: LockedInstance,
    step: Step,
    *,
    actor: Actor,
    now: datetime,
) -> Applied:
    """Advance the instance until every branch waits, and write what that did.

    What the step means for other instances is written too (`consequences`); they take their own
    steps later. What fails on the way holds its token only. Raises FeelUnavailable: nothing of the
    step should then be kept.
    """
    resumed.parent.tools = tools
    execution, budget = resumed.execution, Budget()
    while True:
        while (due := execution.advance()) is not None:
            if isinstance(due, HandlerDue):
                _do_service_task(tools, execution, instance, step, due, actor=actor, now=now)
            else:
                decision_calls.answer(tools, execution, instance, due, budget=budget, now=now)
        fresh = execution.take_events()
        step.events.extend(fresh)
        if not called_instances.choose(tools, instance, execution, step, fresh):
            break
    _name_anew(tools, resumed, instance, step, now)
    applied = outcome.apply(tools, instance, resumed, step, actor=actor, now=now)
    consequences.follow(tools, instance, applied, step, now=now)
    provisional_notes.follow(tools, instance, applied, now)
    return applied


def _name_anew(
    tools: Toolbox, resumed: Resumed, instance: LockedInstance, step: Step, now: datetime
) -> None:
    """Work the title out anew where the diagram says so of a step that is done now.

    It stays where that cannot be done.
    """
    model = resumed.model
    done = [one.element_id for one in step.events if isinstance(one, ElementCompleted)]
    if any(map(model.retitles, done)):
        known = resumed.execution.visible(instance.key)
        step.title = worked_out(tools.feel, model, known, now) or step.title


def _do_service_task(
    tools: Toolbox,
    execution: Execution,
    instance: LockedInstance,
    step: Step,
    due: HandlerDue,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    handler = tools.handlers.get(due.task_type)
    if handler is None or handler.asynchronous or due.asynchronous:
        execution.park(due.element_instance_key)
        return
    answer = handler_calls.call(tools, handler.function, instance, due, actor=actor, now=now)
    if not isinstance(answer, CallFailed):
        step.notes.extend(answer.notes)
        execution.complete(due.element_instance_key, answer.variables)
        return
    if answer.code is not None and throw(execution, due, answer):
        return
    step.notes.append(failed_attempt(due, answer, attempt=1, now=now))
    if answer.code is not None:
        return
    failure = final_failure(answer, attempts=1, left=due.retries - 1)
    if failure is not None:
        execution.fail(due.element_instance_key, failure)
    else:
        step.failed[due.element_instance_key] = answer.text
        execution.park(due.element_instance_key)


def throw(execution: Execution, due: HandlerDue, answer: CallFailed) -> bool:
    """Throw the BPMN error of a handler where its task stands; True when an event catches it.

    An incident holds the task otherwise: no retry mends that nothing catches it.
    """
    key, code = due.element_instance_key, answer.code or ""
    return execution.throw_error(key, code, answer.text, answer.variables)


def final_failure(answer: CallFailed, *, attempts: int, left: int) -> Failure | None:
    """Return why no further attempt follows; None when one does."""
    if left > 0:
        return None
    return Failure(IncidentType.JOB_NO_RETRIES, f"执行 {attempts} 次都没有成功。{answer.text}")


def failed_attempt(due: HandlerDue, answer: CallFailed, *, attempt: int, now: datetime) -> NewEntry:
    """Return the entry of the history for an attempt that failed; it holds no values."""
    return act(
        "job.failed",
        actor=SYSTEM.username,
        now=now,
        element_id=due.element_id,
        element_instance_key=due.element_instance_key,
        value={"type": due.task_type, "attempt": attempt, "error": answer.text},
    )
