"""Groups for their administrators: those with a list of members, and those made of posts."""

from collections.abc import Callable
from http import HTTPStatus

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import groups
from service.domain.errors import JiaoyanError
from service.queries import administration, group_pages, staff
from service.web.admin_frame import act, admin_page, admin_pages
from service.web.catalogue import _
from service.web.deputies import username_of
from service.web.desk import current_actor, now, rooms

pages = admin_pages("admin_groups")


@pages.get("/groups")
def listed() -> AnyResponse:
    """All groups with their members."""
    return _page(HTTPStatus.OK)


@pages.post("/groups")
def create() -> AnyResponse:
    """Make a group, or name one anew."""

    def change() -> str:
        name = request.form.get("name", "").strip()[:200]
        with rooms().write() as tools:
            groups.create_group(
                tools,
                group_id=request.form.get("id", "").strip()[:100],
                name=name,
                actor=current_actor(),
                now=now(),
            )
        return _("用户组“%(name)s”已保存。", name=name)

    return _acted(change)


@pages.post("/groups/<group_id>/members")
def add(group_id: str) -> AnyResponse:
    """Put somebody into a group."""

    def change() -> str:
        with rooms().read() as session:
            username = username_of(session, request.form.get("person", ""))
        with rooms().write() as tools:
            groups.add_member(
                tools, group_id=group_id, username=username, actor=current_actor(), now=now()
            )
        return _("已加入用户组，这个组的任务马上可以看到。")

    return _acted(change)


@pages.post("/groups/<group_id>/members/<username>/remove")
def remove(group_id: str, username: str) -> AnyResponse:
    """Take somebody out of a group."""

    def change() -> str:
        with rooms().write() as tools:
            groups.remove_member(
                tools, group_id=group_id, username=username, actor=current_actor(), now=now()
            )
        return _("已移出用户组。已经签收的任务仍由本人办理。")

    return _acted(change)


def _acted(change: Callable[[], str]) -> AnyResponse:
    return act(change, leads_to=url_for("admin_groups.listed"), refused=_page)


def _page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        named = group_pages.listed(session, actor=actor)
        of_posts = group_pages.of_posts(session, actor=actor)
        administers = administration.may_act(session, actor=actor)
        everybody = staff.choices(session, actor=actor) if administers else ()
    return admin_page(
        "admin/groups.html",
        status=status,
        groups=named,
        post_groups=of_posts,
        people=everybody,
        administers=administers,
        refusal=refusal,
        sent=request.form,
    )
