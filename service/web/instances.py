"""A case: how far it is, what happened, who holds it now, and what was submitted."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import process_instances, suspension, urging
from service.domain.errors import FieldsInvalid
from service.domain.irreversible import PassedStep, barrier
from service.queries import documents, form_search, instances, picture, timeline
from service.queries.awaited import Awaited, of_cases
from service.queries.instances import InstancePage, Step
from service.web.catalogue import _
from service.web.desk import case_is_read, current_actor, now, rooms
from service.web.forms import FormView, form_view
from service.web.web_settings import web_settings

pages = Blueprint("instances", __name__)

_LONGEST_REASON = 1000


class ReasonMissing(FieldsInvalid):
    """终止需要写明原因，流程没有改动。请填写原因后再提交。"""

    code = "process-instance.reason-missing"

    def __init__(self) -> None:
        super().__init__({"reason": [_("请填写终止的原因。")]})


@pages.get("/instances/<key:key>")
def show(key: int) -> str:
    """The case."""
    actor = current_actor()
    with rooms().read() as session:
        case = instances.get(session, actor=actor, key=key)
        steps = picture.passages(session, instance_key=key)
        waiting = instances.open_steps(session, actor=actor, instance_key=key)
        awaited = _awaited(session, case)
        passed = _passed(session, case)
        entries = timeline.of_instance(
            session,
            instance_key=key,
            with_values=case.may_read_values,
            links_for=actor,
            reader=actor,
        )
        submitted = instances.submitted(session, actor=actor, instance_key=key)
        start_form = _start_form(session, case)
        start_label = rooms().models.process(session, case.definition_key).start_label
        link = web_settings().case_link(session, actor, case.process_id, case.root_key)
    again = _again_from(case, waiting)
    if case.may_read_values:
        case_is_read(case.key)
    return render_template(
        "instance.html",
        case=case,
        steps=steps,
        waiting=waiting,
        awaited=awaited,
        passed=passed,
        entries=entries,
        submitted=submitted,
        start_form=start_form,
        start_label=start_label,
        link=link,
        now=now(),
        again_from=lambda step: again.get(step.task_key),
    )


@pages.get("/instances/<key:key>/diagram")
def diagram(key: int) -> Response:
    """The diagram with what is finished, current and terminated, for its island."""
    with rooms().read() as session:
        drawn = picture.get(session, actor=current_actor(), instance_key=key)
    current = [
        {"id": one, "label": _("异常，待处理") if one in drawn.stopped else _("当前")}
        for one in drawn.current
    ]
    terminated = [{"id": one, "label": _("已终止")} for one in drawn.terminated]
    return jsonify(xml=drawn.xml, done=list(drawn.done), current=current, terminated=terminated)


@pages.post("/instances/<key:key>/cancel")
def cancel(key: int) -> AnyResponse:
    """终止, with a reason that stays in the record."""
    reason = request.form.get("reason", "").strip()[:_LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    with rooms().write() as tools:
        process_instances.cancel(tools, key, reason=reason, actor=current_actor(), now=now())
    flash(_("流程已终止，原因已记录；未办的任务一并结束。"))
    return redirect(url_for("instances.show", key=key))


@pages.post("/instances/<key:key>/suspend")
def suspend(key: int) -> AnyResponse:
    """挂起, with a reason that who has a task there reads."""
    with rooms().write() as tools:
        suspension.suspend(
            tools, key, reason=request.form.get("reason", ""), actor=current_actor(), now=now()
        )
    flash(_("流程已挂起，原因已记录；恢复之前任务不能办理，期限顺延。"))
    return redirect(url_for("instances.show", key=key))


@pages.post("/instances/<key:key>/resume")
def resume(key: int) -> AnyResponse:
    """恢复."""
    with rooms().write() as tools:
        suspension.resume(
            tools, key, reason=request.form.get("reason", ""), actor=current_actor(), now=now()
        )
    flash(_("流程已恢复，任务可以继续办理。"))
    return redirect(url_for("instances.show", key=key))


def _awaited(session: Session, case: InstancePage) -> tuple[Awaited, ...]:
    """What the case waits for beside people."""
    if not case.is_active:
        return ()
    names = partial(rooms().models.element_name, session)
    found = of_cases(session, actor=current_actor(), keys=[case.key], names=names)
    return found[case.key]


def _passed(session: Session, case: InstancePage) -> PassedStep | None:
    """What keeps the case from being cancelled, for who may cancel it else."""
    if not case.may_cancel:
        return None
    models = rooms().models
    steps = instances.irreversible_steps(
        session, case.key, lambda key: models.process(session, key).irreversible
    )
    return barrier(steps)


def _again_from(case: InstancePage, waiting: Sequence[Step]) -> dict[int, datetime]:
    """Return from when the holders of steps that were urged may be urged again, by task."""
    urged = [step for step in waiting if step.may_urge and step.urged_at is not None]
    if not urged:
        return {}
    with rooms().reading() as tools:
        return {
            step.task_key: step.urged_at
            + urging.cooldown_of(tools, case.definition_key, case.process_id, step.element_id)
            for step in urged
            if step.urged_at is not None
        }


def _start_form(session: Session, case: InstancePage) -> FormView | None:
    """Return the start form as it was submitted, for who may read it."""
    if case.start_form_id is None or not case.may_read_values:
        return None
    sent = timeline.submission(session, instance_key=case.key, element_instance_key=None)
    model = rooms().models.process(session, case.definition_key)
    form_key = form_search.form_key(
        session,
        definition_key=case.definition_key,
        form_id=case.start_form_id,
        binding=model.start_form_binding,
        started_at=case.started_at,
    )
    if sent is None or form_key is None:
        return None
    files = documents.of_forms(
        session, actor=current_actor(), subject_key=case.definition_key, instance_key=case.key
    )
    schema = rooms().models.form(session, form_key).schema
    return form_view(session, schema, sent, files, read_only=True)
