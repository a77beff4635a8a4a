"""Deputies for administrators: all that counts, and one for somebody who cannot name their own."""

from http import HTTPStatus

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import deputies as commands
from service.domain.errors import JiaoyanError
from service.queries import administration, deputies, staff
from service.web.admin_frame import act, admin_page, admin_pages
from service.web.catalogue import _
from service.web.deputies import appoint_from_form, username_of
from service.web.desk import current_actor, now, rooms
from service.web.texts import ZONE

pages = admin_pages("admin_deputies")


@pages.get("/deputies")
def listed() -> AnyResponse:
    """Who stands in for whom."""
    return _page(HTTPStatus.OK)


@pages.post("/deputies")
def appoint() -> AnyResponse:
    """Name a deputy for somebody."""

    def change() -> str:
        with rooms().read() as session:
            principal = username_of(session, request.form.get("principal", ""))
        appoint_from_form(principal=principal)
        return _("已委托代理。")

    return act(change, leads_to=url_for("admin_deputies.listed"), refused=_page)


@pages.post("/deputies/<key:key>/end")
def end(key: int) -> AnyResponse:
    """End an agreement at once."""

    def change() -> str:
        with rooms().write() as tools:
            commands.dismiss(tools, key=key, actor=current_actor(), now=now())
        return _("代理已结束。")

    return act(change, leads_to=url_for("admin_deputies.listed"), refused=_page)


def _page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        current = deputies.current(session, actor=actor, now=now())
        administers = administration.may_act(session, actor=actor)
        everybody = staff.choices(session, actor=actor) if administers else ()
        procedures = deputies.procedures(session, actor=actor)
    return admin_page(
        "admin/deputies.html",
        status=status,
        agreements=current,
        people=everybody,
        procedures=procedures,
        administers=administers,
        refusal=refusal,
        form=request.form,
        today=now().astimezone(ZONE).date(),
        now=now(),
    )
