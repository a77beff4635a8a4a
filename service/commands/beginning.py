"""Starting an instance in two phases: what can be known without writing, and what cannot."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands import attachments, drafts, form_submissions, instance_rows, startable, step
from service.commands.attachments import Attachment, Subject
from service.commands.completing import Opened
from service.commands.form_submissions import Sent
from service.commands.instance_lock import act
from service.commands.instance_rows import title_of
from service.commands.models import FormModel
from service.commands.parent_link import ParentLink
from service.commands.resuming import Resumed
from service.commands.step_input import Step
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.errors import Invalid
from service.domain.instances import RequestTaken
from service.domain.values import Json, Variables
from service.engine import INITIATOR, ProcessModel
from service.feel import FeelPool
from service.store.history import NewEntry
from service.store.tables import ProcessDefinition, ProcessInstance


@dataclass(frozen=True, slots=True)
class Started:
    """An instance that was started; `again` when the same request had started it before.

    `incident`: something could not go on right after the start; the instance stands all the same.
    """

    instance_key: int
    definition_key: int
    process_id: str
    version: int
    title: str
    again: bool = False
    incident: bool = False


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a person wants: as `starting.start` takes it."""

    process_id: str | None
    version: int | None
    definition_key: int | None
    variables: Variables
    request_id: str | None
    through_form: bool
    actor: Actor
    now: datetime

    @property
    def request(self) -> str | None:
        """The request's name in the store: nobody meets the request of somebody else."""
        if not self.request_id:
            return None
        digest = hashlib.sha256(self.request_id.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.actor.username}:{digest}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A start that was in order when it was read; as `completing.Prepared`."""

    definition_key: int
    version: int
    model: ProcessModel
    form: FormModel | None
    accepted: dict[str, Json] = field(default_factory=dict)
    title: str = ""
    attachments: Sequence[Attachment] = ()
    pending: Sequence[int] = ()


def prepare(opened: Opened, wanted: Beginning) -> Prepared | Started:
    """Check everything that a person can be told at once; no connection is held for the form."""
    with opened() as tools:
        found = startable.find(
            tools.session,
            wanted.actor,
            process_id=wanted.process_id,
            version=wanted.version,
            definition_key=wanted.definition_key,
        )
        if started := _started_before(tools.session, wanted):
            return started
        model = tools.models.process(tools.session, found.key)
        form = startable.form_of(tools, found, model)
        feel = tools.feel
    try:
        return _with_form(opened, feel, Prepared(found.key, found.version, model, form), wanted)
    except Invalid:
        # The same request may have started an instance meanwhile, and its files with it.
        with opened() as tools:
            started = _started_before(tools.session, wanted)
        if started is None:
            raise
        return started


def apply(tools: Toolbox, prepared: Prepared, wanted: Beginning) -> Started:
    """Start the instance; where the same request did just now, that one is returned."""
    actor, now = wanted.actor, wanted.now
    instance = instance_rows.new_instance(
        tools.keys.next(),
        definition_key=prepared.definition_key,
        process_id=prepared.model.process_id,
        started_by=actor.username,
    )
    row = [(instance, prepared.title)]
    if not instance_rows.insert_instances(tools.session, row, now, wanted.request):
        started = _started_before(tools.session, wanted)
        if started is None:
            raise RequestTaken
        return started
    attachments.bind(tools.session, prepared.pending, prepared.attachments, instance.key)
    execution = tools.engine.start(
        prepared.model,
        instance_key=instance.key,
        variables=_variables(prepared.accepted, actor),
        keys=tools.keys,
        now=now,
    )
    link = ParentLink(tools, instance.key)
    resumed = Resumed(prepared.model, execution, frozenset(), link)
    taken = Step(acts=[_act(prepared, wanted)])
    applied = step.run(tools, resumed, instance, taken, actor=actor, now=now)
    drafts.discard(tools, prepared.definition_key, actor=actor)
    return Started(
        instance_key=instance.key,
        definition_key=prepared.definition_key,
        process_id=prepared.model.process_id,
        version=prepared.version,
        title=prepared.title,
        incident=bool(applied.incidents),
    )


def _with_form(opened: Opened, feel: FeelPool, prepared: Prepared, wanted: Beginning) -> Prepared:
    model = prepared.model
    accepted = form_submissions.accepted(
        feel,
        prepared.form,
        Sent(wanted.variables, strict=not wanted.through_form),
        {},
        now=wanted.now,
        origin=model.process_id,
    )
    title = title_of(feel, model, _variables(accepted, wanted.actor), wanted.now)
    prepared = replace(prepared, accepted=accepted, title=title)
    named = attachments.named_in(prepared.form, accepted)
    if not named:
        return prepared
    with opened() as tools:
        subject = Subject(prepared.definition_key, None)
        pending = attachments.require(tools.session, named, subject, wanted.actor)
    return replace(prepared, attachments=named, pending=pending)


def _variables(accepted: Variables, actor: Actor) -> dict[str, Json]:
    return {**accepted, INITIATOR: actor.username}


def _started_before(session: Session, wanted: Beginning) -> Started | None:
    if wanted.request is None:
        return None
    row = session.execute(
        select(
            ProcessInstance.key,
            ProcessInstance.definition_key,
            ProcessInstance.process_id,
            ProcessDefinition.version,
            ProcessInstance.title,
        )
        .join(ProcessDefinition, ProcessDefinition.key == ProcessInstance.definition_key)
        .where(ProcessInstance.request_id == wanted.request)
    ).one_or_none()
    return None if row is None else Started(*row, again=True)


def _act(prepared: Prepared, wanted: Beginning) -> NewEntry:
    return act(
        "instance.started",
        actor=wanted.actor.username,
        now=wanted.now,
        value={
            "title": prepared.title,
            "name": prepared.model.name,
            "version": prepared.version,
            "values": prepared.accepted,
        },
    )
