"""People for their administrators: the list, one account, a new one."""

from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import TypeVar

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import accounts, groups, password_links, personal_data
from service.commands.password_links import NewLink
from service.domain.access_events import bureau_day
from service.domain.accounts import AccountState, PersonKind, is_username
from service.domain.errors import Conflict, FieldsInvalid, Invalid, JiaoyanError
from service.domain.personal_data import PersonalDataInvalid, PersonalKind, accepted
from service.queries import administration, held_tasks, people
from service.queries.people import PeopleFilter
from service.web import admin_texts
from service.web.admin_frame import admin_page, admin_pages
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of
from service.web.web_settings import web_settings

pages = admin_pages("admin_people")

T = TypeVar("T", bound=StrEnum)

_LONGEST_FIELD = 300


@pages.get("/")
def home() -> AnyResponse:
    """Administration begins with its first tab."""
    return redirect(url_for("admin_people.listed"))


@pages.get("/people")
def listed() -> AnyResponse:
    """The accounts, a page at a time."""
    wanted = PeopleFilter(
        q=request.args.get("q", "")[:100],
        state=_one_of(AccountState, request.args.get("state", "")),
        kind=_one_of(PersonKind, request.args.get("kind", "")),
        group_id=request.args.get("group", ""),
    )
    actor = current_actor()
    with rooms().read() as session:
        page = people.page(
            session, actor=actor, now=now(), wanted=wanted, after=request.args.get("after")
        )
        choices = people.groups(session, actor=actor)
        administers = administration.may_act(session, actor=actor)
    narrowed = {"q": wanted.q, "state": wanted.state, "kind": wanted.kind, "group": wanted.group_id}
    return admin_page(
        "admin/people.html",
        page=page,
        wanted=wanted,
        narrowed={name: value for name, value in narrowed.items() if value},
        first="after" not in request.args,
        groups=choices,
        states=[(state, admin_texts.account_state(state)) for state in AccountState],
        kinds=[(kind, admin_texts.person_kind(kind)) for kind in PersonKind],
        administers=administers,
        texts=admin_texts,
    )


@pages.get("/people/new")
def new() -> AnyResponse:
    """The form for a new account."""
    return _new_form(HTTPStatus.OK, {})


@pages.post("/people/new")
def create() -> AnyResponse:
    """Make an account and show the link by which its person sets the password."""
    try:
        username, link = _create()
    except FieldsInvalid as refusal:
        return _new_form(status_of(refusal), refusal.errors, refusal)
    except (Invalid, Conflict) as refusal:
        return _new_form(status_of(refusal), {_field_of(refusal): [refusal.message]}, refusal)
    return link_page(username, link, created=True)


@pages.get("/people/<username>")
def show(username: str) -> AnyResponse:
    """One account."""
    return person_page(username, HTTPStatus.OK)


def person_page(
    username: str,
    status: HTTPStatus,
    refusal: JiaoyanError | None = None,
    *,
    act: str = "",
    revealed: tuple[PersonalKind, str] | None = None,
) -> AnyResponse:
    """Answer with one account; `act` names the form that was refused and is shown again.

    `revealed` is a personal value to be shown in clear, this once.
    """
    actor = current_actor()
    with rooms().read() as session:
        person = people.person(
            session, rooms().data_keys, actor=actor, username=username, now=now()
        )
        left = None
        if person.row.state in {AccountState.LOCKED, AccountState.LEFT}:
            left = held_tasks.of_person(session, actor=actor, username=username)
        every_group = people.groups(session, actor=actor)
        administers = administration.may_act(session, actor=actor)
    inside = {group.id for group in person.groups}
    return admin_page(
        "admin/person.html",
        status=status,
        person=person,
        row=person.row,
        tasks=left,
        refusal=refusal,
        act=act,
        revealed=dict([revealed]) if revealed else {},
        sent=request.form,
        kinds=list(PersonalKind),
        other_groups=[group for group in every_group if group.id not in inside],
        administers=administers,
        is_self=username == actor.username,
        now=now(),
        texts=admin_texts,
    )


def link_page(username: str, link: NewLink, *, created: bool = False) -> AnyResponse:
    """Answer with a link that was made a moment ago: it is shown this once."""
    actor = current_actor()
    with rooms().read() as session:
        person = people.person(
            session, rooms().data_keys, actor=actor, username=username, now=now()
        )
    address = web_settings().base_url or request.host_url.rstrip("/")
    return admin_page(
        "admin/password_link.html",
        person=person,
        row=person.row,
        link=link,
        url=address + url_for("passwords.offer", token=link.token),
        created=created,
    )


def make_link(username: str) -> NewLink:
    """Make a link for a person; raises what `password_links.make` does."""
    with rooms().write() as tools:
        return password_links.make(
            tools, username=username, expires_at=_link_end(), actor=current_actor(), now=now()
        )


def _create() -> tuple[str, NewLink]:
    username, name = _sent("username"), _sent("name")
    _require_sound(username, name)
    actor, moment = current_actor(), now()
    with rooms().write() as tools:
        accounts.create_person(tools, username=username, display_name=name, actor=actor, now=moment)
        for group_id in request.form.getlist("group"):
            groups.add_member(tools, group_id=group_id, username=username, actor=actor, now=moment)
        for kind in PersonalKind:
            if text := _sent(kind):
                personal_data.record(
                    tools, username=username, kind=kind, text=text, actor=actor, now=moment
                )
        link = password_links.make(
            tools, username=username, expires_at=_link_end(), actor=actor, now=moment
        )
    return username, link


def _require_sound(username: str, name: str) -> None:
    """Raise FieldsInvalid with everything that a look at the form can tell, not the first alone."""
    errors: dict[str, list[str]] = {}
    if not is_username(username):
        errors["username"] = [accounts.UsernameInvalid(username=username[:64]).message]
    if not 1 <= len(name) <= 100 or not name.isprintable():
        errors["name"] = [accounts.DisplayNameInvalid().message]
    for kind in PersonalKind:
        try:
            if text := _sent(kind):
                accepted(kind, text, today=bureau_day(now()))
        except PersonalDataInvalid as refusal:
            errors[kind] = [refusal.message]
    if errors:
        raise FieldsInvalid(errors)


def _field_of(refusal: JiaoyanError) -> str:
    """Return the field that a command's refusal is about; the empty text where it is none."""
    if isinstance(refusal, accounts.UsernameTaken):
        return "username"
    if isinstance(refusal, personal_data.PersonalDataTaken):
        return refusal.kind
    return ""


def _new_form(
    status: HTTPStatus, errors: dict[str, list[str]], refusal: JiaoyanError | None = None
) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        accounts.require_administrator(session, actor)
        choices = people.groups(session, actor=actor)
    return admin_page(
        "admin/person_new.html",
        status=status,
        errors=errors,
        refusal=refusal,
        sent=request.form,
        chosen=request.form.getlist("group"),
        groups=choices,
        kinds=list(PersonalKind),
    )


def _sent(name: str) -> str:
    return request.form.get(name, "")[:_LONGEST_FIELD].strip()


def _link_end() -> datetime:
    return now() + timedelta(hours=web_settings().link_hours)


def _one_of(kind: type[T], text: str) -> T | None:
    return next((one for one in kind if one.value == text), None)
