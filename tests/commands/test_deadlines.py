"""Due dates, reminders and escalation of tasks, as the one job of each does them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert

from service.commands import ties, user_tasks
from service.domain.actors import SYSTEM, Actor
from service.domain.recusal import TieKind
from service.domain.user_tasks import TaskNotFound, TaskNotYours
from service.store.tables import (
    CandidateGroup,
    InboxEntry,
    Membership,
    UserTask,
)
from tests.commands.late_steps import (
    begin,
    bureau_time,
    dated,
    deadline_acts,
    job,
    open_entries,
    people,
    told,
    work,
)
from tests.engine.builders import (
    properties,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring
from tests.fixtures_organization import Bureau


def test_the_due_date_is_counted_and_in_the_inbox(stage: Stage, bring: Bring) -> None:
    begin(stage, bring, dated())
    due = bureau_time(4, 17, 30)
    assert stage.row(UserTask)["due_at"] == stage.row(InboxEntry)["due_at"] == due
    assert job(stage) == bureau_time(3)


def test_a_late_step_reminds_then_goes_up_level_by_level(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated(process=properties(owner="zhang.min")))
    days = []
    while (due := job(stage)) is not None:
        days.append(f"{due + timedelta(hours=8):%m-%d}")
        work(stage, due)
    assert days == ["03-03", "03-05", "03-06", "03-09", "03-10"]
    assert told(stage) == [
        ("wang.wei", "due-soon"),
        ("wang.wei", "overdue"),
        ("wang.wei", "overdue"),
        ("li.na", "escalated"),
        ("wang.wei", "overdue"),
        ("sun.li", "escalated"),
    ]
    assert deadline_acts(stage, key) == [
        "deadline.reminded",
        "deadline.reminded",
        "deadline.reminded",
        "deadline.escalated",
        "deadline.reminded",
        "deadline.escalated",
        "deadline.escalated",
    ]
    # The owner is who started the case: they are passed over, and operators are told instead.
    value = stage.value(key, "deadline.escalated")
    assert (value["level"], value["people"], value["instead"]) == (3, [], "operators")
    assert value["skipped"] == [{"who": "zhang.min", "why": "initiator"}]
    assert stage.row(UserTask)["state"] == "CREATED"  # overdue never means agreed


def test_a_day_off_duty_is_one_reminder_and_each_level_once(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated())
    work(stage, bureau_time(9, 12))
    assert told(stage) == [
        ("wang.wei", "overdue"),
        ("li.na", "escalated"),
        ("sun.li", "escalated"),
    ]
    assert stage.value(key, "deadline.reminded") == {
        "name": "work", "kind": "overdue", "missed": 3,
    }  # fmt: skip
    work(stage)
    assert len(told(stage)) == 3


def test_the_superior_sees_and_hands_on_but_never_decides(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    begin(stage, bring, dated())
    work(stage, bureau_time(6, 12))
    task = stage.key(UserTask, element_id="work")
    superior = stage.cast.officer
    assert open_entries(stage, "superior") == ["li.na"]
    acts: tuple[Callable[[], object], ...] = (
        lambda: stage.complete(task, superior),
        lambda: stage.assign(task, "li.na", superior),
        lambda: claim(stage, task),
    )
    for act in acts:
        with pytest.raises(TaskNotYours):
            act()
    stage.assign(task, "qian.jin", superior)
    assert stage.row(UserTask)["assignee"] == "qian.jin"
    stage.complete(task, Actor("qian.jin", "钱进"))
    assert open_entries(stage, "superior") == []
    with pytest.raises(TaskNotFound):
        stage.assign(task, "wang.wei", superior)


def claim(stage: Stage, task: int) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)


def test_who_must_keep_out_is_passed_over_upward(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    with stage.rooms.write() as tools:
        ties.declare(
            tools, username="li.na", other="zhang.min", kind=TieKind.SPOUSE,
            actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip
    key = begin(stage, bring, dated(recuse_from="=[initiator]"))
    work(stage, bureau_time(6, 12))
    assert open_entries(stage, "superior") == ["sun.li"]
    assert stage.value(key, "deadline.escalated")["skipped"] == [{"who": "li.na", "why": "barred"}]


def test_a_tie_that_is_declared_later_takes_the_task_away_from_the_superior(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    begin(stage, bring, dated(recuse_from="=[initiator]"))
    work(stage, bureau_time(6, 12))
    task = stage.key(UserTask, element_id="work")
    with stage.rooms.write() as tools:
        ties.declare(
            tools, username="li.na", other="zhang.min", kind=TieKind.SPOUSE,
            actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip
    with pytest.raises(TaskNotFound):
        stage.assign(task, "qian.jin", stage.cast.officer)


def test_heads_who_hold_it_and_empty_places_are_passed_over(
    stage: Stage, bring: Bring, bureau: Bureau
) -> None:
    people(stage, "qian.jin")
    bureau.begin("wang.wei", "haibowan-office", "主任", heads_unit=True)
    bureau.begin("qian.jin", "bureau", "局长", heads_unit=True)
    key = begin(stage, bring, dated())
    work(stage, bureau_time(6, 12))
    value = stage.value(key, "deadline.escalated")
    assert value["people"] == ["qian.jin"]
    assert value["skipped"] == [
        {"who": "wang.wei", "why": "holder"},
        {"who": "海勃湾区教研室", "why": "vacant"},
    ]


def test_without_any_superior_the_owner_is_told_then_the_operators(
    stage: Stage, bring: Bring, bureau: Bureau, operator: object
) -> None:
    people(stage, "qian.jin")
    key = begin(stage, bring, dated(process=properties(owner="qian.jin")))
    work(stage, bureau_time(6, 12))
    value = stage.value(key, "deadline.escalated")
    assert (value["people"], value["to"], value["instead"]) == (["qian.jin"], "superior", "owner")
    work(stage, bureau_time(9, 12))
    assert stage.value(key, "deadline.escalated")["instead"] == "operators"
    assert ("zhao.gang", "deadline-stuck") in told(stage)


def test_a_group_and_posts_may_be_told(stage: Stage, bring: Bring, headed: Bureau) -> None:
    with stage.rooms.write() as tools:
        tools.session.execute(
            insert(CandidateGroup),
            [{"id": "council", "name": "督查组", "sort_name": "d", "created_at": stage.clock.now}],
        )
        tools.session.execute(insert(Membership), [{"group_id": "council", "username": "qian.jin"}])
    said = {"escalate_after": "1, 2", "escalate_to": "group:council, 负责人 @ 海勃湾区教研室"}
    begin(stage, bring, dated(**said))
    work(stage, bureau_time(6, 12))
    assert open_entries(stage, "superior") == ["qian.jin", "sun.li"]


def test_a_task_of_a_group_reminds_its_members_and_goes_up_from_its_unit(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    source = dated().replace(
        b'assignee="wang.wei"', 'candidateGroups="教研员 @ haibowan-office"'.encode()
    )
    begin(stage, bring, source)
    work(stage, bureau_time(5, 12))
    work(stage, bureau_time(6, 12))
    assert told(stage) == [
        ("wang.wei", "overdue"), ("wang.wei", "overdue"), ("li.na", "escalated"),
    ]  # fmt: skip
