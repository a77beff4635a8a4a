"""A diagram names posts: the group is resolved when the task arises, its members are read live."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from service.commands import groups, process_instances, rights, user_tasks
from service.commands.process_instances import Started
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.user_tasks import TaskNotFound
from service.queries import deserted_tasks
from service.store.authorization import holds
from service.store.tables import (
    HistoryEntry,
    InboxEntry,
    PostGroup,
    PostGroupLabel,
    UserTask,
)
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_organization import Bureau, actor_now
from tests.fixtures_store import Statements

MATHS = "教研员 · 小学 · 数学 @ city"


@pytest.fixture
def stage(stage: Stage, bureau: Bureau, deploy: Deploy) -> Stage:
    deploy("posted.bpmn")
    return stage


def begin(stage: Stage, subject: str = "数学 · 小学", unit: str = "市教研机构") -> Started:
    """A case that waits for the step before the one for posts."""
    with stage.rooms.write() as tools:
        return process_instances.start(
            tools,
            process_id="posted",
            variables={"subject": subject, "unit": unit},
            through_form=False,
            actor=stage.cast.applicant,
            now=stage.clock.now,
        )


def start(stage: Stage, subject: str = "数学 · 小学", unit: str = "市教研机构") -> int:
    """A case whose task for posts has arisen."""
    key = begin(stage, subject, unit).instance_key
    stage.complete(stage.task(key, "ask"), stage.cast.applicant)
    return key


def officer(stage: Stage) -> Actor:
    """The officer with the groups of this moment."""
    with stage.rooms.read() as session:
        return actor_now(session, "li.na", stage.clock.now)


def claim(stage: Stage, task: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=actor, now=stage.clock.now)


def test_the_task_goes_to_the_group_with_its_units_id(stage: Stage, bureau: Bureau) -> None:
    bureau.begin("li.na", "city", "教研员", ["数学", "小学"])

    key = start(stage)

    assert stage.row(UserTask, element_id="review")["candidate_groups"] == [MATHS]
    assert stage.row(InboxEntry, holder_kind="group")["holder"] == MATHS
    assert stage.row(PostGroup)["unit_id"] == "city"
    assert [row["label"] for row in stage.rows(PostGroupLabel)] == ["小学", "数学"]
    assert "user-task.nobody" not in stage.acts(key)
    assert "faults" not in stage.value(key, "user-task.created")


@pytest.mark.parametrize("unit", ["city", "市教研机构", "市教育局/市教研机构"])
def test_a_unit_may_be_written_in_several_ways(stage: Stage, bureau: Bureau, unit: str) -> None:
    start(stage, unit=unit)

    assert stage.row(UserTask, element_id="review")["candidate_groups"] == [MATHS]


def test_members_are_read_live(stage: Stage, bureau: Bureau) -> None:
    key = start(stage)
    task = stage.task(key, "review")
    with pytest.raises(TaskNotFound):
        claim(stage, task, officer(stage))

    post = bureau.begin("li.na", "city", "教研员", ["数学", "小学", "海勃湾"])
    bureau.rename("city", "市教研中心")
    claim(stage, task, officer(stage))
    assert stage.value(key, "user-task.claimed")["groups"] == [MATHS]

    bureau.end(post)
    stage.complete(task, officer(stage))
    assert stage.open_tasks(key) == []


def test_who_leaves_the_post_sees_its_tasks_no_more(stage: Stage, bureau: Bureau) -> None:
    post = bureau.begin("li.na", "city", "教研员", ["数学", "小学"])
    task = stage.task(start(stage), "review")
    bureau.end(post)

    with pytest.raises(TaskNotFound):
        claim(stage, task, officer(stage))


def test_the_second_task_of_a_group_writes_no_group(stage: Stage, bureau: Bureau) -> None:
    start(stage)
    start(stage, subject="小学・数学", unit="city")

    assert len(stage.rows(PostGroup)) == 1


@pytest.mark.parametrize(
    ("subject", "unit", "why"),
    [
        ("数学", "招生办", "没有叫“招生办”的机构"),
        ("数学", "办公室", "叫“办公室”的机构有 2 个"),
        ("数学 ·", "市教研机构", "两个“·”之间没有内容"),
        ("数学", "别的局/办公室", "没有叫“别的局/办公室”的机构"),
    ],
)
def test_what_names_no_group_is_deserted_with_the_reason(
    stage: Stage, bureau: Bureau, operator: Actor, subject: str, unit: str, why: str
) -> None:
    key = start(stage, subject, unit)

    assert stage.acts(key)[-1] == "user-task.nobody"
    assert why in str(stage.value(key, "user-task.nobody")["faults"])
    with stage.rooms.read() as session:
        [task] = deserted_tasks.page(session, actor=operator).rows
    assert why in task.faults[0]
    stage.assign(task.key, "li.na", operator)
    stage.complete(task.key, stage.cast.officer)
    assert stage.open_tasks(key) == []


def test_a_post_that_nobody_has_is_deserted_too(
    stage: Stage, bureau: Bureau, operator: Actor
) -> None:
    start(stage)

    assert stage.rows(HistoryEntry, act="user-task.nobody") != []
    with stage.rooms.read() as session:
        [task] = deserted_tasks.page(session, actor=operator).rows
    assert task.vacant == ("教研员 · 小学 · 数学 @ 市教研机构",)
    bureau.begin("li.na", "city", "教研员", ["数学", "小学"])
    with stage.rooms.read() as session:
        assert deserted_tasks.page(session, actor=operator).rows == ()


def test_a_unit_that_comes_later_is_told_of(stage: Stage, bureau: Bureau, operator: Actor) -> None:
    start(stage, unit="招生办")
    bureau.create("admissions", "招生办")

    with stage.rooms.read() as session:
        [task] = deserted_tasks.page(session, actor=operator).rows
    assert "现在可以了" in task.faults[0]


def test_an_explicit_group_may_look_like_a_post_group(stage: Stage, bureau: Bureau) -> None:
    with stage.rooms.write() as tools:
        groups.create_group(
            tools, group_id="教研员@city", name="列名的", actor=SYSTEM, now=stage.clock.now
        )
        rights.grant(
            tools,
            Grant(GranteeKind.GROUP, "教研员@city", "*", ObjectKind.CASE, Action.READ),
            actor=SYSTEM,
            now=stage.clock.now,
        )
    assert stage.rows(PostGroup) == []


def test_a_right_may_be_given_to_posts(stage: Stage, bureau: Bureau) -> None:
    post = bureau.begin("li.na", "personnel", "科长", heads_unit=True)
    right = Grant(GranteeKind.GROUP, "负责人 @ 人事科", "*", ObjectKind.CASE, Action.READ)
    with stage.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)

    with stage.rooms.read() as session:
        assert holds(session, officer(stage), ObjectKind.CASE, Action.READ)
        bureau.end(post)
        assert not holds(session, officer(stage), ObjectKind.CASE, Action.READ)


def test_a_right_to_an_unknown_unit_is_refused(stage: Stage, bureau: Bureau) -> None:
    right = Grant(GranteeKind.GROUP, "负责人 @ 招生办", "*", ObjectKind.CASE, Action.READ)
    with stage.rooms.write() as tools, pytest.raises(rights.GrantInvalid, match="招生办"):
        rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def test_a_completion_keeps_its_budget(
    stage: Stage,
    bureau: Bureau,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    """15 with the session's; the first task ever of a group writes it by two more."""
    spent = []
    for _ in range(2):
        started = begin(stage)
        ask = stage.task(started.instance_key, "ask")
        with count_statements() as statements:
            stage.complete(ask, stage.cast.applicant)
        spent.append(len(statements) + 1)
    first, second = spent
    assert second <= 15
    assert first == second + 2
