"""Leaving the house, and what becomes of the tasks of somebody whose account is closed."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import handing_over
from service.commands.accounts import require_administrator
from service.commands.handing_over import HandedOver
from service.domain.accounts import AccountState
from service.domain.errors import JiaoyanError
from service.domain.handing_over import AccountStillOpen, Destination, HandoverPlan
from service.queries import held_tasks, people, staff
from service.web.admin_frame import Refused, act, admin_page, admin_pages
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.limits import parse_key

pages = admin_pages("admin_leaving")

_CLOSED = frozenset({AccountState.LOCKED, AccountState.LEFT})
_PREFIX = "task-"


@pages.get("/people/<username>/leave")
def preview(username: str) -> AnyResponse:
    """What leaving ends, and what the person would leave undone."""
    return _page(username, leaving=True)


@pages.post("/people/<username>/leave")
def leave(username: str) -> AnyResponse:
    """Close the account and hand the open tasks over."""

    def run() -> str:
        done = handing_over.leave(
            rooms(), username=username, plan=_plan(), actor=current_actor(), now=now()
        )
        return _("离岗已办好，账号已关闭。") + _said(done)

    return act(run, leads_to=_person(username), refused=_refused(username, leaving=True))


@pages.get("/people/<username>/tasks")
def tasks(username: str) -> AnyResponse:
    """What waits for somebody whose account is closed."""
    return _page(username, leaving=False)


@pages.post("/people/<username>/tasks")
def hand_over(username: str) -> AnyResponse:
    """Hand these tasks over."""

    def run() -> str:
        done = handing_over.hand_over(
            rooms(), username=username, plan=_plan(), actor=current_actor(), now=now()
        )
        return _said(done)

    return act(run, leads_to=_person(username), refused=_refused(username, leaving=False))


def _refused(username: str, *, leaving: bool) -> Refused:
    def answer(status: HTTPStatus, refusal: JiaoyanError) -> AnyResponse:
        return _page(username, leaving=leaving, status=status, refusal=refusal)

    return answer


def _page(
    username: str,
    *,
    leaving: bool,
    status: HTTPStatus = HTTPStatus.OK,
    refusal: JiaoyanError | None = None,
) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        require_administrator(session, actor)
        person = people.person(
            session, rooms().data_keys, actor=actor, username=username, now=now()
        )
        found = held_tasks.of_person(session, actor=actor, username=username)
        colleagues = staff.choices(session, actor=actor)
    if not leaving and person.row.state not in _CLOSED and refusal is None:
        raise AccountStillOpen(username=username)
    return admin_page(
        "admin/leaving.html",
        status=status,
        person=person,
        row=person.row,
        tasks=found,
        leaving=leaving,
        refusal=refusal,
        sent=request.form,
        prefix=_PREFIX,
        people=[one for one in colleagues if one.username not in {username, actor.username}],
        now=now(),
    )


def _plan() -> HandoverPlan:
    return HandoverPlan(request.form.get("successor", "").strip()[:64], _chosen())


def _chosen() -> Mapping[int, Destination]:
    """Return where the form sends each task; what is no choice is left to the rule."""
    chosen: dict[int, Destination] = {}
    for name, value in request.form.items():
        key = parse_key(name.removeprefix(_PREFIX)) if name.startswith(_PREFIX) else None
        if key is not None and value in set(Destination):
            chosen[key] = Destination(value)
    return chosen


def _said(done: HandedOver) -> str:
    parts = [
        (done.to_candidates, _("放回候选人 %(count)s 项", count=done.to_candidates)),
        (done.to_successor, _("交给接手人 %(count)s 项", count=done.to_successor)),
        (done.to_nobody, _("留待指定办理人 %(count)s 项", count=done.to_nobody)),
    ]
    told = "，".join(text for count, text in parts if count)
    return _("未办的任务：%(told)s。", told=told) if told else _("没有未办的任务。")


def _person(username: str) -> str:
    return url_for("admin_people.show", username=username)
