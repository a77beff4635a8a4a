"""Units and posts for their administrators: the tree, one unit with who is in it."""

from collections.abc import Callable
from http import HTTPStatus

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import posts, units
from service.domain.errors import Invalid, JiaoyanError
from service.domain.import_rows import parts_of
from service.queries import administration, organization, staff
from service.web.admin_frame import act, admin_page, admin_pages
from service.web.catalogue import _
from service.web.deputies import username_of
from service.web.desk import current_actor, now, rooms

pages = admin_pages("admin_organization")

_LONGEST_FIELD = 300


class NumberUnfit(Invalid):
    """“{text}”不是整数，没有改动。排序请填 0 至 9999 的整数，小的排在前面。"""

    code = "admin.number-unfit"


@pages.get("/organization")
def tree() -> AnyResponse:
    """The tree of units."""
    return _tree_page(HTTPStatus.OK)


@pages.post("/organization")
def create() -> AnyResponse:
    """Make a unit."""
    unit_id = _field("id")

    def change() -> str:
        with rooms().write() as tools:
            units.create_unit(
                tools,
                unit_id=unit_id,
                name=_field("name"),
                kind=_field("kind"),
                parent_id=_field("parent") or None,
                position=_position(),
                actor=current_actor(),
                now=now(),
            )
        return _("已新建机构“%(name)s”。", name=_field("name"))

    return act(change, leads_to=url_for("admin_organization.tree"), refused=_tree_page)


@pages.get("/organization/units/<unit_id>")
def unit(unit_id: str) -> AnyResponse:
    """One unit."""
    return _unit_page(unit_id, HTTPStatus.OK)


@pages.post("/organization/units/<unit_id>/<any(change,move,close,reopen):verb>")
def change_unit(unit_id: str, verb: str) -> AnyResponse:
    """Rename, move, close or open a unit."""

    def change() -> str:
        actor = current_actor()
        with rooms().write() as tools:
            if verb == "change":
                units.change_unit(
                    tools,
                    unit_id=unit_id,
                    name=_field("name"),
                    kind=_field("kind"),
                    position=_position(),
                    actor=actor,
                    now=now(),
                )
            elif verb == "move":
                parent_id = _field("parent") or None
                units.move_unit(tools, unit_id=unit_id, parent_id=parent_id, actor=actor, now=now())
            elif verb == "close":
                units.close_unit(tools, unit_id=unit_id, actor=actor, now=now())
            else:
                units.reopen_unit(tools, unit_id=unit_id, actor=actor, now=now())
        return {
            "change": _("机构已修改。"),
            "move": _("机构已移动，下级机构一起移动。"),
            "close": _("机构已撤销，不再使用。"),
            "reopen": _("机构已恢复使用。"),
        }[verb]

    return _acted(unit_id, change, verb)


@pages.post("/organization/units/<unit_id>/posts")
def begin_post(unit_id: str) -> AnyResponse:
    """Give somebody a post here."""

    def change() -> str:
        with rooms().read() as session:
            username = username_of(session, _field("person"))
        with rooms().write() as tools:
            posts.begin_post(
                tools,
                username=username,
                unit_id=unit_id,
                title=_field("title"),
                labels=parts_of(_field("labels")),
                heads_unit="head" in request.form,
                actor=current_actor(),
                now=now(),
            )
        return _("已任职。按岗位派给这个岗位的任务，本人马上可以看到。")

    return _acted(unit_id, change, "begin")


@pages.post("/organization/units/<unit_id>/posts/<key:key>/<any(change,end):verb>")
def change_post(unit_id: str, key: int, verb: str) -> AnyResponse:
    """Change or end a post."""

    def change() -> str:
        with rooms().write() as tools:
            if verb == "end":
                posts.end_post(tools, key=key, actor=current_actor(), now=now())
                return _("任职已结束。已经签收的任务仍由本人办理。")
            posts.change_post(
                tools,
                key=key,
                title=_field("title"),
                labels=parts_of(_field("labels")),
                heads_unit="head" in request.form,
                actor=current_actor(),
                now=now(),
            )
        return _("任职已变更。")

    return _acted(unit_id, change, f"post-{key}")


def _acted(unit_id: str, change: Callable[[], str], act_id: str) -> AnyResponse:
    def refused(status: HTTPStatus, refusal: JiaoyanError) -> AnyResponse:
        return _unit_page(unit_id, status, refusal, act_id)

    return act(
        change,
        leads_to=url_for("admin_organization.unit", unit_id=unit_id),
        refused=refused,
    )


def _tree_page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor, closed = current_actor(), "closed" in request.args
    with rooms().read() as session:
        rows = organization.tree(session, actor=actor, closed=closed)
        administers = administration.may_act(session, actor=actor)
        exports = administration.may_export(session, actor=actor)
    return admin_page(
        "admin/organization.html",
        status=status,
        rows=rows,
        closed=closed,
        administers=administers,
        exports=exports,
        refusal=refusal,
        sent=request.form,
    )


def _unit_page(
    unit_id: str, status: HTTPStatus, refusal: JiaoyanError | None = None, act_id: str = ""
) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        page = organization.unit(session, actor=actor, unit_id=unit_id)
        before = organization.posts_ended(session, actor=actor, unit_id=unit_id)
        everywhere = organization.tree(session, actor=actor)
        administers = administration.may_act(session, actor=actor)
        everybody = staff.choices(session, actor=actor) if administers else ()
    return admin_page(
        "admin/unit.html",
        status=status,
        unit=page,
        before=before,
        units=everywhere,
        people=everybody,
        administers=administers,
        refusal=refusal,
        act=act_id,
        sent=request.form,
    )


def _field(name: str) -> str:
    return request.form.get(name, "").strip()[:_LONGEST_FIELD]


def _position() -> int:
    text = _field("position") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) <= 6):
        raise NumberUnfit(text=text[:60])
    return int(text)
