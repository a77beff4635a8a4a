"""A task that nobody could do stays open, is recorded, and an operator gives it to somebody."""

import pytest
from sqlalchemy import update

from service.domain.actors import Actor
from service.store.tables import HistoryEntry, Person, UserTask
from tests.fixtures_commands import REVIEW, Deploy, Stage


def deserted(stage: Stage) -> set[object]:
    """Elements of the tasks that the history says nobody could do."""
    return {row["element_id"] for row in stage.rows(HistoryEntry, act="user-task.nobody")}


def test_unknown_people_and_groups_are_recorded(stage: Stage, deploy: Deploy) -> None:
    deploy("deserted.bpmn")

    key = stage.start("deserted").instance_key

    assert deserted(stage) == {"for_ghost", "for_nobody"}
    assert stage.open_tasks(key) == ["for_ghost", "for_nobody", "for_office"]
    assert stage.value(key, "user-task.nobody")["candidate_groups"] == ["no-such-group"]


def test_a_group_of_closed_accounts_is_nobody(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    with stage.rooms.write() as tools:
        closed = update(Person).where(Person.username == stage.cast.officer.username)
        tools.session.execute(closed.values(active=False))

    stage.start("review", variables={"姓名": "王小明"})

    assert deserted(stage) == {"check"}


def test_an_operator_gives_it_to_somebody(stage: Stage, deploy: Deploy, operator: Actor) -> None:
    deploy("deserted.bpmn")
    key = stage.start("deserted").instance_key

    for element_id in ("for_ghost", "for_nobody"):
        task = stage.task(key, element_id)
        stage.assign(task, "zhang.min", operator)
        stage.complete(task, stage.cast.applicant)

    assert stage.open_tasks(key) == ["for_office"]


@pytest.mark.parametrize("element_id", ["for_ghost", "for_nobody"])
def test_it_never_passes_by_itself(stage: Stage, deploy: Deploy, element_id: str) -> None:
    deploy("deserted.bpmn")
    stage.start("deserted")

    assert stage.row(UserTask, element_id=element_id)["state"] == "CREATED"
