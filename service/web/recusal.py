"""回避: what I declare of myself, and what who looks after recusal declares and ends for all."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import ties as commands
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.domain.personal_data import PersonalKind
from service.domain.recusal import TieInvalid, TieKind, TieSource
from service.queries import staff, ties
from service.web.catalogue import _
from service.web.deputies import username_of
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of

pages = Blueprint("recusal", __name__)

NUMBERS = (PersonalKind.MOBILE, PersonalKind.ID_NUMBER)


@pages.get("/profile/recusal")
def own() -> AnyResponse:
    """What I have declared."""
    return _own_page(HTTPStatus.OK)


@pages.post("/profile/recusal")
def declare_own() -> AnyResponse:
    """Declare a tie of mine."""
    try:
        _declare(current_actor().username, TieSource.SELF)
    except (Invalid, Conflict) as refusal:
        return _own_page(status_of(refusal), refusal)
    flash(_("已申报。今后与此人有关的办理事项不会再交给你；手上的已交回候选人。"))
    return redirect(url_for("recusal.own"))


@pages.post("/profile/recusal/<key:key>/end")
def end_own(key: int) -> AnyResponse:
    """End a tie that I declared."""
    try:
        _end(key)
    except Invalid as refusal:
        return _own_page(status_of(refusal), refusal)
    return redirect(url_for("recusal.own"))


@pages.get("/recusal")
def listed() -> AnyResponse:
    """Everybody's ties."""
    return _office_page(HTTPStatus.OK)


@pages.post("/recusal")
def declare() -> AnyResponse:
    """Declare a tie for somebody: on application by others, or by order of the unit."""
    try:
        with rooms().read() as session:
            username = username_of(session, request.form.get("username", ""))
        _declare(username, _source())
    except (Invalid, Conflict) as refusal:
        return _office_page(status_of(refusal), refusal)
    flash(_("已登记，立即生效。"))
    return redirect(url_for("recusal.listed"))


@pages.post("/recusal/<key:key>/end")
def end(key: int) -> AnyResponse:
    """End anybody's tie."""
    try:
        _end(key)
    except Invalid as refusal:
        return _office_page(status_of(refusal), refusal)
    return redirect(url_for("recusal.listed"))


def _declare(username: str, source: TieSource) -> None:
    form, actor = request.form, current_actor()
    kind, note = _kind(), form.get("note", "")
    if number := form.get("number", "").strip():
        with rooms().write() as tools:
            commands.declare_outsider(
                tools,
                username=username,
                name=form.get("other", ""),
                number_kind=_number_kind(),
                number=number,
                kind=kind,
                source=source,
                note=note,
                actor=actor,
                now=now(),
            )
        return
    with rooms().read() as session:
        other = username_of(session, form.get("other", ""))
    with rooms().write() as tools:
        commands.declare(
            tools,
            username=username,
            other=other,
            kind=kind,
            source=source,
            note=note,
            actor=actor,
            now=now(),
        )


def _end(key: int) -> None:
    with rooms().write() as tools:
        commands.end(
            tools, key=key, why=request.form.get("why", ""), actor=current_actor(), now=now()
        )
    flash(_("已终止。记录仍然保留；此前作出的办理不受影响。"))


def _kind() -> TieKind:
    given = request.form.get("kind", "")
    if given not in set(TieKind):
        raise TieInvalid(reason=_("请选择是什么关系"))
    return TieKind(given)


def _source() -> TieSource:
    given = request.form.get("source", "")
    if given not in set(TieSource):
        raise TieInvalid(reason=_("请选择由谁提出"))
    return TieSource(given)


def _number_kind() -> PersonalKind:
    given = request.form.get("number_kind", "")
    if given not in set(NUMBERS):
        raise TieInvalid(reason=_("请选择填的是哪种号码"))
    return PersonalKind(given)


def _own_page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        people = staff.choices(session, actor=actor)
        rows = ties.own(session, actor=actor)
        office = ties.may_read_all(session, actor=actor)
    text = render_template(
        "recusal_own.html",
        people=[one for one in people if one.username != actor.username],
        rows=rows,
        office=office,
        kinds=tuple(TieKind),
        numbers=NUMBERS,
        refusal=refusal,
        form=request.form,
    )
    return make_response(text, status)


def _office_page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor, after, q = current_actor(), request.args.get("after"), request.args.get("q", "")
    with rooms().read() as session:
        page = ties.every(session, actor=actor, q=q, after=after)
        manages = ties.may_manage(session, actor=actor)
        people = staff.choices(session, actor=actor) if manages else ()
    text = render_template(
        "recusal.html",
        page=page,
        q=q,
        first=after is None,
        manages=manages,
        people=people,
        kinds=tuple(TieKind),
        sources=tuple(TieSource),
        numbers=NUMBERS,
        refusal=refusal,
        form=request.form,
    )
    return make_response(text, status)
