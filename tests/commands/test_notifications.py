"""What people are told: who did not do it themselves, once, and only while it matters."""

from collections.abc import Mapping

import pytest

from service.commands import deputies, notifications, user_tasks
from service.commands.notifications import Concerned, Happening
from service.domain.actors import SYSTEM, Actor
from service.domain.notifications import (
    LONGEST_FACT,
    WORDINGS,
    NotificationKind,
    NotificationNotFound,
    worded,
)
from service.jobs.runner import JobRunner
from service.store.tables import Job, Notification
from tests.engine.builders import diagram, exclusive, flows, start, user
from tests.fixtures_commands import PARALLEL, REVIEW, Deploy, Desk, Stage
from tests.fixtures_events import begin_with, bring_in
from tests.fixtures_store import OFFICE

BACK_AND_FORTH = diagram(
    start(), user("write", assignee="zhang.min"), user("check", assignee="li.na"),
    exclusive("again"), flows("start", "again", "write", "check", "again"),
    process_id="back",
)  # fmt: skip
"""The officer sends it back for ever."""


def told(stage: Stage, actor: Actor) -> list[str]:
    """What the person was told, oldest first, once the runner has done what is due."""
    run(stage)
    rows = stage.rows(Notification, username=actor.username)
    return [str(row["text"]) for row in sorted(rows, key=lambda row: str(row["key"]))]


def run(stage: Stage) -> int:
    return JobRunner(stage.rooms, owner="worker-1").run_due()


def tell(stage: Stage, happening: Happening) -> None:
    with stage.rooms.write() as tools:
        notifications.notify(tools, happening, now=stage.clock.now)


def news(*people: str, kind: NotificationKind = NotificationKind.CASE_COMPLETED) -> Happening:
    return Happening(kind, Concerned(people=people), facts={"process": "请假", "step": "审批"})


def test_a_task_that_arrives_is_told_to_its_assignee(stage: Stage, deploy: Deploy) -> None:
    deploy(*PARALLEL)
    stage.start("parallel")
    assert told(stage, stage.cast.officer) == ["“两方会办”的“人事意见”等你办理。"]


def test_nobody_is_told_what_they_did_themselves(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    stage.complete(stage.task(key, "ask"), stage.cast.applicant)
    assert stage.open_tasks(key) == ["read"]
    assert told(stage, stage.cast.applicant) == []
    assert stage.rows(Job, kind="notify") == []


def test_a_task_that_is_done_before_is_told_to_nobody(stage: Stage, deploy: Deploy) -> None:
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key
    stage.complete(stage.task(key, "right"), stage.cast.officer, {"右": "同意"})
    assert told(stage, stage.cast.officer) == []


def test_an_assigned_task_is_told_to_the_new_holder_and_the_one_before(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*PARALLEL)
    task = stage.task(stage.start("parallel").instance_key, "right")
    run(stage)
    stage.assign(task, "wang.wei", operator)
    assert told(stage, stage.cast.stranger) == ["赵刚把“两方会办”的“人事意见”交给你办理。"]
    last = told(stage, stage.cast.officer)[-1]
    assert last == "赵刚已把“两方会办”的“人事意见”改由王伟办理，你不用再办。"


def test_a_task_that_another_gives_back_is_told_to_who_held_it(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "王小明"}).instance_key
    task = stage.task(key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)
        user_tasks.release(tools, task, actor=operator, now=stage.clock.now)
    [text] = told(stage, stage.cast.officer)
    assert "放回" in text


def test_a_step_that_comes_back_is_told_as_such(stage: Stage, deploy: Deploy) -> None:
    bring_in(stage.rooms, BACK_AND_FORTH)
    key = begin_with(stage, "back")
    for element_id, actor in (
        ("write", stage.cast.applicant),
        ("check", stage.cast.officer),
        ("write", stage.cast.applicant),
    ):
        assert run(stage) >= 0
        stage.complete(stage.task(key, element_id), actor)
    run(stage)
    kinds = [row["kind"] for row in stage.rows(Notification)]
    assert sorted(str(kind) for kind in kinds) == ["task-arrived", "task-returned", "task-returned"]


