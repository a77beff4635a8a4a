"""复议 changes what holds (C-AGAIN): the newest decision, one at a time, without the tied."""

from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import agenda, decisions, discussion, meetings
from processes.committee.refusals import (
    NothingToReconsider,
    ReconsiderationStands,
    Reconsidering,
    Recused,
)
from processes.committee.rules import Choice, Outcome
from processes.committee.tables import Item, ItemState
from service.feel import FeelPool
from service.store.tables import Message
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

_names = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("again"), feel) as desk:
        yield desk


@pytest.fixture
def decided(bureau: Desk) -> Group:
    """Seven members; member 3 kept out; the exit was carried by the other six."""
    next_day(bureau)
    group = Group(bureau, 7)
    group.begin(about_exit(f"复议对象{next(_names)}"), present=7)
    group.discuss(recuse=[3])
    group.begin_vote()
    group.votes(6, voters=(2, 4, 5, 6, 7))
    group.close_vote()
    return group


def take_up(group: Group, consenting: Sequence[int], *, proposer: int = 2, key: int = 0) -> Item:
    with group.sitting() as sitting:
        again = discussion.reconsider(
            sitting,
            sitting.tools.session.get_one(Item, key or group.only),
            proposer=actor_of(proposer).username,
            reason="有新的情况",
            consenting=[actor_of(number).username for number in consenting],
        )
        assert again is not None
        sitting.tools.session.flush()
    return again


def decide_again(desk: Desk, item: Item, yes: int) -> None:
    """The next meeting votes on it, all seven are there and one keeps out."""
    next_day(desk)
    group = Group(desk, 7)
    group.prepare(about_plan(f"复议当日计划{item.key}"))
    with group.sitting() as sitting:
        agenda.place(sitting, item.key)
    group.give_notice()
    group.call(7)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.discuss(item.key, recuse=[3])
    group.begin_vote(item.key)
    others = [2, 4, 5, 6, 7]
    for number in others:
        group.vote(number, Choice.YES if number <= yes else Choice.NO, item.key)
    group.vote(1, Choice.NO, item.key)
    group.close_vote(item.key)


def holding(desk: Desk, key: int) -> str:
    with desk.rooms.read() as session:
        found = decisions.standing(session, session.get_one(Item, key))
        return "" if found is None else found.outcome


def test_the_decision_that_holds_is_the_newest(bureau: Desk, decided: Group) -> None:
    again = take_up(decided, [1, 2, 4, 5])
    assert again.root_key == decided.only
    assert holding(bureau, decided.only) == Outcome.CARRIED, "until there is another one"
    decide_again(bureau, again, yes=2)
    assert holding(bureau, decided.only) == Outcome.NOT_CARRIED
    assert holding(bureau, again.key) == Outcome.NOT_CARRIED


def told(desk: Desk, root: int) -> list[str]:
    """The messages about a decision, in their order."""
    with desk.rooms.read() as session:
        wanted = select(Message.name).where(Message.correlation_key == str(root))
        return list(session.scalars(wanted.order_by(Message.key)))


def test_who_carries_it_out_is_told_when_it_is_taken_up_and_when_that_is_over(
    bureau: Desk, decided: Group
) -> None:
    again = take_up(decided, [1, 2, 4, 5])
    assert told(bureau, decided.only) == [agenda.RECONSIDERED]
    decide_again(bureau, again, yes=2)
    taken_away = [agenda.RECONSIDERED, agenda.RECONSIDERED, agenda.OVERTURNED]
    assert told(bureau, decided.only) == taken_away


def test_a_confirmed_decision_is_taken_from_nobody(bureau: Desk, decided: Group) -> None:
    again = take_up(decided, [1, 2, 4, 5])
    decide_again(bureau, again, yes=7)
    assert told(bureau, decided.only) == [agenda.RECONSIDERED, agenda.RECONSIDERED]
    assert holding(bureau, decided.only) == Outcome.CARRIED


