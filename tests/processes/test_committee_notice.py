"""A notice that is given anew reaches everybody who is due then, and nobody who is not."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.committee import meetings
from processes.committee.tables import Presence
from processes.registers.days import bureau_day
from processes.registers.party_group import members
from service.commands import completion
from service.feel import FeelPool
from service.store.tables import UserTask
from tests.processes.desk import Desk
from tests.processes.party_group import (
    SECRETARY,
    Group,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
    term_of,
)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("notice"), feel) as desk:
        yield desk


def to_read(group: Group) -> list[UserTask]:
    with group.desk.rooms.read() as session:
        wanted = select(UserTask).where(
            UserTask.instance_key == group.key,
            UserTask.element_id == "read_notice",
            UserTask.ended_at.is_(None),
        )
        return sorted(session.scalars(wanted), key=lambda task: task.assignee or "")


def names(*numbers: int) -> list[str]:
    return [actor_of(number).username for number in numbers]


def read_all(group: Group) -> None:
    for number, task in enumerate(to_read(group), start=1):
        completion.complete(
            group.desk.rooms, task.key, submission={}, outcome="read", comment="",
            revision=task.revision, actor=actor_of(number), now=group.now,
        )  # fmt: skip


@pytest.mark.parametrize("already_read", [False, True])
def test_a_notice_given_anew_is_put_before_all_who_are_due(
    bureau: Desk, *, already_read: bool
) -> None:
    # given a notice to three, whether or not they have all read it
    next_day(bureau)
    group = Group(bureau, 3)
    group.prepare(about_plan(f"计划{already_read}"))
    assert [task.assignee for task in to_read(group)] == names(1, 2, 3)
    if already_read:
        read_all(group)
        assert to_read(group) == []
    # when it is moved to a day on which others are in office, and given anew
    later = group.now + timedelta(days=1)
    with bureau.rooms.write() as tools:
        for number in (1, 2, 4):
            term = term_of(number, bureau_day(later))
            members.enter(tools, term, actor=SECRETARY, now=group.now)
    with group.sitting() as sitting:
        meetings.reschedule(sitting, planned_at=later, place="二楼会议室")
    group.give_notice()
    group.run_jobs()
    # then those are asked to read it, with the new day and place
    assert [task.assignee for task in to_read(group)] == names(1, 2, 4)
    told = bureau.variables(group.key)
    assert told["place"] == "二楼会议室"
    assert told["meeting_day"] == f"{later.year}年{later.month}月{later.day}日"
    # and the meeting opens on that day
    bureau.clock.now = later
    for username in names(1, 2, 4):
        with group.sitting() as sitting:
            meetings.mark(sitting, username, Presence.PRESENT, "")
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    group.run_jobs()
    assert to_read(group) == []
    assert bureau.variables(group.key)["meeting_state"] == "open"


@pytest.mark.parametrize("already_read", [False, True])
def test_a_meeting_cancelled_after_its_notice_ends(bureau: Desk, *, already_read: bool) -> None:
    next_day(bureau)
    group = Group(bureau, 2)
    group.prepare(about_plan(f"取消{already_read}"))
    if already_read:
        read_all(group)
    with group.sitting() as sitting:
        meetings.cancel(sitting, "书记出差")
    group.run_jobs()
    assert to_read(group) == []
    assert bureau.instance(group.key).end_event == "会议取消"
