"""What an engine step means for its instance's rows: the only writer of them after a step.

What it means beyond the instance is in `consequences`, which follows in the same transaction.
"""

from dataclasses import dataclass, field
from datetime import datetime

from service.commands import deadline_plans, post_groups, recusal, step_rows
from service.commands.instance_lock import LockedInstance
from service.commands.onward import Onward
from service.commands.resuming import Resumed
from service.commands.step_input import Step
from service.commands.step_reader import StepReader
from service.commands.toolbox import Toolbox
from service.commands.upserts import Row
from service.domain.actors import Actor
from service.domain.events import UserTaskCreated
from service.domain.working_days import WorkingDays
from service.store import history
from service.store.tables.instances import InstanceState


@dataclass(frozen=True, slots=True)
class Applied:
    """What the step came to; `incidents` are the elements that now wait for an operator.

    `calendar` is the one by which due dates were worked out, where there was any.
    """

    created: tuple[UserTaskCreated, ...]
    incidents: frozenset[int]
    state: InstanceState
    onward: Onward = field(default_factory=Onward)
    calendar: WorkingDays | None = None


def apply(
    tools: Toolbox,
    instance: LockedInstance,
    resumed: Resumed,
    step: Step,
    *,
    actor: Actor,
    now: datetime,
) -> Applied:
    """Write what the step did: rows first, then the history, the instance itself last."""
    events = (*step.events, *resumed.execution.take_events())
    named, groups = post_groups.name_groups(tools.session, events, now)
    named, kept_out = recusal.keep_out(tools.session, named)
    planned = deadline_plans.assign(tools, instance, resumed.model, named, now)
    reader = StepReader(tools, instance, resumed.model, step, actor, now, groups, kept_out)
    for event in planned.events:
        reader.take(event)
    rows = reader.rows
    rows.done_task = step.done_task
    rows.bars = kept_out.bars
    rows.deadlines = planned.deadlines
    rows.jobs.extend(planned.jobs_of(rows.canceled_tasks))
    ended = reader.state is not InstanceState.ACTIVE
    written = step_rows.write(tools, instance, rows, ended=ended, actor=actor, now=now)
    entries = [*step.acts, *reader.entries, *reader.nobody(written.deserted)]
    entries += [*planned.entries, *step.notes]
    changes: Row = {
        "state": reader.state,
        "engine_state": resumed.execution.save(),
        "ended_at": now if ended else None,
        "end_event": reader.end_event,
        "open_incidents": written.open_incidents,
    }
    if step.title is not None:
        changes["title"] = step.title
    head = history.append(tools.session, instance.chain, entries, tools.audit_key)
    step_rows.write_instance(tools.session, instance, changes, head)
    return Applied(
        tuple(rows.tasks.values()),
        frozenset(rows.incidents),
        reader.state,
        reader.onward,
        planned.calendar,
    )
