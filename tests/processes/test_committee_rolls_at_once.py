"""Two secretaries at the same moment, on a real PostgreSQL: one enters, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select

from processes.committee import agenda
from processes.committee.refusals import AlreadyUp
from processes.committee.tables import Item
from processes.registers.party_group import members
from processes.registers.party_group.members import MemberChanged, MemberUnfit, Term
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from tests.processes.desk import Desk
from tests.processes.party_group import OTHER_SECRETARY, SECRETARY, about_exit, settle

pytestmark = pytest.mark.parametrize(
    "database_url",
    [pytest.param("postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
BOTH = (SECRETARY, OTHER_SECRETARY)


def at_once(act: Callable[[Actor], object]) -> list[str]:
    """Let both secretaries do it at the same moment; give the names of the refusals, sorted."""
    barrier = Barrier(len(BOTH))

    def do(actor: Actor) -> str:
        barrier.wait()
        try:
            act(actor)
        except JiaoyanError as refusal:
            return type(refusal).__name__
        return ""

    with ThreadPoolExecutor(len(BOTH)) as pool:
        return sorted(pool.map(do, BOTH))


def term(number: int, position: str = "成员") -> Term:
    return Term(f"member{number}", f"成员{number}", position, 9, date(2026, 1, 1), None, "任命1号")


def test_nobody_is_entered_twice_and_one_presides(desk: Desk) -> None:
    settle(desk)

    def enter(one: Term) -> Callable[[Actor], object]:
        def act(actor: Actor) -> None:
            with desk.rooms.write() as tools:
                members.enter(tools, one, actor=actor, now=desk.clock())

        return act

    for number in range(5):
        assert at_once(enter(term(number))) == ["", MemberUnfit.__name__]
    # two people for one office
    names = iter((90, 91))
    secretaries = {actor.username: term(next(names), "书记") for actor in BOTH}
    assert at_once(lambda actor: enter(secretaries[actor.username])(actor)) == [
        "",
        MemberUnfit.__name__,
    ]
    with desk.rooms.read() as session:
        there = members.in_office(session, date(2026, 3, 2))
        usernames = [row.username for row in there]
        key = there[0].member_key
    assert len(usernames) == len(set(usernames)) == 6
    assert sum(row.position == "书记" for row in there) == 1

    def change(actor: Actor) -> None:
        with desk.rooms.write() as tools:
            members.change(
                tools, key, term(7), reason="换届", revision=1, actor=actor, now=desk.clock()
            )

    assert at_once(change) == ["", MemberChanged.__name__]


def test_one_matter_is_put_up_once(desk: Desk) -> None:
    settle(desk)
    for number in range(6):
        proposal = about_exit(f"某人{number}")

        def put_up(actor: Actor) -> None:
            with desk.rooms.write() as tools:
                agenda.put_up_by_office(tools, proposal, actor=actor, now=desk.clock())  # noqa: B023

        assert at_once(put_up) == ["", AlreadyUp.__name__]
    with desk.rooms.read() as session:
        assert len(session.scalars(select(Item)).all()) == 6
