"""A closed procedure is to a right to all procedures what a procedure that is not there is.

Every page and call is asked twice: with procedures closed, and with the rights to all of them taken
away and given anew for each of the others by name. Who holds nothing but rights to all is answered
the same, word for word: no row, no number, no name is left of what is closed.
"""

import re
from collections.abc import Sequence

import pytest
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from service.commands.upserts import table
from service.domain.authorization import ALL, KEPT_CLOSED
from service.store.tables import AuthorizationGrant, ClosedProcedure, Job, ProcessDefinition
from service.store.tables.work import JobKind
from tests.rights import lists
from tests.rights.table import DOCUMENT, Call, calls
from tests.rights.walk import SAFE, Walker

OPEN = "weighed"
"""The one procedure that stays open: else there would be nothing at all to oversee."""

_OF_CASES = (
    "/documents", "/inbox", "/instances", "/cases", "/start", "/tasks", "/operations", "/notices",
    "/objections", "/profile/deputies", "/api/v1", "/v2", "/recruitment",
)  # fmt: skip
_OTHERWISE = {
    "POST /operations/messages/mail/resend": "messages are of no procedure: asks for all",
    "GET /notices": "a notice may be of no procedure: the same",
    "GET /notices/new": "the same",
    "POST /notices/new": "the same",
    "POST /notices/{notice}/withdraw": "the same",
    "GET /profile/deputies": "says that a deputy for all procedures is one for no closed one",
}
"""Where the two ways rightly differ."""

CALLS = [
    call
    for call in calls(DOCUMENT.read_text("utf-8"))
    if call.address == "/" or call.address.startswith(_OF_CASES)
]
ROLES = ("officer", "operator", "worker")
"""Whoever holds rights to all procedures that lead to cases."""

_MADE_ANEW = re.compile(r'(nonce|content|value)="[^"]{20,}"|编号：[0-9a-f]{12}\b')
"""Secrets of one answer."""


def _close(walker: Walker) -> None:
    """Close every procedure but the open one."""
    now = walker.world.rooms.clock()
    with walker.world.rooms.write() as tools:
        rows = [
            {"process_id": one, "closed_at": now, "closed_by": "system"}
            for one in _deployed(tools.session)
            if one != OPEN
        ]
        tools.session.execute(insert(table(ClosedProcedure)), rows)
        _without_messages(tools.session)
    walker.world.keep()


def _deployed(session: Session) -> Sequence[str]:
    return session.scalars(select(ProcessDefinition.process_id).distinct()).all()


def _without_messages(session: Session) -> None:
    """What was not sent is of no procedure, and counted for who has a right to all."""
    session.execute(delete(table(Job)).where(Job.kind == JobKind.SEND))


def _name(walker: Walker, *, all_of_them: bool = False) -> None:
    """Turn each right to all procedures into one to the open one, or into one to each."""
    to_all = (
        AuthorizationGrant.process_id == ALL,
        AuthorizationGrant.object.in_(sorted(KEPT_CLOSED)),
    )
    with walker.world.rooms.write() as tools:
        rows = tools.session.execute(
            select(*AuthorizationGrant.__table__.columns).where(*to_all)
        ).all()
        tools.session.execute(delete(AuthorizationGrant).where(*to_all))
        named = [
            {**row._mapping, "key": tools.keys.next(), "process_id": process_id}
            for row in rows
            for process_id in (_deployed(tools.session) if all_of_them else (OPEN,))
        ]
        tools.session.execute(insert(table(AuthorizationGrant)), named)
        _without_messages(tools.session)
    walker.world.keep()


def _answers(walker: Walker, role: str) -> dict[str, tuple[int, str]]:
    found = {}
    for call in CALLS:
        if not (_reads(call) or role == "operator" or "/jobs/" in call.address):
            continue  # nobody else acts by a right to all
        answer = walker.answer(call, role)
        told = _MADE_ANEW.sub("", answer.text) if _reads(call) else ""
        found[f"{call.method} {call.address}"] = (answer.status, told)
    return found


def _reads(call: Call) -> bool:
    return call.method in SAFE or call.address.endswith("/search")


@pytest.mark.parametrize("role", ROLES)
def test_what_is_closed_is_not_there_for_a_right_to_all(walker: Walker, role: str) -> None:
    seen = {}
    for way, change in (("closed", _close), ("named", _name)):
        change(walker)
        seen[way] = _answers(walker, role)
        walker.world.forget()
    different = [
        f"{name}: {_difference(answer, seen['named'][name])}"
        for name, answer in seen["closed"].items()
        if answer != seen["named"][name] and name not in _OTHERWISE
    ]
    assert different == [], "\n".join(different)


def _difference(one: tuple[int, str], other: tuple[int, str]) -> str:
    lines = zip(one[1].splitlines(), other[1].splitlines(), strict=False)
    first = next(((a.strip(), b.strip()) for a, b in lines if a != b), "")
    return f"{one[0]}, not {other[0]}; {first}"


def test_who_is_named_for_what_is_closed_sees_all_of_it(walker: Walker) -> None:
    named = ("officer", "operator")
    before = _counted(walker, named)
    _close(walker)
    try:
        kept_out = _counted(walker, named)
        _name(walker, all_of_them=True)
        again = _counted(walker, named)
    finally:
        walker.world.forget()
    assert again == before
    fewer = {name for (name, _role), count in kept_out.items() if count < before[name, _role]}
    assert {"open cases", "files", "objections", "tasks nobody can do"} <= fewer
    assert {"/v2/process-instances/search", "/v2/incidents/search", "/v2/variables/search"} <= fewer


def _counted(walker: Walker, roles: Sequence[str]) -> dict[tuple[str, str], int]:
    lists_of_rights = {"rights", "access log", "notices"}
    return {
        (name, role): lists.count(walker, name, role)
        for role in roles
        for name in lists.names(walker)
        if name not in lists_of_rights
    }
