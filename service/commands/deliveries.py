"""What the service's own jobs do: each brings something to one instance, under its lock.

Where nobody waits for it any more the job is done all the same; a message is correlated anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update

from service.commands import correlation, deadline_acts, instance_rows, message_lock, step
from service.commands.correlation import NewMessage
from service.commands.instance_lock import LockedInstance, act
from service.commands.parent_link import ParentLink
from service.commands.resuming import Resumed, resume
from service.commands.step_input import Delivered, Step
from service.commands.toolbox import Toolbox
from service.commands.upserts import table
from service.domain.actors import SYSTEM
from service.domain.values import Json, Variables
from service.engine import INITIATOR, NotWaiting, TimerDue
from service.store.history import NewEntry
from service.store.tables import (
    Job,
    MessageCorrelation,
    ProcessDefinition,
    Variable,
)
from service.store.tables.instances import InstanceState
from service.store.tables.work import JobKind, JobState


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job of the service's own that its runner holds."""

    key: int
    kind: JobKind
    element_instance_key: int
    element_id: str
    details: Mapping[str, Json] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A text of the details, empty where there is none."""
        value = self.details.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """A whole number of the details; keys are kept as texts."""
        value = self.details.get(name)
        return int(value) if isinstance(value, int | str) and value != "" else 0

    @property
    def fired(self) -> TimerDue:
        """How the timer was due, as it was told."""
        left = self.details.get("left")
        return TimerDue(
            at=datetime.fromisoformat(self.text("due")),
            cycle=self.text("cycle"),
            left=left if isinstance(left, int) else None,
        )

    @property
    def variables(self) -> Variables:
        """The variables it carries."""
        value = self.details.get("variables")
        return value if isinstance(value, dict) else {}


def deliver(tools: Toolbox, instance: LockedInstance, job: Delivery, *, now: datetime) -> None:
    """Do a job whose row is done already, under the lock of its instance."""
    if job.kind is JobKind.BEGIN:
        _begin(tools, instance, job, now)
    elif job.kind is JobKind.MESSAGE:
        _message(tools, instance, job, now)
    elif job.kind is JobKind.DEADLINE:
        deadline_acts.perform(tools, instance, job.element_instance_key, now=now)
    elif instance.state == InstanceState.ACTIVE and instance.begun:
        _step(tools, instance, job, now)


def _step(tools: Toolbox, instance: LockedInstance, job: Delivery, now: datetime) -> None:
    resumed = _resumed(tools, instance, now)
    taken = Step(stored_scopes=resumed.scopes)
    try:
        match job.kind:
            case JobKind.TIMER:
                _fire(resumed, job)
                taken.acts.append(_entry(resumed, job, "timer.fired", now))
            case JobKind.SIGNAL:
                _trigger(resumed, job, job.variables)
                value: dict[str, Json] = {"signal": job.text("name")}
                taken.acts.append(_entry(resumed, job, "signal.received", now, value))
            case JobKind.PAUSE:
                resumed.execution.go_on(job.element_instance_key)
            case _:
                taken.acts.extend(_answer_call(tools, resumed, job, now))
    except NotWaiting:
        return
    step.run(tools, resumed, instance, taken, actor=SYSTEM, now=now)


def _fire(resumed: Resumed, job: Delivery) -> None:
    key, number = job.element_instance_key, job.number("number")
    resumed.execution.trigger(key, job.element_id, {}, number=number, fired=job.fired)


def _trigger(resumed: Resumed, job: Delivery, variables: Variables) -> None:
    resumed.execution.trigger(
        job.element_instance_key, job.element_id, variables, number=job.number("number")
    )


def _message(tools: Toolbox, instance: LockedInstance, job: Delivery, now: datetime) -> None:
    message = correlation.find(tools.session, job.number("message_key"))
    if message is None:
        return
    if instance.state != InstanceState.ACTIVE:
        _correlate_anew(tools, instance, message, now)
        return
    resumed = _resumed(tools, instance, now)
    try:
        _trigger(resumed, job, message.variables)
    except NotWaiting:
        _correlate_anew(tools, instance, message, now)
        return
    entry = _entry(resumed, job, "message.received", now, {"message": message.name})
    taken = Step(
        acts=[entry],
        stored_scopes=resumed.scopes,
        delivered=Delivered(
            message.key, message.name, message.correlation_key, job.number("subscription_key")
        ),
    )
    step.run(tools, resumed, instance, taken, actor=SYSTEM, now=now)


def _correlate_anew(
    tools: Toolbox, instance: LockedInstance, message: NewMessage, now: datetime
) -> None:
    """Who was to take it waits no longer: another instance of the process may, while it is kept."""
    message_lock.lock(tools.session, [message.address])
    taken = table(MessageCorrelation)
    tools.session.execute(
        delete(taken).where(
            taken.c.message_key == message.key, taken.c.process_id == instance.process_id
        )
    )
    if message.expires_at > now:
        chosen = correlation.takers(tools, message, now, only=instance.process_id)
        correlation.deliver(tools, message.key, chosen, now)


def _begin(tools: Toolbox, instance: LockedInstance, job: Delivery, now: datetime) -> None:
    """Take the first step of an instance that was called, or that an event has started."""
    if instance.state != InstanceState.ACTIVE or instance.begun:
        return
    model = tools.models.process(tools.session, instance.definition_key)
    message_key = job.number("message_key")
    message = correlation.find(tools.session, message_key) if message_key else None
    variables = job.variables if message is None else message.variables
    start_event = job.text("start_event") or None
    link = ParentLink(tools, instance.key)
    execution = tools.engine.start(
        model,
        instance_key=instance.key,
        variables=variables,
        keys=tools.keys,
        now=now,
        start_event=start_event,
        caller=link,
    )
    initiator: dict[str, Json] = {INITIATOR: instance.started_by}
    execution.set_variables(instance.key, initiator, local=True)
    title = instance_rows.title_of(tools.feel, model, {**variables, **initiator}, now)
    resumed = Resumed(model, execution, frozenset(), link)
    taken = Step(acts=[_begun(tools, instance, resumed, job, message, title, now)], title=title)
    if message is not None:
        taken.delivered = Delivered(message.key, message.name, message.correlation_key, 0)
    step.run(tools, resumed, instance, taken, actor=SYSTEM, now=now)


def _begun(
    tools: Toolbox,
    instance: LockedInstance,
    resumed: Resumed,
    job: Delivery,
    message: NewMessage | None,
    title: str,
    now: datetime,
) -> NewEntry:
    version = tools.session.scalar(
        select(ProcessDefinition.version).where(ProcessDefinition.key == instance.definition_key)
    )
    value: dict[str, Json] = {"title": title, "name": resumed.model.name, "version": version}
    if instance.parent_key is not None:
        value["parent"] = str(instance.parent_key)
        return act("instance.called", actor=SYSTEM.username, now=now, value=value)
    element = resumed.model.elements[job.text("start_event")]
    value["event"] = element.name or element.id
    if message is not None:
        value["message"] = message.name
    if job.text("signal"):
        value["signal"] = job.text("signal")
    return act("instance.triggered", actor=SYSTEM.username, now=now, value=value)


def _answer_call(tools: Toolbox, resumed: Resumed, job: Delivery, now: datetime) -> list[NewEntry]:
    """Tell the call activity what became of what it called. Raises NotWaiting."""
    key, called = job.element_instance_key, job.number("instance_key")
    execution, code = resumed.execution, job.text("code")
    match job.text("what"):
        case "error":
            execution.throw_error(key, code, job.text("message"), job.variables)
        case "escalation":
            execution.escalate(key, code, job.variables)
            return []
        case _:
            execution.complete(key, _root_variables(tools, called))
    value: dict[str, Json] = {"instance_key": str(called), "code": code}
    return [
        act(
            "call.ended",
            actor=SYSTEM.username,
            now=now,
            element_instance_key=key,
            value=value,
        )
    ]


def _root_variables(tools: Toolbox, instance_key: int) -> dict[str, Json]:
    rows = tools.session.execute(
        select(Variable.name, Variable.value).where(Variable.scope_key == instance_key)
    )
    return {name: value for name, value in rows}


def earlier_calls(tools: Toolbox, job: Delivery, now: datetime) -> list[Delivery]:
    """Take over what was told to the same call activity before and is still under way.

    Whoever holds those jobs finds them done. So a call activity hears everything in its order.
    """
    rows = tools.session.execute(
        select(Job.key, Job.element_id, Job.details)
        .where(
            Job.element_instance_key == job.element_instance_key,
            Job.kind == JobKind.CALL,
            Job.state == JobState.WAITING,
            Job.key < job.key,
        )
        .order_by(Job.key)
        .with_for_update()
    ).all()
    if rows:
        ended = {"state": JobState.DONE, "ended_at": now, "details": None}
        done = update(table(Job)).where(Job.key.in_([row.key for row in rows]))
        tools.session.execute(done.values(**ended, lock_owner=None, lock_expires_at=None))
    return [
        Delivery(row.key, JobKind.CALL, job.element_instance_key, row.element_id, row.details or {})
        for row in rows
    ]


def _resumed(tools: Toolbox, instance: LockedInstance, now: datetime) -> Resumed:
    return resume(
        tools,
        instance_key=instance.key,
        definition_key=instance.definition_key,
        engine_state=instance.engine_state,
        now=now,
    )


def _entry(
    resumed: Resumed,
    job: Delivery,
    name: str,
    now: datetime,
    value: dict[str, Json] | None = None,
) -> NewEntry:
    element = resumed.model.elements[job.element_id]
    return act(
        name,
        actor=SYSTEM.username,
        now=now,
        element_id=job.element_id,
        value={"name": element.name or element.id, **(value or {})},
    )
