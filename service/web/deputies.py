"""我的代理: who acts for me while I am away, and for whom I act."""

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands import deputies as commands
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.queries import deputies, staff
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of
from service.web.texts import ZONE

pages = Blueprint("deputies", __name__)


class DateUnfit(Invalid):
    """日期“{text}”不能识别，没有改动。请按“2026-03-02”的样子填写开始和结束日期。"""

    code = "deputies.date-unfit"


class NameUnknown(Invalid):
    """没有叫“{text}”的在用账号，没有改动。请填写姓名或用户名，并从提示中选择。"""

    code = "deputies.name-unknown"


class NameOfSeveral(Conflict):
    """叫“{text}”的有 {count} 位：{names}。没有改动，请改填用户名。"""

    code = "deputies.name-of-several"


@pages.get("/profile/deputies")
def show() -> AnyResponse:
    """Those who act for me, and those for whom I act."""
    return _page(HTTPStatus.OK)


@pages.post("/profile/deputies")
def appoint() -> AnyResponse:
    """Name somebody who acts for me."""
    actor = current_actor()
    try:
        appoint_from_form(principal=actor.username)
    except (Invalid, Conflict) as refusal:
        return _page(status_of(refusal), refusal)
    flash(_("已委托代理。代理期间你仍然可以自己办理，谁先办都算数。"))
    return redirect(url_for("deputies.show"))


@pages.post("/profile/deputies/<key:key>/end")
def end(key: int) -> AnyResponse:
    """End an agreement at once."""
    with rooms().write() as tools:
        commands.dismiss(tools, key=key, actor=current_actor(), now=now())
    flash(_("代理已结束。代理人已经签收的任务仍由其办理。"))
    return redirect(url_for("deputies.show"))


def appoint_from_form(*, principal: str) -> None:
    """Appoint as the submitted form says, from the first day to the end of the last.

    Raises DateUnfit, NameUnknown, NameOfSeveral, and as `commands.deputies.appoint`.
    """
    form, actor = request.form, current_actor()
    starts_at = _midnight(form.get("from", ""))
    ends_at = _midnight(form.get("to", ""), days=1)
    with rooms().read() as session:
        deputy = username_of(session, form.get("deputy", ""))
    with rooms().write() as tools:
        commands.appoint(
            tools,
            principal=principal,
            deputy=deputy,
            starts_at=starts_at,
            ends_at=ends_at,
            process_ids=[one for one in form.getlist("process") if one],
            covers_open="covers_open" in form,
            actor=actor,
            now=now(),
        )


def username_of(session: Session, text: str) -> str:
    """Return the user name of whom a person wrote by name or user name."""
    found = staff.named(session, actor=current_actor(), text=text[:100])
    if not found:
        raise NameUnknown(text=text[:60])
    if len(found) > 1:
        names = "、".join(one.username for one in found)
        raise NameOfSeveral(text=text[:60], count=len(found), names=names)
    return found[0].username


def _midnight(text: str, *, days: int = 0) -> datetime:
    """Return when this day (or so many days later) begins here."""
    try:
        day = date.fromisoformat(text.strip()) + timedelta(days=days)
        return datetime.combine(day, time(), ZONE).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DateUnfit(text=text[:60]) from error


def _page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        mine = deputies.of_principal(session, actor=actor)
        others = deputies.of_deputy(session, actor=actor, now=now())
        people = staff.choices(session, actor=actor)
        procedures = deputies.procedures(session, actor=actor)
    text = render_template(
        "deputies.html",
        mine=mine,
        others=others,
        people=[one for one in people if one.username != actor.username],
        procedures=procedures,
        refusal=refusal,
        form=request.form,
        today=now().astimezone(ZONE).date(),
        now=now(),
    )
    return make_response(text, status)
