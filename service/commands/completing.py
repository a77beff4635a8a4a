"""Completing a user task in two phases: what can be known without a lock, and what cannot."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from service.commands import (
    attachments,
    drafts,
    form_submissions,
    instance_lock,
    step,
    suspension,
)
from service.commands.attachments import Attachment, Subject
from service.commands.form_submissions import Sent
from service.commands.instance_lock import act
from service.commands.models import FormModel
from service.commands.outcome import Applied
from service.commands.resuming import Resumed, resume
from service.commands.step_input import Step
from service.commands.submissions import cleaned_comment
from service.commands.task_records import TaskRecord, find, groups_through, require_revision
from service.commands.task_rows import DoneTask
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.errors import Invalid
from service.domain.user_tasks import (
    Standing,
    TaskFormMissing,
    require_completable,
    require_outcome,
)
from service.domain.values import Json, Variables
from service.engine import Element, completer_variable, outcome_variable
from service.feel import FeelPool
from service.store.history import NewEntry


@dataclass(frozen=True, slots=True)
class Completion:
    """What a person wants: as `completion.complete` takes it."""

    task_key: int
    submission: Variables
    outcome: str | None
    comment: str
    revision: int | None
    strict: bool
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Prepared:
    """A completion that was in order when it was read.

    `resumed` is the instance as it was at `task.instance_revision`; `context` what the form saw;
    `accepted` what the form takes; `attachments` the files in it, of which `pending` are not part
    of the instance yet.
    """

    task: TaskRecord
    standing: Standing
    resumed: Resumed
    form: FormModel | None
    context: Variables
    comment: str
    accepted: dict[str, Json] = field(default_factory=dict)
    attachments: Sequence[Attachment] = ()
    pending: Sequence[int] = ()


Opened: TypeAlias = "Callable[[], AbstractContextManager[Toolbox]]"
"""Gives tools to read with; each use may be a connection of its own."""


def prepare(opened: Opened, wanted: Completion) -> Prepared:
    """Check everything that a person can be told at once; no connection is held for the form."""
    with opened() as tools:
        loaded = _load(tools, wanted)
    try:
        return _with_form(opened, tools.feel, loaded, wanted)
    except Invalid:
        # Who was faster meanwhile comes before what is wrong with the form.
        with opened() as tools:
            _load(tools, wanted)
        raise


def apply(tools: Toolbox, prepared: Prepared, wanted: Completion) -> Applied:
    """Complete the task under the lock of its instance; what changed meanwhile is checked again."""
    key, actor, now = prepared.task.key, wanted.actor, wanted.now
    instance, task_revision = instance_lock.lock_with_task(tools.session, key)
    read = prepared.task
    if (task_revision, instance.revision) != (read.revision, read.instance_revision):
        prepared = _prepared_again(tools, prepared, wanted)
    attachments.bind(tools.session, prepared.pending, prepared.attachments, instance.key)
    taken = Step(
        acts=_acts(prepared, wanted),
        done_task=_done(prepared.task, wanted),
        stored_scopes=prepared.resumed.scopes,
    )
    prepared.resumed.execution.complete(key, _variables(prepared, wanted))
    applied = step.run(tools, prepared.resumed, instance, taken, actor=actor, now=now)
    drafts.discard(tools, key, actor=actor)
    return applied


def _done(task: TaskRecord, wanted: Completion) -> DoneTask:
    return DoneTask(
        key=task.key,
        by=wanted.actor.username,
        outcome=wanted.outcome,
        principal=task.principal,
        assignee=task.facts.assignee,
        candidate_users=task.facts.candidate_users,
        candidate_groups=task.facts.candidate_groups,
        dated=task.deadline is not None,
        superiors=() if task.deadline is None else task.deadline.told,
    )


def _load(tools: Toolbox, wanted: Completion) -> Prepared:
    session, actor = tools.session, wanted.actor
    task = find(session, wanted.task_key, actor)
    standing = require_completable(task.facts, actor)
    if task.suspended_at is not None:
        raise suspension.suspended(session, task.instance_key, task.suspended_at)
    require_revision(session, task, wanted.revision)
    resumed = resume(
        tools,
        instance_key=task.instance_key,
        definition_key=task.definition_key,
        engine_state=task.engine_state,
        now=wanted.now,
    )
    element = resumed.model.elements[task.element_id]
    comment = cleaned_comment(wanted.comment)
    _require_outcome(element, wanted.outcome, comment)
    return Prepared(
        task=task,
        standing=standing,
        resumed=resumed,
        form=_form(tools, task, element),
        context=resumed.execution.visible(task.key),
        comment=comment,
    )


def _require_outcome(element: Element, outcome: str | None, comment: str) -> None:
    choices = {choice.name: choice.comment_required for choice in element.outcomes}
    require_outcome(choices, outcome, comment)


def _form(tools: Toolbox, task: TaskRecord, element: Element) -> FormModel | None:
    if task.form_key is not None:
        return tools.models.form(tools.session, task.form_key)
    if element.form_id is not None:
        raise TaskFormMissing(form_id=element.form_id)
    return None


def _with_form(opened: Opened, feel: FeelPool, loaded: Prepared, wanted: Completion) -> Prepared:
    accepted = form_submissions.accepted(
        feel,
        loaded.form,
        Sent(wanted.submission, wanted.strict, wanted.outcome),
        loaded.context,
        now=wanted.now,
        origin=f"{loaded.task.process_id}/{loaded.task.element_id}",
    )
    named = attachments.named_in(loaded.form, accepted)
    if not named:
        return replace(loaded, accepted=accepted)
    subject = Subject(loaded.task.key, loaded.task.instance_key)
    with opened() as tools:
        pending = attachments.require(tools.session, named, subject, wanted.actor)
    return replace(loaded, accepted=accepted, attachments=named, pending=pending)


def _prepared_again(tools: Toolbox, before: Prepared, wanted: Completion) -> Prepared:
    """Somebody was faster. Their step may have ended the task, or changed what the form saw."""
    loaded = _load(tools, wanted)
    if loaded.context != before.context:
        return _with_form(lambda: nullcontext(tools), tools.feel, loaded, wanted)
    return replace(
        loaded,
        accepted=before.accepted,
        attachments=before.attachments,
        pending=before.pending,
    )


def _variables(prepared: Prepared, wanted: Completion) -> dict[str, Json]:
    step, by = prepared.task.element_id, wanted.actor.username
    results = {**prepared.accepted, completer_variable(step): by}
    if wanted.outcome is not None:
        results[outcome_variable(step)] = wanted.outcome
    return results


def _acts(prepared: Prepared, wanted: Completion) -> list[NewEntry]:
    task, element = prepared.task, prepared.resumed.model.elements[prepared.task.element_id]
    labels = {choice.name: choice.label for choice in element.outcomes}
    completed: dict[str, Json] = {
        "name": task.name,
        "outcome": wanted.outcome,
        "outcome_label": labels.get(wanted.outcome or ""),
        "comment": prepared.comment,
        "values": prepared.accepted,
    }
    claimed: dict[str, Json] = {"name": task.name, "groups": groups_through(task, wanted.actor)}
    if task.principal is not None:
        completed["principal"] = claimed["principal"] = task.principal
    acts = [("user-task.completed", completed)]
    if prepared.standing is not Standing.HOLDER and task.facts.assignee is None:
        acts.insert(0, ("user-task.claimed", claimed))
    return [
        act(
            name,
            actor=wanted.actor.username,
            now=wanted.now,
            element_id=task.element_id,
            element_instance_key=task.key,
            value=value,
        )
        for name, value in acts
    ]
