"""Notices as the public reads them."""

from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template

from service.commands import public_files
from service.queries import notices
from service.web.desk import now, rooms
from service.web.documents import to_be_saved
from service.web.public.desk import older_than

pages = Blueprint("public_notices", __name__)


@pages.get("/public/notices")
def listing() -> str:
    """All of them, newest first."""
    with rooms().read() as session:
        page = notices.shown(session, now=now(), older_than=older_than())
    return render_template("public/notices.html", page=page, now=now())


@pages.get("/public/notices/<slug>")
def show(slug: str) -> Response:
    """One of them, with what may be applied for by it; or that it was withdrawn, and why."""
    with rooms().read() as session:
        gone = notices.withdrawn(session, slug=slug, now=now())
        if gone is not None:
            page = render_template("public/notice_withdrawn.html", notice=gone)
            return make_response(page, HTTPStatus.GONE)
        notice = notices.get(session, slug=slug, now=now())
    return make_response(render_template("public/notice.html", notice=notice, now=now()))


@pages.get("/public/notices/<slug>/files/<key:key>")
def file(slug: str, key: int) -> Response:
    """A file of a notice."""
    with rooms().read() as session:
        notice = notices.get(session, slug=slug, now=now())
    return to_be_saved(*public_files.open_of_notice(rooms(), notice.row.key, key))
