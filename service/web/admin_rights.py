"""Who may do what: seen by who reads accounts and by auditors, changed by administrators."""

from contextlib import suppress
from http import HTTPStatus

from flask import request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import rights
from service.commands.accounts import PersonNotFound
from service.commands.groups import GroupNotFound
from service.commands.rights import LONGEST_REASON, GrantInvalid
from service.domain.authorization import (
    ALL,
    KEPT_CLOSED,
    OF_THE_HOUSE,
    SENSITIVE,
    STARTING,
    Action,
    Grant,
    GranteeKind,
    ObjectKind,
)
from service.domain.errors import Invalid, JiaoyanError
from service.queries import access_log, administration, grants, people, staff, subjects
from service.queries.grants import GrantFilter, GrantRow
from service.web import rights_texts
from service.web.admin_frame import act, admin_page, admin_pages
from service.web.catalogue import _
from service.web.deputies import NameUnknown, username_of
from service.web.desk import current_actor, now, rooms
from service.web.rights_texts import Subjects
from service.web.web_settings import web_settings


class GranteeUnknown(Invalid):
    """没有叫“{text}”的人或用户组，没有授权。请从列表里选择，或核对“授予”选的是个人还是用户组。"""

    code = "rights.grantee-unknown"


class RegisterClosed(Invalid):
    """“{register}”是封闭的名册，只能授予指定的人员、用户组或岗位组，并写明理由；没有授权。"""

    code = "rights.register-closed"


class ProcedureClosed(Invalid):
    """“{process}”是封闭的流程，只能授予指定的人员、用户组或岗位组，并写明理由；没有授权。"""

    code = "rights.procedure-closed"


pages = admin_pages("admin_rights", opens=grants.may_read)

_LONGEST_FIELD = 300


@pages.get("/rights")
def listed() -> AnyResponse:
    """The rights there are, by person, procedure or kind."""
    return _list(HTTPStatus.OK)


@pages.post("/rights")
def give() -> AnyResponse:
    """Give a right."""

    def change() -> str:
        right = _right()
        _require_named(right)
        try:
            with rooms().write() as tools:
                rights.grant(tools, right, actor=current_actor(), now=now(), reason=_sent("reason"))
        except (PersonNotFound, GroupNotFound):
            # Of a form it is no missing page: what was filled in stays.
            raise GranteeUnknown(text=right.grantee[:60]) from None
        return _("已授权，马上生效。")

    return act(change, leads_to=url_for("admin_rights.listed"), refused=_list)


@pages.get("/rights/<key:key>")
def show(key: int) -> AnyResponse:
    """One right: who has it now, why, and the form to take it back."""
    return _one(key, HTTPStatus.OK)


@pages.post("/rights/<key:key>/revoke")
def revoke(key: int) -> AnyResponse:
    """Take a right back."""

    def change() -> str:
        with rooms().write() as tools:
            rights.revoke_by_key(
                tools, key=key, actor=current_actor(), now=now(), reason=_sent("reason")
            )
        return _("已收回，马上生效。")

    def refused(status: HTTPStatus, refusal: JiaoyanError) -> AnyResponse:
        return _one(key, status, refusal)

    return act(change, leads_to=url_for("admin_rights.listed"), refused=refused)


def _subjects(session: Session) -> Subjects:
    settings = web_settings()
    registers = {**settings.registers, **settings.register_parts(session)}
    return Subjects(subjects.deployed(session), registers, settings.closed_registers)


def _require_named(right: Grant) -> None:
    """Refuse a right to what is closed that is everybody's, or has no reason.

    Raises RegisterClosed, ProcedureClosed. To start a closed procedure may be everybody's.
    """
    everybody = right.grantee_kind is GranteeKind.EVERYONE
    if (right.object, right.action) == STARTING:
        return
    if not everybody and len(_sent("reason").strip()) >= 2:
        return
    settings = web_settings()
    if right.object is ObjectKind.REGISTER and right.process_id in settings.closed_registers:
        raise RegisterClosed(register=settings.registers[right.process_id])
    if right.object in KEPT_CLOSED:
        with rooms().read() as session:
            closed = _subjects(session).closed_procedures
        if right.process_id in closed:
            raise ProcedureClosed(process=closed[right.process_id])


