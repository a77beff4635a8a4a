"""What the pages of administration share: who may open them, their tabs, how an act is answered."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from service.commands.accounts import AccountsForbidden
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid, JiaoyanError, NotFound
from service.queries import administration
from service.web.catalogue import _
from service.web.desk import current_actor, rooms
from service.web.errors import status_of

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_RIGHT = frozenset({"admin_import.export"})
"""What asks for another right than that to administer accounts."""

Refused = Callable[[HTTPStatus, JiaoyanError], AnyResponse]
"""Answers a refusal with the page that the act came from."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab of administration, as this page shows it."""

    label: str
    url: str
    current: bool


class Door(Protocol):
    """Tells who may open pages."""

    def __call__(self, session: Session, *, actor: Actor) -> bool:
        """Tell whether the actor may open them."""


def admin_pages(name: str, *, opens: Door = administration.may_read) -> Blueprint:
    """Make the blueprint of pages that are there for who sees the accounts, and for nobody else.

    `opens` tells who that is where others see them too. What changes something is for who
    administers accounts: asked before anything that was sent is read.
    """
    pages = Blueprint(name, __name__, url_prefix="/admin")

    @pages.before_request
    def require_reader() -> None:
        with rooms().read() as session:
            if not opens(session, actor=current_actor()):
                raise NotFound
            reading = request.method in _SAFE or request.endpoint in _OWN_RIGHT
            if not reading and not administration.may_act(session, actor=current_actor()):
                raise AccountsForbidden

    return pages


def admin_page(
    template: str, *, status: HTTPStatus = HTTPStatus.OK, **values: object
) -> AnyResponse:
    """Render a page of administration with its tabs."""
    return make_response(render_template(template, tabs=_tabs(), **values), status)


def act(
    change: Callable[[], str],
    *,
    leads_to: str,
    refused: Refused,
) -> AnyResponse:
    """Do an act: what it returns is said on the page it leads to.

    What it refuses is answered by the page it came from, with all that was filled in.
    """
    try:
        said = change()
    except (Invalid, Conflict) as refusal:
        return refused(status_of(refusal), refusal)
    flash(said)
    return redirect(leads_to)


def _tabs() -> list[Tab]:
    with rooms().read() as session:
        reads = administration.may_read(session, actor=current_actor())
        acts = administration.may_act(session, actor=current_actor())
    rights = (_("授权"), url_for("admin_rights.listed"))
    named = [rights]  # all that an auditor sees
    if reads:
        named = [
            (_("机构"), url_for("admin_organization.tree")),
            (_("人员"), url_for("admin_people.listed")),
            (_("岗位组与用户组"), url_for("admin_groups.listed")),
            rights,
            (_("代理"), url_for("admin_deputies.listed")),
            (_("日历"), url_for("admin_calendar.home")),
        ]
    if acts:
        named.append((_("依法删除"), url_for("erasure.show")))
    return [Tab(label, url, request.path.startswith(url)) for label, url in named]
