"""Who must keep out of an item reads nothing of it: agenda, history, minutes; nor works on it."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from processes.committee import agenda, discussion, meetings, views
from processes.committee.keeping_out import kept_from
from processes.committee.minutes import WITHHELD, minutes_of, read_back
from processes.committee.refusals import ItemTied, RecorderTied
from processes.committee.rules import Choice
from processes.committee.tables import Meeting, Presence
from service.commands import completion, ties
from service.domain.actors import Actor
from service.domain.recusal import TieKind
from service.feel import FeelPool
from service.queries import instances, timeline
from service.store.tables import UserTask
from tests.processes.desk import Desk
from tests.processes.party_group import (
    OTHER_SECRETARY,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
    open_task,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("kept"), feel) as desk:
        yield desk


@pytest.fixture
def who(bureau: Desk) -> str:
    """Somebody whom nothing was ever about."""
    return f"researcher{next(_numbers):02}"


@pytest.fixture
def group(bureau: Desk, who: str) -> Group:
    next_day(bureau)
    group = Group(bureau, 7)
    group.prepare(about_exit("某教研员", who, title=f"{who}退出"))
    return group


def tie(desk: Desk, one: Actor, other: str) -> None:
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=one.username, other=other, kind=TieKind.COLLATERAL, actor=one,
            now=desk.clock(),
        )  # fmt: skip


def open_(group: Group) -> None:
    group.call(7)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.run_jobs()


def decide(group: Group, *, recuse: int, chair: int = 1) -> None:
    group.discuss(recuse=[recuse])
    if chair != 1:
        with group.sitting() as sitting:
            discussion.delegate_item(sitting, group.only, actor_of(chair).username)
    group.begin_vote()
    group.votes(5, 1, voters=[one for one in range(1, 8) if one != recuse], chair=chair)
    group.close_vote()


def history(desk: Desk, group: Group, reader: Actor) -> str:
    """What this person reads at the case, as page and API show it."""
    with desk.rooms.read() as session:
        case = instances.get(session, actor=reader, key=group.key)
        rows = timeline.of_instance(
            session, instance_key=group.key, with_values=case.may_read_values, reader=reader
        )
    return "\n".join(row.detail for row in rows)


def read_notice(desk: Desk, group: Group, number: int) -> None:
    member = actor_of(number)
    with desk.rooms.read() as session:
        rows = session.query(UserTask).filter_by(instance_key=group.key, assignee=member.username)
        task = rows.one()
    completion.complete(
        desk.rooms, task.key, submission={}, outcome="read", comment="", revision=task.revision,
        actor=member, now=desk.clock(),
    )  # fmt: skip


def test_no_member_reads_the_acts_of_the_desk_in_the_history(bureau: Desk, group: Group) -> None:
    read_notice(bureau, group, 3)
    open_(group)
    decide(group, recuse=3)
    assert "表态" not in history(bureau, group, actor_of(3))
    assert "退出" not in history(bureau, group, actor_of(3))
    # while who keeps the register reads them
    assert "党组成员02表态不同意" in history(bureau, group, SECRETARY)


def test_a_tied_secretary_neither_reads_nor_works_on_the_item(
    bureau: Desk, group: Group, who: str
) -> None:
    open_(group)
    with group.sitting(OTHER_SECRETARY) as sitting:
        meetings.take_record(sitting)
    tie(bureau, SECRETARY, who)
    with pytest.raises(ItemTied, match=r"会议秘书01.*C-RECUSE"):
        group.discuss()
    with group.sitting(OTHER_SECRETARY) as sitting:
        discussion.discuss(sitting, group.only)
    with bureau.rooms.read() as session:
        seen = views.desk(session, group.key, actor=SECRETARY)
    assert seen.kept_from == {group.only}
    assert seen.open_item is None
    assert seen.busy
    assert "退出" not in history(bureau, group, SECRETARY)
    assert "退出" in history(bureau, group, OTHER_SECRETARY)


def test_a_tied_recorder_hands_the_minutes_over(bureau: Desk, group: Group, who: str) -> None:
    with group.sitting(OTHER_SECRETARY) as sitting:
        meetings.take_record(sitting)
    open_(group)
    tie(bureau, OTHER_SECRETARY, who)
    with pytest.raises(RecorderTied, match="会议秘书02"):
        group.discuss()
    with group.sitting() as sitting:
        meetings.take_record(sitting)
    group.discuss()
    assert group.meeting().recorder == SECRETARY.username


def test_minutes_are_checked_by_who_took_them(bureau: Desk, group: Group) -> None:
    open_(group)
    decide(group, recuse=3)
    with group.sitting(OTHER_SECRETARY) as sitting:
        meetings.take_record(sitting)
    group.close()
    assert open_task(bureau, group, "check_minutes").assignee == OTHER_SECRETARY.username


def test_a_waiting_item_is_none_of_a_tied_secretary_s(bureau: Desk, group: Group, who: str) -> None:
    other = "teacher001"
    tie(bureau, SECRETARY, other)
    with bureau.rooms.write() as tools:
        key = agenda.put_up_by_office(
            tools, about_exit("某人", other, title="另一人退出"), actor=OTHER_SECRETARY,
            now=bureau.clock(),
        )  # fmt: skip
    with bureau.rooms.read() as session:
        listed = {item.key for item in views.waiting_items(session, actor=SECRETARY)}
        others = {item.key for item in views.waiting_items(session, actor=OTHER_SECRETARY)}
    assert (key in listed, key in others) == (False, True)
    with pytest.raises(ItemTied), group.sitting() as sitting:
        agenda.place(sitting, key)
    with pytest.raises(ItemTied), bureau.rooms.write() as tools:
        agenda.withdraw(tools, key, reason="撤回", actor=SECRETARY, now=bureau.clock())


def test_the_agenda_hides_an_item_from_who_is_tied(bureau: Desk, group: Group, who: str) -> None:
    tie(bureau, actor_of(3), who)
    with bureau.rooms.read() as session:
        assert views.seat(session, group.key, actor=actor_of(3)).kept_from == {group.only}
        assert views.seat(session, group.key, actor=actor_of(4)).kept_from == frozenset()
        # and a member whom it is about sees no more of it than the tied
        assert kept_from(session, [group.item()], who) == {group.only}


def test_a_recused_chair_reads_the_minutes_without_the_item(bureau: Desk, group: Group) -> None:
    group.add(about_plan(f"计划{group.key}"))
    group.give_notice()
    open_(group)
    exit_key = next(iter(group.items.values()))
    group.items = {"exit": exit_key}
    decide(group, recuse=1, chair=2)
    group.close()
    with bureau.rooms.read() as session:
        meeting = session.get_one(Meeting, group.key)
        whole = minutes_of(session, meeting)
        hidden = views.hidden_items(session, group.key, actor_of(1))
    shown = read_back(whole.as_json()).without(hidden)
    assert shown.sections[0].lines == (WITHHELD,)
    assert "退出" not in str(shown)
    assert "回避本" in shown.mark
    assert whole.without(frozenset()) == whole == read_back(whole.as_json())


def test_a_choice_is_not_told_by_a_seat_that_is_gone(bureau: Desk, group: Group, who: str) -> None:
    open_(group)
    group.discuss()
    group.begin_vote()
    group.vote(2, Choice.NO)
    tie(bureau, actor_of(3), who)
    with bureau.rooms.read() as session:
        seen = views.seat(session, group.key, actor=actor_of(3))
    assert not seen.may_vote
    assert seen.why_not == "你应当回避本项"
    assert seen.me.presence == Presence.PRESENT
