"""How many rows of each list a role sees, asked as the pages and the API ask."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from service.domain.actors import SYSTEM, Actor
from service.domain.errors import NotFound
from service.queries import (
    access_log,
    deputies,
    deserted_tasks,
    designs,
    disclosures,
    grants,
    inbox,
    notices,
    open_cases,
    people,
    ties,
)
from service.queries.access_log import Filters
from service.queries.inbox_filter import InboxFilter
from service.queries.inbox_order import Box
from service.queries.open_cases import CaseFilter
from service.store.authorization import visible_documents
from service.store.tables import Document, ProcessDefinition
from tests.rights.walk import Walker

SEARCHES = (
    "process-definitions", "process-instances", "user-tasks", "element-instances", "variables",
    "incidents", "decision-definitions", "decision-requirements", "groups", "users",
)  # fmt: skip
"""Searches of the API; whom the API refuses altogether finds nothing."""

Rows = Callable[[Session, Actor], Sequence[Any]]


def _box(walker: Walker, box: Box) -> Rows:
    def rows(session: Session, actor: Actor) -> Sequence[Any]:
        page = inbox.page(
            session, actor=actor, box=box, wanted=InboxFilter(), now=walker.world.rooms.clock()
        )
        return page.rows

    return rows


def _documents(session: Session, actor: Actor) -> Sequence[Any]:
    seen: ColumnElement[bool] = visible_documents(actor)
    return session.scalars(select(Document.key).where(seen)).all()


def _open_cases(session: Session, actor: Actor, now: datetime) -> Sequence[Any]:
    """Of every procedure that is deployed, whether the actor is shown it or not."""
    deployed = session.scalars(select(ProcessDefinition.process_id).distinct()).all()
    pages = [
        open_cases.page(
            session,
            actor=actor,
            process_id=one,
            wanted=CaseFilter(),
            now=now,
            limit=200,
            names=lambda _definition, element_id: element_id,
        )
        for one in deployed
    ]
    return [row for page in pages for row in page.rows]


def queries(walker: Walker) -> Mapping[str, Rows]:
    """The lists of the pages by their names in the table."""
    now = walker.world.rooms.clock()
    return {
        "待办": _box(walker, Box.TODO),
        "待签收": _box(walker, Box.CLAIMABLE),
        "已办": _box(walker, Box.DONE),
        "我发起的": _box(walker, Box.STARTED),
        "open cases": lambda s, actor: _open_cases(s, actor, now),
        "files": _documents,
        "tasks nobody can do": lambda s, actor: deserted_tasks.page(s, actor=actor).rows,
        "designs": lambda s, actor: designs.listed(s, actor=actor).rows,
        "own deputies": lambda s, actor: deputies.of_deputy(s, actor=actor, now=now),
        "own ties": lambda s, actor: ties.own(s, actor=actor),
        "ties": lambda s, actor: ties.every(s, actor=actor).rows,
        "notices": lambda s, actor: notices.managed(s, actor=actor),
        "objections": lambda s, actor: disclosures.objections(s, actor=actor, unresolved=True),
        "people": lambda s, actor: people.page(s, actor=actor, now=now).rows,
        "rights": lambda s, actor: grants.page(s, actor=actor, limit=200).rows,
        "access log": lambda s, actor: (
            access_log.page(s, actor=actor, filters=Filters(), closed=(), limit=200).rows
        ),
    }


def count(walker: Walker, name: str, role: str) -> int:
    """How many rows of this list the role sees; of a list that is not there for it, none."""
    if name.startswith("/v2/"):
        answer = walker.ask("POST", name, role)
        return 0 if answer.status_code == 403 else int(answer.get_json()["page"]["totalItems"])
    with walker.world.rooms.read() as session:
        try:
            return len(queries(walker)[name](session, walker.world.actor(role)))
        except NotFound:
            return 0


def whole(walker: Walker, name: str) -> int:
    """How many rows there are: the system itself sees them all."""
    with walker.world.rooms.read() as session:
        return len(queries(walker)[name](session, SYSTEM))


def names(walker: Walker) -> list[str]:
    """The names of all lists."""
    return [*queries(walker), *(f"/v2/{kind}/search" for kind in SEARCHES)]
