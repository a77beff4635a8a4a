"""What nobody takes back of a meeting in session, and what a member recused by hand reads."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import discussion, meetings, telling, views
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from service.commands import process_instances
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.irreversible import InstanceIrreversible
from service.feel import FeelPool
from service.queries import instances, timeline
from service.store.tables import Membership, Notification
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.party_group import (
    PROCESS,
    SECRETARIES,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
    term_of,
)

_numbers = count(1)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("barriers"), feel) as desk:
        with desk.rooms.database.write() as session:
            right = (SECRETARIES, PROCESS, ObjectKind.RUNNING, Action.ACT)
            give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


def begun(bureau: Desk, due: int = 3) -> Group:
    next_day(bureau)
    group = Group(bureau, due)
    group.begin(about_exit(f"某人{next(_numbers)}"), present=due)
    return group


def end(group: Group) -> None:
    with group.desk.rooms.write() as tools:
        process_instances.cancel(tools, group.key, reason="不开了", actor=SECRETARY, now=group.now)


def history(group: Group, reader: Actor) -> str:
    with group.desk.rooms.read() as session:
        instances.get(session, actor=SECRETARY, key=group.key)
        rows = timeline.of_instance(
            session, instance_key=group.key, with_values=True, reader=reader
        )
    return "\n".join(row.detail for row in rows)


def news(group: Group, number: int) -> list[str]:
    with group.desk.rooms.read() as session:
        wanted = select(Notification.text).where(
            Notification.username == actor_of(number).username,
            Notification.instance_key == group.key,
            Notification.kind == "meeting-changed",
        )
        return list(session.scalars(wanted.order_by(Notification.key)))


@pytest.mark.parametrize("decided", [False, True])
def test_a_meeting_in_session_is_not_ended_once_a_vote_is_on(
    bureau: Desk, *, decided: bool
) -> None:
    group = begun(bureau)
    group.discuss()
    group.begin_vote()
    if decided:
        bureau.clock.now += timedelta(minutes=1)
        group.votes(3)
        group.close_vote()
    step = "议定议题" if decided else "会上表决"
    with pytest.raises(InstanceIrreversible, match=f"{step}.*闭会"):
        end(group)
    assert bureau.instance(group.key).state == "ACTIVE"


def test_before_any_vote_it_can_be_ended(bureau: Desk) -> None:
    group = begun(bureau)
    group.discuss()
    end(group)
    assert bureau.instance(group.key).state == "TERMINATED"


def test_a_member_recused_by_hand_reads_nothing_of_the_item(bureau: Desk) -> None:
    # given a member who reads the register, and has declared no tie
    with bureau.rooms.database.write() as session:
        session.add(Membership(group_id=SECRETARIES, username=actor_of(3).username))
    reader = Actor(actor_of(3).username, actor_of(3).display_name, frozenset({SECRETARIES}))
    group = begun(bureau)
    title = group.item().title
    group.discuss()
    assert title in history(group, reader)
    with group.sitting() as sitting:
        discussion.recuse(sitting, group.only, reader.username, "与当事人有合作")
    group.begin_vote()
    group.votes(2, voters=[1, 2])
    group.close_vote()
    # then neither the desk nor the history tells anything of it, before the recusal or after
    assert title not in history(group, reader)
    assert title in history(group, SECRETARY)
    with bureau.rooms.read() as session:
        seen = views.desk(session, group.key, actor=reader)
    assert seen.kept_from == {group.only}
    assert seen.open_item is None


def test_who_was_told_of_a_meeting_is_told_that_it_is_off(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    group.prepare(about_plan(f"计划{next(_numbers)}"))
    # when another one is in office in place of the third, and the meeting is moved to that day
    day = bureau.clock()
    next_day(bureau)
    later, bureau.clock.now = bureau.clock(), day
    with bureau.rooms.write() as tools:
        for number in (1, 2, 4):
            members.enter(tools, term_of(number, bureau_day(later)), actor=SECRETARY, now=group.now)
    with group.sitting() as sitting:
        meetings.reschedule(sitting, planned_at=later, place="二楼")
    group.run_jobs()
    # then who stays is told of the move, who is off the list of that, the new one of nothing yet
    assert [len(news(group, number)) for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert telling.RESCHEDULED in news(group, 1)[0]
    assert telling.OFF_THE_LIST in news(group, 3)[0]
    assert group.meeting().number in news(group, 3)[0]
    # when notice is given anew and the meeting is cancelled after all
    group.give_notice()
    with group.sitting() as sitting:
        meetings.cancel(sitting, "书记出差")
    group.run_jobs()
    assert [telling.CANCELLED in "".join(news(group, n)) for n in (1, 2, 3, 4)] == [
        True, True, False, True,
    ]  # fmt: skip
    assert bureau.instance(group.key).end_event == "会议取消"
    bureau.clock.now = later
