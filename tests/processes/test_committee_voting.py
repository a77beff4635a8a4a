"""Who may vote, what may come back, and that all of it verifies."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda
from processes.committee.proposals import Proposal
from processes.committee.refusals import (
    Blocked,
    NotAMember,
    NothingNew,
    Recused,
    VotedAlready,
)
from processes.committee.rules import Choice, Quorum
from service.commands import ties
from service.domain.recusal import TieKind
from service.feel import FeelPool
from service.store.history_check import verify
from tests.processes.conftest import SECRET
from tests.processes.desk import Desk
from tests.processes.party_group import (
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
)

YES, NO = Choice.YES, Choice.NO
HALF, TWO_THIRDS = Quorum.HALF, Quorum.TWO_THIRDS
Begin = Callable[..., Group]
_names = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("committee"), feel) as desk:
        yield desk


@pytest.fixture
def begin(bureau: Desk) -> Begin:
    """Open a meeting of so many members, of whom so many are there."""
    next_day(bureau)

    def open_group(due: int, present: int, *items: Proposal) -> Group:
        group = Group(bureau, due)
        group.begin(*(items or (somebody(),)), present=present)
        return group

    return open_group


def somebody(**changes: str) -> Proposal:
    """An exit of somebody who was never on an agenda before."""
    return about_exit(f"某教研员{next(_names)}", **changes)


def a_plan() -> Proposal:
    return about_plan(f"计划{next(_names)}")


def test_what_was_not_carried_comes_back_with_new_evidence_alone(begin: Begin) -> None:
    about = somebody()
    group = begin(7, 5, about)
    group.discuss()
    group.begin_vote()
    group.votes(3, 2, voters=range(1, 6))
    group.close_vote()
    again = about_exit(about.subjects[0].name, title="再次提出")
    with pytest.raises(Blocked, match="未通过"), group.desk.rooms.write() as tools:
        agenda.put_up_by_office(tools, again, actor=SECRETARY, now=group.now)
    fresh = about_exit(about.subjects[0].name, title="再次提出", ground="新的鉴定意见")
    with pytest.raises(NothingNew, match="上次没有的材料"), group.desk.rooms.write() as tools:
        agenda.put_up_by_office(tools, fresh, actor=SECRETARY, now=group.now)
    fresh = replace(fresh, materials=("调查报告", "新的鉴定意见书"))
    with group.desk.rooms.write() as tools:
        agenda.put_up_by_office(tools, fresh, actor=SECRETARY, now=group.now)


def test_trap_5_who_is_tied_to_the_person_is_recused_and_cannot_vote(begin: Begin) -> None:
    group = begin(7, 7, about_exit("教研员01", "researcher01"))
    with group.desk.rooms.write() as tools:
        ties.declare(
            tools, username=actor_of(3).username, other="researcher01", kind=TieKind.COLLATERAL,
            actor=actor_of(3), now=group.now,
        )  # fmt: skip
    group.discuss()
    group.begin_vote()
    with pytest.raises(Recused, match="亲属关系"):
        group.vote(3, YES)
    # and a tie that is declared while it is voted counts at once
    with group.desk.rooms.write() as tools:
        ties.declare(
            tools, username=actor_of(4).username, other="researcher01", kind=TieKind.MENTOR,
            actor=actor_of(4), now=group.now,
        )  # fmt: skip
    with pytest.raises(Recused, match="师徒"):
        group.vote(4, YES)


def test_who_is_no_member_and_who_votes_twice_is_refused(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss()
    group.begin_vote()
    with pytest.raises(NotAMember):
        group.vote_as(SECRETARY, 9, YES)
    group.vote(2, YES)
    with pytest.raises(VotedAlready):
        group.vote(2, NO)


def test_all_that_was_done_verifies(begin: Begin) -> None:
    group = begin(7, 7)
    group.discuss()
    group.begin_vote()
    group.votes(4, 3)
    group.close_vote()
    with group.desk.rooms.read() as session:
        assert verify(session, SECRET.encode()) == []
