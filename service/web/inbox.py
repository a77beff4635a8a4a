"""The 工作台: what waits for me, what I may claim, what I did, what I started."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from service.domain.actors import Actor
from service.domain.instances import InstanceNotFound
from service.domain.receipts import CASE, key_of
from service.queries import inbox, inbox_summary, instances, open_cases, rights
from service.queries.inbox_filter import CaseState, InboxFilter
from service.queries.inbox_order import SORTS, Box, Sort
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.submitted import notices

pages = Blueprint("inbox", __name__)

_LONGEST_QUESTION = 100
_ChoiceT = TypeVar("_ChoiceT", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Tab:
    """A list as a tab of the page."""

    box: Box
    label: str
    count: int
    current: bool


@pages.get("/")
def home() -> str | Response:
    """待办 is where one begins."""
    return _list(Box.TODO)


@pages.get("/inbox/<name>")
def show(name: str) -> str | Response:
    """One of the lists; for htmx its rows alone."""
    box = _choice(Box, name)
    if box is None:
        raise NotFound
    return _list(box)


def _list(box: Box) -> str | Response:
    actor = current_actor()
    wanted = _wanted(box)
    after = request.args.get("after")
    with rooms().read() as session:
        if case := _numbered(session, actor, wanted.q):
            return _led_to(url_for("instances.show", key=case))
        page = inbox.page(session, actor=actor, box=box, wanted=wanted, now=now(), after=after)
        if _is_more():
            return render_template("inbox_rows.html", box=box, page=page, now=now(), wanted=wanted)
        counts = inbox_summary.counts(session, actor=actor)
        procedures = inbox_summary.procedures(session, actor=actor, box=box)
        submitted = notices(session, actor=actor)
        starts = rights.starts(session, actor=actor)
        reads_cases = open_cases.reads(session, actor=actor)
    template = "inbox_list.html" if _is_filtering() else "inbox.html"
    return render_template(
        template,
        box=box,
        page=page,
        now=now(),
        wanted=wanted,
        tabs=_tabs(box, counts),
        submitted=submitted,
        starts=starts,
        reads_cases=reads_cases,
        procedures=procedures,
        states=_states(box),
        sorts=[(sort, label) for sort, label in _sort_labels(box) if sort in SORTS[box]],
        filtered=bool(wanted.q or wanted.process_id or wanted.state),
    )


def _numbered(session: Session, actor: Actor, question: str) -> int | None:
    """The case whose number is asked for, where the actor may see it."""
    key = key_of(CASE, question)
    if not key:
        return None
    try:
        return instances.get(session, actor=actor, key=key).key
    except InstanceNotFound:
        return None


def _led_to(address: str) -> Response:
    if _is_filtering():
        return Response(headers={"HX-Redirect": address})
    return redirect(address)


def _wanted(box: Box) -> InboxFilter:
    """Read the filter; what does not fit this list is left out, so old addresses still open."""
    sort = _choice(Sort, request.args.get("sort", "")) or Sort.NEWEST
    state = _choice(CaseState, request.args.get("state", ""))
    return InboxFilter(
        q=request.args.get("q", "").strip()[:_LONGEST_QUESTION],
        process_id=request.args.get("process", "").strip()[:200],
        state=state if state in dict(_states(box)) else None,
        sort=sort if sort in SORTS[box] else Sort.NEWEST,
    )


def _choice(kind: type[_ChoiceT], text: str) -> _ChoiceT | None:
    return next((one for one in kind if one == text), None)


def _is_more() -> bool:
    return request.headers.get("HX-Target", "").startswith("more-")


def _is_filtering() -> bool:
    return request.headers.get("HX-Target") == "inbox-list"


def _tabs(box: Box, counts: inbox_summary.Counts) -> list[Tab]:
    labels = [
        (Box.TODO, _("待办"), counts.todo),
        (Box.CLAIMABLE, _("待签收"), counts.claimable),
        (Box.DONE, _("已办"), counts.done),
        (Box.STARTED, _("我发起的"), counts.started),
    ]
    if counts.escalated or box is Box.ESCALATED:
        labels.append((Box.ESCALATED, _("逾期上报"), counts.escalated))
    return [Tab(one, label, count, one is box) for one, label, count in labels]


def _states(box: Box) -> list[tuple[CaseState, str]]:
    if box in {Box.TODO, Box.CLAIMABLE, Box.ESCALATED}:
        return [(CaseState.OVERDUE, _("已逾期"))]
    return [
        (CaseState.ACTIVE, _("办理中")),
        (CaseState.SUSPENDED, _("已挂起")),
        (CaseState.COMPLETED, _("已办结")),
        (CaseState.TERMINATED, _("已终止")),
    ]


def _sort_labels(box: Box) -> list[tuple[Sort, str]]:
    if box is Box.DONE:
        return [(Sort.NEWEST, _("最近办理在前")), (Sort.OLDEST, _("最早办理在前"))]
    if box is Box.STARTED:
        return [(Sort.NEWEST, _("最近发起在前")), (Sort.OLDEST, _("最早发起在前"))]
    return [
        (Sort.NEWEST, _("最近到达在前")),
        (Sort.OLDEST, _("最早到达在前")),
        (Sort.DUE, _("期限近的在前")),
    ]