def test_an_end_is_told_to_the_initiator(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("errand.bpmn")
    stage.cancel(stage.start("errand").instance_key, operator)
    [text] = told(stage, stage.cast.applicant)
    assert text.endswith("已被终止。")


def test_an_incident_is_told_once_to_who_may_act_on_it(
    stage: Stage, deploy: Deploy, operator: Actor, desk: Desk
) -> None:
    deploy("errand.bpmn")
    for _ in range(2):
        desk.fails(ValueError("no"), times=3)
        key = stage.start("errand").instance_key
        stage.complete(stage.task(key, "ask"), stage.cast.applicant)
        for _again in range(3):
            run(stage)
            stage.clock.forward(hours=1)
    assert len(told(stage, operator)) == 1
    assert told(stage, stage.cast.officer) == []


def test_a_deputy_is_told_from_when_to_when(stage: Stage) -> None:
    now = stage.clock.now
    with stage.rooms.write() as tools:
        deputies.appoint(
            tools,
            principal="li.na",
            deputy="wang.wei",
            starts_at=now,
            ends_at=now.replace(day=4, hour=16, minute=0),
            actor=SYSTEM,
            now=now,
        )
    assert told(stage, stage.cast.stranger) == [
        "李娜请你代为办理任务：2026年3月2日至2026年3月4日。"
    ]


def test_each_member_of_a_group_is_told_once(stage: Stage) -> None:
    to = Concerned(people=("li.na", "zhang.min"), groups=(OFFICE,))
    tell(stage, Happening(NotificationKind.CASE_COMPLETED, to, facts={"process": "请假"}))
    assert len(told(stage, stage.cast.officer)) == 1
    assert len(told(stage, stage.cast.applicant)) == 1


def test_nobody_costs_nothing(stage: Stage) -> None:
    tell(stage, news())
    assert stage.rows(Job) == []


def test_the_job_tells_once_however_often_it_is_claimed(stage: Stage) -> None:
    tell(stage, news("li.na"))
    assert run(stage) == 1
    assert run(stage) == 0
    assert len(told(stage, stage.cast.officer)) == 1
    assert stage.row(Job)["details"] is None


def test_reading_marks_ones_own_alone(stage: Stage) -> None:
    tell(stage, news("li.na"))
    run(stage)
    key = stage.key(Notification)
    with stage.rooms.write() as tools, pytest.raises(NotificationNotFound):
        notifications.read(tools, key, actor=stage.cast.stranger, now=stage.clock.now)
    first = stage.clock.now
    for _ in range(2):
        with stage.rooms.write() as tools:
            notifications.read(tools, key, actor=stage.cast.officer, now=stage.clock.now)
        stage.clock.forward(minutes=1)
    assert stage.row(Notification)["read_at"] == first


def test_all_read_means_what_the_page_showed(stage: Stage) -> None:
    tell(stage, news("li.na", "zhang.min"))
    run(stage)
    shown = max(int(str(row["key"])) for row in stage.rows(Notification))
    tell(stage, news("li.na"))
    run(stage)
    with stage.rooms.write() as tools:
        officer = stage.cast.officer
        assert notifications.read_all(tools, up_to=shown, actor=officer, now=stage.clock.now) == 1
    unread = [row for row in stage.rows(Notification) if row["read_at"] is None]
    assert sorted(str(row["username"]) for row in unread) == ["li.na", "zhang.min"]


@pytest.mark.parametrize("kind", NotificationKind)
def test_every_kind_has_words_that_end(kind: NotificationKind) -> None:
    facts: Mapping[str, str] = dict.fromkeys(
        (
            "process",
            "step",
            "who",
            "to",
            "former",
            "count",
            "since",
            "until",
            "due",
            "why",
            "register",
            "what",
            "number",
        ),
        "某",
    )
    assert WORDINGS[kind].label
    assert worded(kind, facts).endswith("。")


def test_a_fact_is_one_short_line(stage: Stage) -> None:
    text = worded(NotificationKind.CASE_COMPLETED, {"process": "请\r\n假" + "长" * 500})
    assert "\n" not in text
    assert len(text) < LONGEST_FACT + 30
    assert text.startswith("你发起的“请 假长")
