"""Erasing what a person has left in closed cases: what there is, what may go, and doing it."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import erasure
from service.commands.accounts import PersonNotFound
from service.commands.erasure import LONGEST_REASON, ErasureReasonMissing, NothingToErase
from service.domain.errors import JiaoyanError
from service.web.admin_frame import admin_page
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of

pages = Blueprint("erasure", __name__, url_prefix="/admin/erasure")


@pages.get("")
def show() -> AnyResponse:
    """What there is of a person; without a name, where to write one."""
    return _page(request.args.get("person", "").strip(), HTTPStatus.OK)


@pages.post("")
def erase() -> AnyResponse:
    """Erase what may go, with a reason that stays in the record."""
    username, reason = (request.form.get(name, "").strip() for name in ("person", "reason"))
    try:
        with rooms().write() as tools:
            done = erasure.erase(tools, username, reason=reason, actor=current_actor(), now=now())
    except (ErasureReasonMissing, NothingToErase) as refusal:
        return _page(username, status_of(refusal), refusal=refusal, reason=reason)
    flash(
        _(
            "已删除 %(cases)s 个事项的内容：记录 %(values)s 条、数据 %(variables)s 项、"
            "文件 %(documents)s 个；账号里的个人信息 %(account_data)s 项。",
            cases=done.cases,
            values=done.values,
            variables=done.variables,
            documents=done.documents,
            account_data=done.account_data,
        )
    )
    return redirect(url_for("erasure.show", person=username))


def _page(
    username: str,
    status: HTTPStatus,
    *,
    refusal: JiaoyanError | None = None,
    reason: str = "",
) -> AnyResponse:
    found = None
    with rooms().read() as session:
        erasure.require_administrator(session, current_actor())
        if username:
            try:
                found = erasure.holdings(session, rooms().models, username, actor=current_actor())
            except PersonNotFound as missing:
                refusal, status = missing, status_of(missing)
    return admin_page(
        "admin/erasure.html",
        status=status,
        found=found,
        due=() if found is None else found.due(now()),
        username=username,
        refusal=refusal,
        reason=reason,
        longest=LONGEST_REASON,
        now=now(),
    )