def _list(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    wanted = _filter()
    actor = current_actor()
    with rooms().read() as session:
        page = grants.page(session, actor=actor, wanted=wanted, after=request.args.get("after"))
        apart = grants.combinations(session, actor=actor)
        administers = administration.may_act(session, actor=actor)
        groups = people.groups(session, actor=actor) if administers else ()
        everybody = staff.choices(session, actor=actor)
        known = _subjects(session)
        audits = access_log.may_read(session, actor)
    names = {one.username: one.name for one in everybody}
    return admin_page(
        "admin/rights.html",
        status=status,
        page=page,
        wanted=wanted,
        narrowed=_narrowed(wanted),
        first="after" not in request.args,
        person_name=names.get(wanted.person, wanted.person),
        apart=apart,
        groups=groups,
        people=everybody,
        subjects=known,
        choices=rights_texts.choices(),
        kinds=list(ObjectKind),
        grantee_kinds=list(GranteeKind),
        administers=administers,
        audits=audits,
        longest_reason=LONGEST_REASON,
        refusal=refusal,
        sent=request.form,
        is_sensitive=_is_sensitive,
        texts=rights_texts,
    )


def _one(key: int, status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        detail = grants.get(session, actor=actor, key=key)
        known = _subjects(session)
        administers = administration.may_act(session, actor=actor)
        reads_accounts = administration.may_read(session, actor=actor)
        audits = access_log.may_read(session, actor)
    return admin_page(
        "admin/right.html",
        status=status,
        detail=detail,
        row=detail.row,
        subjects=known,
        administers=administers,
        reads_accounts=reads_accounts,
        audits=audits,
        longest_reason=LONGEST_REASON,
        refusal=refusal,
        sent=request.form,
        is_sensitive=_is_sensitive,
        texts=rights_texts,
    )


def _filter() -> GrantFilter:
    kind = request.args.get("kind", "")
    return GrantFilter(
        person=_person(request.args.get("person", "").strip()[:_LONGEST_FIELD]),
        process_id=request.args.get("process", "").strip()[:_LONGEST_FIELD],
        kind=ObjectKind(kind) if kind in set(ObjectKind) else None,
        sensitive=request.args.get("sensitive") == "1",
    )


def _person(text: str) -> str:
    """Return the user name of whom the list is asked for; whatever names no one person stays."""
    if not text:
        return ""
    with rooms().read() as session:
        found = staff.named(session, actor=current_actor(), text=text)
    return found[0].username if len(found) == 1 else text


def _narrowed(wanted: GrantFilter) -> dict[str, str]:
    said = {
        "person": wanted.person,
        "process": wanted.process_id,
        "kind": wanted.kind or "",
        "sensitive": "1" if wanted.sensitive else "",
    }
    return {name: value for name, value in said.items() if value}


def _right() -> Grant:
    """Read the form. Raises GrantInvalid for what no form of ours sends."""
    kind, _dot, action = _sent("right").partition(".")
    grantee_kind = _sent("grantee_kind")
    if kind not in set(ObjectKind) or action not in set(Action):
        raise GrantInvalid(reason=_("没有选可以做什么"))
    if grantee_kind not in set(GranteeKind):
        raise GrantInvalid(reason=_("没有选授予谁"))
    given_to = GranteeKind(grantee_kind)
    grantee = _grantee(given_to, _sent("grantee"))
    if not grantee:
        raise GrantInvalid(reason=_("没有写授予的人或组"))
    object_kind = ObjectKind(kind)
    process_id = ALL if object_kind in OF_THE_HOUSE else _sent("process")
    return Grant(given_to, grantee, process_id, object_kind, Action(action))


def _grantee(kind: GranteeKind, text: str) -> str:
    """Return the id of whom the form names: by id, or by a name that is one person's or group's."""
    if kind is GranteeKind.EVERYONE or not text:
        return ALL if kind is GranteeKind.EVERYONE else ""
    with rooms().read() as session:
        if kind is GranteeKind.PERSON:
            with suppress(NameUnknown):  # it may be an account from outside
                return username_of(session, text)
            return text
        groups = people.groups(session, actor=current_actor())
    named = [group.id for group in groups if group.name == text]
    known = text in {group.id for group in groups}
    return text if known or len(named) != 1 else named[0]


def _is_sensitive(row: GrantRow) -> bool:
    return (row.right.object, row.right.action) in SENSITIVE


def _sent(name: str) -> str:
    return request.form.get(name, "")[:_LONGEST_FIELD].strip()
