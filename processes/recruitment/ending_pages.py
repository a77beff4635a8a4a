"""The 终止公告 of a round: filled in, looked at as the public will read it, and published for good.

The document is chosen on the second page, so that nothing that a browser forgets is asked before
the rest is right; whatever is refused comes back as it was written.
"""

from collections.abc import Mapping
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

from processes.recruitment import endings
from processes.recruitment.rules.ending import LONGEST, EndGround, Ending
from processes.recruitment.variables import day_or_none
from processes.registers.days import bureau_day, said_day
from service.domain.errors import Conflict, FieldsInvalid, Invalid, JiaoyanError
from service.procedure import NoticeText, PageDesk, Sent

FIELDS = ("ground", "detail", "organ", "number", "dated_on", "told")
_TOLD = "本轮招聘已经终止，报名不再办理，结果以终止公告为准。"


def install(pages: Blueprint, desk: PageDesk) -> None:
    """Add the form, and the page that shows the notice before it is published."""

    @pages.get("/<int:key>/ending")
    def ending(key: int) -> Response:
        return _form(desk, key, {"told": _TOLD})

    @pages.post("/<int:key>/ending")
    def preview_ending(key: int) -> Response:
        actor = desk.actor()
        try:
            with desk.write() as tools:
                text = endings.preview(tools, key, _written(), actor=actor, now=desk.now())
        except (Invalid, Conflict) as refusal:
            return _form(desk, key, request.form, refusal)
        return _form(desk, key, request.form, text=text)

    @pages.post("/<int:key>/ending/publish")
    def publish_ending(key: int) -> AnyResponse:
        actor, now, written = desk.actor(), desk.now(), _written()
        if request.form.get("again"):
            return _form(desk, key, request.form)
        try:
            with desk.received(_files()) as files, desk.write() as tools:
                endings.publish(tools, key, written, files, actor=actor, now=now)
        except (Invalid, Conflict) as refusal:
            return _refused(desk, key, written, refusal)
        flash("终止公告已经发布，报名人已经告知。公告有误的，另发更正公告。")
        return redirect(url_for("recruitment.show", key=key), HTTPStatus.SEE_OTHER)


def _refused(desk: PageDesk, key: int, written: Ending, refusal: JiaoyanError) -> Response:
    """Show the second page again where the rest is right: there the document is chosen."""
    try:
        with desk.write() as tools:
            text = endings.preview(tools, key, written, actor=desk.actor(), now=desk.now())
    except (Invalid, Conflict) as first:
        return _form(desk, key, request.form, first)
    return _form(desk, key, request.form, refusal, text=text)


def _form(
    desk: PageDesk,
    key: int,
    given: Mapping[str, str],
    refusal: JiaoyanError | None = None,
    *,
    text: NoticeText | None = None,
) -> Response:
    today = bureau_day(desk.now())
    with desk.read() as session:
        found = endings.look_up(session, key, desk.actor())
    errors = dict(refusal.errors) if isinstance(refusal, FieldsInvalid) else {}
    page = render_template(
        "recruitment/ending.html",
        found=found, given=given, fields=FIELDS, longest=LONGEST, grounds=tuple(EndGround),
        text=text, refusal=refusal, errors=errors, today=today.isoformat(), said_day=said_day,
        most_files=endings.MOST_FILES,
    )  # fmt: skip
    status = HTTPStatus.OK if refusal is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return make_response(page, status)


def _written() -> Ending:
    given = {name: request.form.get(name, "").strip() for name in FIELDS}
    return Ending(
        ground=given["ground"],
        detail=given["detail"],
        organ=given["organ"],
        number=given["number"],
        dated_on=day_or_none(given["dated_on"]),
        told=given["told"],
    )


def _files() -> list[Sent]:
    return [
        Sent(file.filename, cast(BinaryIO, file.stream))
        for file in request.files.getlist("files")
        if file.filename
    ]
