"""催办: by whom, how often, what becomes of it; and settings that a page has changed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.commands import deadline_changes, rights, suspension, urging
from service.commands.deadline_changes import (
    ReasonMissing,
    SettingChanged,
    SettingForbidden,
    SettingNotFound,
)
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.deadline_settings import DeadlineUnfit, Field
from service.domain.suspension import InstanceSuspended
from service.domain.urging import UrgedJustNow, UrgingForbidden
from service.domain.user_tasks import TaskAlreadyCompleted, TaskNotFound
from service.store.deadline_settings import PROCEDURE
from service.store.tables import (
    AccessEvent,
    DeadlineSetting,
    Notification,
    ProcessDefinition,
    UserTask,
)
from tests.commands.late_steps import begin, bureau_time, dated, job, work
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, begin_with


def urge(stage: Stage, task: int, actor: Actor, comment: str = "") -> urging.Urged:
    with stage.rooms.write() as tools:
        return urging.urge(tools, task, comment=comment, actor=actor, now=stage.clock.now)


def urged(stage: Stage) -> list[object]:
    return [row["username"] for row in stage.rows(Notification, kind="urged")]


def test_the_initiator_urges_the_holder_once_in_a_while(stage: Stage, bring: Bring) -> None:
    key = begin(stage, bring, dated(urge_cooldown="2"))
    task, applicant = stage.task(key, "work"), stage.cast.applicant
    before = stage.row(UserTask)["revision"]

    done = urge(stage, task, applicant, "请\n尽快" + "！" * 500)

    assert done.again_from == stage.clock.now + timedelta(hours=2)
    comment = str(stage.value(key, "user-task.urged")["comment"])
    assert comment.startswith("请 尽快！")
    assert len(comment) == 200
    assert stage.row(UserTask)["revision"] == before
    work(stage)
    assert urged(stage) == ["wang.wei"]
    assert "请 尽快" not in str(stage.row(Notification, kind="urged")["text"])

    stage.clock.forward(hours=1, minutes=59)
    with pytest.raises(UrgedJustNow, match="2026年3月2日 11:30") as refused:
        urge(stage, task, applicant)
    assert refused.value.retry_after == 60
    stage.clock.forward(minutes=1)
    urge(stage, task, applicant)
    assert stage.acts(key).count("user-task.urged") == 2


def test_all_who_may_claim_it_are_urged(stage: Stage, bring: Bring) -> None:
    source = dated().replace(b'assignee="wang.wei"', b'candidateGroups="personnel-office"')
    key = begin(stage, bring, source)
    urge(stage, stage.task(key, "work"), stage.cast.applicant)
    work(stage)
    assert urged(stage) == ["li.na"]


def test_strangers_learn_nothing_and_nobody_urges_themselves(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    key = begin(stage, bring, dated())
    task = stage.task(key, "work")
    for wrong in (task + 1, -1, 2**70):
        with pytest.raises(TaskNotFound):
            urge(stage, wrong, stage.cast.applicant)
    with pytest.raises(TaskNotFound):
        urge(stage, task, stage.cast.officer)
    with pytest.raises(UrgingForbidden):
        urge(stage, task, stage.cast.stranger)  # it is theirs to do
    with stage.rooms.write() as tools:
        reads = Grant(GranteeKind.PERSON, "li.na", "*", ObjectKind.CASE, Action.READ)
        rights.grant(tools, reads, actor=SYSTEM, now=stage.clock.now)
    with pytest.raises(UrgingForbidden):
        urge(stage, task, stage.cast.officer)
    urge(stage, task, operator)


def test_what_is_over_or_stands_still_is_not_urged(stage: Stage, bring: Bring) -> None:
    key = begin(stage, bring, dated())
    task = stage.task(key, "work")
    with stage.rooms.write() as tools:
        suspension.suspend(tools, key, reason="等", actor=SYSTEM, now=stage.clock.now)
    with pytest.raises(InstanceSuspended):
        urge(stage, task, stage.cast.applicant)
    with stage.rooms.write() as tools:
        suspension.resume(tools, key, actor=SYSTEM, now=stage.clock.now)
    stage.complete(task, stage.cast.stranger)
    with pytest.raises(TaskAlreadyCompleted, match="王伟"):
        urge(stage, task, stage.cast.applicant)


def change(
    stage: Stage, actor: Actor, element: str = "work", version: int = 0, reason: str = "试行",
    **texts: str,
) -> bool:  # fmt: skip
    with stage.rooms.read() as session:
        definition = session.scalars(select(ProcessDefinition.key)).one()
    said = {Field(name.replace("_", "-")): text for name, text in texts.items()}
    with stage.rooms.write() as tools:
        return deadline_changes.change(
            tools, definition_key=definition, process_id="dated", element_id=element,
            texts=said, reason=reason, version=version, actor=actor, now=stage.clock.now,
        )  # fmt: skip


def test_what_is_set_counts_for_tasks_that_arrive_from_then_on(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    key = begin(stage, bring, dated())
    old = job(stage)
    assert change(stage, operator, due_working_days="5", remind_before="2", urge_cooldown="1")
    assert job(stage) == old  # what its holder was told stays

    stage.cancel(key, SYSTEM)
    begin_with(stage, "dated")
    [row] = stage.rows(UserTask, state="CREATED")
    assert row["due_at"] == bureau_time(9, 17, 30)
    assert job(stage) == bureau_time(5)
    assert row["deadline"]["versions"] == [0, 1]  # type: ignore[index]


def test_the_step_comes_before_the_procedure_and_the_diagram_between(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    bring(dated())
    change(stage, operator, PROCEDURE, remind_limit="9", remind_at="10:30", owner="zhang.min")
    begin_with(stage, "dated")
    texts = stage.row(UserTask)["deadline"]["texts"]  # type: ignore[index]
    assert texts["remind-limit"] == "3"  # of the diagram's step
    assert texts["remind-at"] == "10:30"
    assert texts["owner"] == "zhang.min"
    assert job(stage) == bureau_time(3, 10, 30)


def test_each_version_is_kept_and_recorded(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(dated())
    assert change(stage, operator, due_working_days="5")
    assert not change(stage, operator, version=1, due_working_days=" 5 ")
    assert change(stage, operator, version=1, reason="恢复")
    rows = sorted(stage.rows(DeadlineSetting), key=lambda row: int(str(row["version"])))
    assert [(row["version"], row["texts"], row["reason"]) for row in rows] == [
        (1, {"due-working-days": "5"}, "试行"),
        (2, {}, "恢复"),
    ]
    events = stage.rows(AccessEvent, kind="settings_changed")
    assert len(events) == 2
    assert {row["person"] for row in events} == {operator.username}
    begin_with(stage, "dated")
    assert stage.row(UserTask)["due_at"] == bureau_time(4, 17, 30)


def test_who_may_not_is_refused(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(dated())
    with pytest.raises(SettingNotFound):
        change(stage, stage.cast.applicant, due_working_days="5")
    with stage.rooms.write() as tools:
        looks = Grant(GranteeKind.PERSON, "li.na", "dated", ObjectKind.RUNNING, Action.READ)
        rights.grant(tools, looks, actor=SYSTEM, now=stage.clock.now)
    with pytest.raises(SettingForbidden):
        change(stage, stage.cast.officer, due_working_days="5")
    for element in ("start", "gone"):
        with pytest.raises(SettingNotFound):
            change(stage, operator, element, due_working_days="5")
    with pytest.raises(ReasonMissing):
        change(stage, operator, reason=" ", due_working_days="5")
    assert stage.rows(DeadlineSetting) == []


@pytest.mark.parametrize(
    "texts",
    [
        {"due_working_days": "-1"},
        {"due_working_days": "=5"},
        {"remind_limit": "1000"},
        {"escalate_after": "2", "escalate_to": "group:gone"},
        {"escalate_after": "2", "escalate_to": "负责人 @ 没有这个机构"},
    ],
)
def test_what_cannot_be_is_refused(
    stage: Stage, bring: Bring, operator: Actor, texts: dict[str, str]
) -> None:
    bring(dated())
    with pytest.raises(DeadlineUnfit):
        change(stage, operator, "work", 0, "试行", **texts)
    with pytest.raises(DeadlineUnfit, match="没有找到"):
        change(stage, operator, PROCEDURE, owner="nobody.here")


def test_who_has_an_older_page_is_told(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(dated())
    change(stage, operator, due_working_days="5")
    with pytest.raises(SettingChanged, match="赵刚"):
        change(stage, operator, due_working_days="6")