def test_no_secretary_ends_what_the_members_agreed_to(bureau: Desk, decided: Group) -> None:
    again = take_up(decided, [1, 2, 4, 5])
    with pytest.raises(ReconsiderationStands, match="不能退回"), bureau.rooms.write() as tools:
        agenda.withdraw(tools, again.key, reason="提议人撤回", actor=SECRETARY, now=bureau.clock())
    assert waiting(bureau, decided.only) == [again.key]
    assert told(bureau, decided.only) == [agenda.RECONSIDERED], "it is not over"


def waiting(desk: Desk, root: int) -> list[int]:
    with desk.rooms.read() as session:
        wanted = select(Item.key).where(Item.root_key == root, Item.state == ItemState.WAITING)
        return list(session.scalars(wanted))


@pytest.mark.parametrize("present", [3, 4, 7])
def test_what_came_to_no_vote_is_still_to_be_decided_again(
    bureau: Desk, decided: Group, present: int
) -> None:
    """流会, too few for the class, 缓议: the 复议 waits for another meeting, and holds."""
    again = take_up(decided, [1, 2, 4, 5])
    next_day(bureau)
    group = Group(bureau, 7)
    group.prepare(about_plan(f"复议当日计划{again.key}"))
    with group.sitting() as sitting:
        agenda.place(sitting, again.key)
    group.give_notice()
    group.call(present)
    if present == 3:
        with group.sitting() as sitting:
            meetings.declare_not_held(sitting, "四人外出")
    else:
        with group.sitting() as sitting:
            meetings.open_meeting(sitting)
        group.discuss(again.key)
        if present == 4:
            assert group.begin_vote(again.key) is Outcome.NO_QUORUM
        else:
            with group.sitting() as sitting:
                discussion.put_off(
                    sitting, again.key, Outcome.DEFERRED, "材料不足", proposer="member01"
                )
    assert group.item(again.key).state == ItemState.DECIDED, "its meeting has it in the minutes"
    (anew,) = waiting(bureau, decided.only)
    assert anew != again.key
    with bureau.rooms.read() as session:
        first = session.get_one(Item, decided.only)
        assert decisions.taken_up(session, first) is not None, "what rests on it goes on waiting"
    assert told(bureau, decided.only) == [agenda.RECONSIDERED]
    decide_again(bureau, session_item(bureau, anew), yes=2)
    assert holding(bureau, decided.only) == Outcome.NOT_CARRIED


def session_item(desk: Desk, key: int) -> Item:
    with desk.rooms.read() as session:
        return session.get_one(Item, key)


def test_what_waits_to_be_decided_again_is_not_taken_up_twice(decided: Group) -> None:
    take_up(decided, [1, 2, 4, 5])
    with pytest.raises(Reconsidering, match="C-AGAIN"):
        take_up(decided, [1, 2, 4, 5])


def test_an_old_decision_is_not_taken_up_behind_the_new_one(bureau: Desk, decided: Group) -> None:
    again = take_up(decided, [1, 2, 4, 5])
    decide_again(bureau, again, yes=2)
    next_day(bureau)
    later = Group(bureau, 7)
    later.begin(about_plan(f"之后的计划{again.key}"), present=7)
    with pytest.raises(NothingToReconsider, match="最近一次"):
        take_up(later, [1, 2, 4, 5], key=decided.only)
    newest = take_up(later, [1, 2, 4, 5], key=again.key)
    assert newest.root_key == decided.only


@pytest.mark.parametrize(("proposer", "consenting"), [(3, [1, 2, 4, 5]), (2, [1, 2, 3, 4, 5])])
def test_who_kept_out_of_the_item_neither_proposes_nor_consents(
    decided: Group, proposer: int, consenting: list[int]
) -> None:
    with pytest.raises(Recused, match="党组成员03"):
        take_up(decided, consenting, proposer=proposer)


def test_what_was_put_off_needs_no_reconsideration(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 7)
    group.begin(about_exit(f"复议对象{next(_names)}"), present=7)
    group.discuss()
    with group.sitting() as sitting:
        discussion.put_off(sitting, group.only, Outcome.DEFERRED, "材料不足", proposer="member01")
    with pytest.raises(NothingToReconsider, match="直接再上会"):
        take_up(group, [1, 2, 4, 5])
