"""Tasks of a group: claimed, given back, handed over; the lists follow."""

import pytest

from service.commands import user_tasks
from service.domain.actors import Actor
from service.domain.user_tasks import (
    AssigneeUnknown,
    TaskHeldByOther,
    TaskNotYours,
    TaskWithoutCandidates,
)
from service.store.tables import InboxEntry, UserTask
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    """A task of the office that nobody has claimed."""
    deploy(*REVIEW)
    return stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")


def claim(stage: Stage, task: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=actor, now=stage.clock.now)


def release(stage: Stage, task: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.release(tools, task, actor=actor, now=stage.clock.now)


def assign(stage: Stage, task: int, assignee: str, actor: Actor, **more: bool) -> None:
    with stage.rooms.write() as tools:
        user_tasks.assign(tools, task, assignee=assignee, actor=actor, now=stage.clock.now, **more)


def entries(stage: Stage) -> dict[tuple[object, object], object]:
    return {(row["holder_kind"], row["holder"]): row["state"] for row in stage.rows(InboxEntry)}


def test_a_claim_takes_it_off_the_groups_list(stage: Stage, task: int) -> None:
    claim(stage, task, stage.cast.officer)

    assert entries(stage) == {("group", OFFICE): "taken", ("person", "li.na"): "open"}
    assert stage.row(UserTask)["assignee"] == "li.na"
    instance_key = int(str(stage.row(UserTask)["instance_key"]))
    assert stage.value(instance_key, "user-task.claimed")["groups"] == [OFFICE]


def test_claiming_ones_own_task_again_changes_nothing(stage: Stage, task: int) -> None:
    claim(stage, task, stage.cast.officer)
    claim(stage, task, stage.cast.officer)

    assert stage.row(UserTask)["revision"] == 2


def test_a_release_gives_it_back_to_the_group(stage: Stage, task: int) -> None:
    claim(stage, task, stage.cast.officer)
    release(stage, task, stage.cast.officer)

    assert entries(stage) == {("group", OFFICE): "open", ("person", "li.na"): "closed"}
    assert stage.row(UserTask)["assignee"] is None


def test_a_released_task_can_be_claimed_and_completed(stage: Stage, task: int) -> None:
    claim(stage, task, stage.cast.officer)
    release(stage, task, stage.cast.officer)
    claim(stage, task, stage.cast.officer)
    stage.complete(task, stage.cast.officer, outcome="approve")

    assert entries(stage)["person", "li.na"] == "done"


def test_a_personal_task_cannot_be_released(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    task = stage.task(stage.start("errand").instance_key, "ask")

    with pytest.raises(TaskWithoutCandidates):
        release(stage, task, stage.cast.applicant)


def test_an_operator_hands_a_task_over(stage: Stage, task: int, operator: Actor) -> None:
    claim(stage, task, stage.cast.officer)
    assign(stage, task, "zhang.min", operator)

    assert entries(stage) == {
        ("group", OFFICE): "taken",
        ("person", "li.na"): "closed",
        ("person", "zhang.min"): "open",
    }
    with pytest.raises(TaskHeldByOther, match="张敏"):
        stage.complete(task, stage.cast.officer, outcome="approve")
    stage.complete(task, stage.cast.applicant, outcome="approve")


def test_without_override_a_held_task_stays(stage: Stage, task: int, operator: Actor) -> None:
    claim(stage, task, stage.cast.officer)

    with pytest.raises(TaskHeldByOther, match="李娜"):
        assign(stage, task, "zhang.min", operator, allow_override=False)


def test_a_candidate_may_assign_it_to_oneself_alone(stage: Stage, task: int) -> None:
    with pytest.raises(TaskNotYours):
        assign(stage, task, "zhang.min", stage.cast.officer)
    assign(stage, task, "li.na", stage.cast.officer)

    assert stage.row(UserTask)["assignee"] == "li.na"


@pytest.mark.parametrize("nobody", ["no.body", "", "x" * 10_000, "li.na\x00"])
def test_only_people_with_an_account_get_tasks(
    stage: Stage, task: int, operator: Actor, nobody: str
) -> None:
    with pytest.raises(AssigneeUnknown):
        assign(stage, task, nobody, operator)

    assert stage.row(UserTask)["assignee"] is None


def test_who_may_assign_gives_nothing_to_themselves(
    stage: Stage, task: int, operator: Actor
) -> None:
    with pytest.raises(TaskNotYours):
        assign(stage, task, operator.username, operator)
    assert stage.row(UserTask)["assignee"] is None


def test_an_operator_assigns_but_does_not_complete(
    stage: Stage, task: int, operator: Actor
) -> None:
    with pytest.raises(TaskNotYours):
        stage.complete(task, operator, outcome="approve")
