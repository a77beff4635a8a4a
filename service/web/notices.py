"""公告: publishing notices to the public and taking them down, by who has the right."""

from datetime import datetime
from http import HTTPStatus
from typing import BinaryIO, cast

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from service.commands import notices as commands
from service.commands.public_files import Sent
from service.domain.authorization import ALL
from service.domain.errors import FieldsInvalid, Invalid, JiaoyanError
from service.domain.notices import REASON_LIMIT, NoticeNotFound, NoticeText
from service.queries import notices
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of
from service.web.texts import ZONE

pages = Blueprint("notices", __name__)


@pages.get("/notices")
def listing() -> str:
    """What was published, and what may be."""
    return _listing()


def _listing(*, refused: int = 0, refusal: FieldsInvalid | None = None) -> str:
    with rooms().read() as session:
        if not notices.publishes(session, actor=current_actor()):
            raise NoticeNotFound
        rows = notices.managed(session, actor=current_actor())
    return render_template(
        "notices.html",
        notices=rows,
        now=now(),
        refused=refused,
        problem="".join(refusal.errors.get("reason", ())) if refusal else "",
        reason=request.form.get("reason", ""),
        longest=REASON_LIMIT,
    )


@pages.get("/notices/new")
def form() -> AnyResponse:
    """The form of a new notice."""
    return _form(HTTPStatus.OK)


@pages.post("/notices/new")
def publish() -> AnyResponse:
    """Publish; whatever is refused comes back as it was written."""
    files = [
        Sent(file.filename, cast(BinaryIO, file.stream))
        for file in request.files.getlist("files")
        if file.filename
    ]
    try:
        slug = commands.publish(
            rooms(),
            _written(),
            process_id=request.form.get("process", ALL),
            files=files,
            actor=current_actor(),
            now=now(),
        )
    except Invalid as refusal:
        return _form(status_of(refusal), refusal=refusal)
    flash(_("已发布。"))
    return redirect(url_for("public_notices.show", slug=slug), HTTPStatus.SEE_OTHER)


@pages.post("/notices/<key:key>/withdraw")
def withdraw(key: int) -> AnyResponse:
    """撤下; a reason that is refused comes back as it was written."""
    reason = request.form.get("reason", "")
    try:
        with rooms().write() as tools:
            commands.withdraw(tools, key, reason, actor=current_actor(), now=now())
    except FieldsInvalid as refusal:
        return make_response(_listing(refused=key, refusal=refusal), status_of(refusal))
    flash(_("已撤下，网页上只说明撤下的时间和理由；已经提交的申请不受影响。"))
    return redirect(url_for("notices.listing"), HTTPStatus.SEE_OTHER)


def _written() -> NoticeText:
    errors: dict[str, list[str]] = {}
    opens_at = _moment("opens_at", errors) or now()
    closes_at = _moment("closes_at", errors)
    if errors:
        raise FieldsInvalid(errors)
    return NoticeText(
        title=request.form.get("title", ""),
        body=request.form.get("body", ""),
        opens_at=opens_at,
        closes_at=closes_at,
        procedures=tuple(request.form.getlist("procedures")),
    )


def _moment(field: str, errors: dict[str, list[str]]) -> datetime | None:
    """Read a moment in Beijing time, as the browser's own field writes it."""
    text = request.form.get(field, "").strip()
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE)
    except ValueError:
        errors[field] = [_("请填写日期和时间，如 2026-03-02 09:00。")]
        return None


def _form(status: HTTPStatus, *, refusal: JiaoyanError | None = None) -> Response:
    with rooms().read() as session:
        if not notices.publishes(session, actor=current_actor()):
            raise NoticeNotFound
        subjects = notices.subjects(session, actor=current_actor())
        general = notices.publishes_anything(session, actor=current_actor())
    page = render_template(
        "notice_new.html",
        subjects=subjects,
        general=general,
        refusal=refusal,
        errors=refusal.errors if isinstance(refusal, FieldsInvalid) else {},
        given=request.form,
        chosen=request.form.getlist("procedures"),
    )
    return make_response(page, status)
