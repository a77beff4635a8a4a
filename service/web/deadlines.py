"""期限设置: what is set of the deadlines of a procedure and its steps, without its diagram."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import calendars, deadline_changes, deadline_plans
from service.domain.deadline_settings import (
    DeadlineUnfit,
    Field,
    StepDeadline,
    Texts,
    merged,
    read,
)
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.domain.events import ElementType
from service.queries import deadline_settings, rights
from service.web import deadline_texts
from service.web.catalogue import _
from service.web.deadline_texts import FieldText, PreviewLine
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of
from service.web.operations_frame import OperationsForbidden, operations_page

pages = Blueprint("deadlines", __name__)

PROCEDURE = ""
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A step of the procedure, or the procedure itself, as the page shows it."""

    element_id: str
    name: str
    words: Sequence[str]
    preview: Sequence[PreviewLine]
    own: Texts
    """What is set for it in the store."""
    wider: Texts
    """What counts where nothing is set for it there."""
    fields: Sequence[FieldText]
    version: int
    changes: Sequence[deadline_settings.Change] = ()
    refusal: str = ""
    sent: Texts = field(default_factory=dict)


@pages.get("/operations/deadlines")
def show() -> str:
    """The procedures whose running I oversee."""
    actor = current_actor()
    with rooms().read() as session:
        found = deadline_settings.procedures(session, actor=actor)
        if not found and not rights.oversees(session, actor=actor):
            raise OperationsForbidden
    return operations_page("operations/deadlines.html", running=True, procedures=found)


@pages.get("/operations/deadlines/<process_id>")
def procedure(process_id: str) -> Response:
    """One procedure with all its steps."""
    return _page(process_id, HTTPStatus.OK)


@pages.post("/operations/deadlines/<process_id>")
def change(process_id: str) -> AnyResponse:
    """Set what counts for one step, or for all of them."""
    element_id = request.form.get("element", "")[:_LONGEST]
    texts = {
        one: deadline_texts.from_words(request.form.get(one.value, "")[:_LONGEST]) for one in Field
    }
    with rooms().read() as session:
        found = deadline_settings.procedure(session, actor=current_actor(), process_id=process_id)
    try:
        with rooms().write() as tools:
            changed = deadline_changes.change(
                tools,
                definition_key=found.row.definition_key,
                process_id=process_id,
                element_id=element_id,
                texts=texts,
                reason=request.form.get("reason", "")[:_LONGEST],
                version=_number(request.form.get("version", "")),
                actor=current_actor(),
                now=now(),
            )
    except (Invalid, Conflict) as refusal:
        return _page(process_id, status_of(refusal), element_id, refusal, texts)
    if changed:
        flash(_("期限设置已保存，对以后到达的任务生效。"))
    else:
        flash(_("和现在的设置一样，没有改动。"))
    return redirect(url_for("deadlines.procedure", process_id=process_id))


def _page(
    process_id: str,
    status: HTTPStatus,
    element_id: str | None = None,
    refusal: JiaoyanError | None = None,
    sent: Texts | None = None,
) -> Response:
    with rooms().reading() as tools:
        found = deadline_settings.procedure(
            tools.session, actor=current_actor(), process_id=process_id
        )
        model = tools.models.process(tools.session, found.row.definition_key)
        calendar = calendars.table_of_days(tools.session)
    steps = [
        (one.id, one.name or one.id, one.dated)
        for one in model.elements.values()
        if one.type is ElementType.USER_TASK
    ]
    parts = []
    for part_id, name, dated in [(PROCEDURE, _("全部步骤"), False), *steps]:
        layers = deadline_plans.layers_of(model, part_id, found.stored)
        settings = _read(layers)
        refused = part_id == element_id and refusal is not None
        parts.append(
            Part(
                element_id=part_id,
                name=name,
                words=_words(settings, part_id, dated=dated),
                preview=deadline_texts.preview(settings, now(), calendar),
                own=found.stored.texts(part_id),
                wider=merged(layers[1:] if part_id else layers[3:]),
                fields=deadline_texts.fields(of_procedure=not part_id),
                version=found.stored.version(part_id),
                changes=[one for one in found.changes if one.element_id == part_id],
                refusal=refusal.message if refused and refusal else "",
                sent=sent if refused and sent else found.stored.texts(part_id),
            )
        )
    page = operations_page(
        "operations/deadline_procedure.html",
        running=True,
        found=found,
        parts=parts,
        in_words=deadline_texts.in_words,
    )
    return Response(page, status=status)


def _words(settings: StepDeadline, element_id: str, *, dated: bool) -> list[str]:
    urging = deadline_texts.urging_words(settings)
    if element_id:
        return [*deadline_texts.words(settings, dated=dated), urging]
    owner = _("流程负责人：%(owner)s。", owner=settings.owner or _("未设"))
    return [owner, *deadline_texts.words(settings, dated=True)[1:], urging]


def _read(layers: Sequence[Texts]) -> StepDeadline:
    try:
        return read(merged(layers))
    except DeadlineUnfit:  # of a diagram that was not checked
        return read({})


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
