"""Open tasks of somebody who leaves: handed on or listed, never lost, each in its history."""

import pytest
from sqlalchemy import update

from service.commands import account_states, accounts, groups, handing_over, user_tasks
from service.commands.account_states import OwnAccount
from service.commands.accounts import AccountsForbidden
from service.commands.handing_over import HandedOver
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import JiaoyanError
from service.domain.handing_over import (
    AccountStillOpen,
    Destination,
    HandoverPlan,
    SuccessorMissing,
    SuccessorUnfit,
)
from service.queries import deserted_tasks, held_tasks
from service.queries.held_tasks import HeldTask
from service.store.tables import InboxEntry, Person, UserTask
from tests.commands.administering import administrator_of, events_about
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE, PASSWORD

COLLEAGUE = Actor("chen.jie", "陈洁", frozenset({OFFICE}))


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return administrator_of(stage.rooms, stage.clock.now)


@pytest.fixture
def colleague(stage: Stage) -> Actor:
    """Another member of the officer's office."""
    with stage.rooms.write() as tools:
        accounts.create_person(
            tools,
            username="chen.jie",
            display_name="陈洁",
            password=PASSWORD,
            actor=SYSTEM,
            now=stage.clock.now,
        )
        groups.add_member(
            tools, group_id=OFFICE, username="chen.jie", actor=SYSTEM, now=stage.clock.now
        )
    return COLLEAGUE


@pytest.fixture
def review(stage: Stage, deploy: Deploy) -> int:
    """A task of the office that the officer has claimed."""
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)
    return task


@pytest.fixture
def errand(stage: Stage, deploy: Deploy) -> int:
    """A task that the diagram gives to the applicant, and to nobody else."""
    deploy("errand.bpmn")
    return stage.task(stage.start("errand").instance_key, "ask")


def leave(stage: Stage, admin: Actor, username: str, **plan: object) -> HandedOver:
    return handing_over.leave(
        stage.rooms,
        username=username,
        plan=HandoverPlan(**plan),  # type: ignore[arg-type]
        actor=admin,
        now=stage.clock.now,
    )


def hand_over(stage: Stage, admin: Actor, username: str, successor: str = "") -> HandedOver:
    return handing_over.hand_over(
        stage.rooms,
        username=username,
        plan=HandoverPlan(successor),
        actor=admin,
        now=stage.clock.now,
    )


def assignee(stage: Stage, task: int) -> object:
    return stage.row(UserTask, key=task)["assignee"]


def case_of(stage: Stage, task: int) -> int:
    return int(str(stage.row(UserTask, key=task)["instance_key"]))


def listed(stage: Stage, admin: Actor, username: str) -> list[HeldTask]:
    with stage.rooms.read() as session:
        found = held_tasks.of_person(session, actor=admin, username=username)
    assert found.count == len(found.rows)
    return list(found.rows)


def test_a_claimed_task_goes_back_to_its_candidates(
    stage: Stage, admin: Actor, colleague: Actor, review: int
) -> None:
    (task,) = listed(stage, admin, "li.na")
    assert (task.key, task.name, task.held, task.claimable) == (review, "核对材料", True, True)
    assert leave(stage, admin, "li.na") == HandedOver(to_candidates=1)
    assert assignee(stage, review) is None
    assert stage.row(InboxEntry, task_key=review, holder=OFFICE)["state"] == "open"
    assert stage.acts(case_of(stage, review))[-1] == "user-task.released"
    assert stage.value(case_of(stage, review), "user-task.released") == {
        "name": "核对材料",
        "previous": "li.na",
        "reason": "原办理人账号已停用",
    }
    stage.complete(review, colleague, outcome="approve", comment="接着办")


def test_it_goes_to_the_successor_where_that_is_chosen(
    stage: Stage, admin: Actor, colleague: Actor, review: int
) -> None:
    chosen = {review: Destination.SUCCESSOR}
    went = leave(stage, admin, "li.na", successor="wang.wei", chosen=chosen)
    assert went == HandedOver(to_successor=1)
    assert assignee(stage, review) == "wang.wei"
    stage.complete(review, stage.cast.stranger, outcome="approve", comment="接着办")


def test_a_task_without_candidates_goes_to_the_successor(
    stage: Stage, admin: Actor, errand: int
) -> None:
    (task,) = listed(stage, admin, "zhang.min")
    assert (task.held, task.claimable) == (True, False)
    assert leave(stage, admin, "zhang.min", successor="li.na") == HandedOver(to_successor=1)
    assert assignee(stage, errand) == "li.na"
    value = stage.value(case_of(stage, errand), "user-task.assigned")
    assert (value["assignee"], value["previous"]) == ("li.na", "zhang.min")
    assert events_about(stage.rooms, "zhang.min")[-1] == (
        "guan.li",
        "task_assigned",
        {"change": "handed-over", "tasks": [str(errand)]},
    )


def test_without_a_successor_it_waits_among_the_deserted(
    stage: Stage, admin: Actor, operator: Actor, errand: int
) -> None:
    assert leave(stage, admin, "zhang.min") == HandedOver(to_nobody=1)
    assert assignee(stage, errand) == "zhang.min"
    with stage.rooms.read() as session:
        page = deserted_tasks.page(session, actor=operator)
    assert [row.key for row in page.rows] == [errand]
    assert hand_over(stage, admin, "zhang.min", "li.na") == HandedOver(to_successor=1)
    assert assignee(stage, errand) == "li.na"


def test_what_they_alone_could_claim_goes_to_the_successor_too(
    stage: Stage, admin: Actor, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    (offered,) = listed(stage, admin, "li.na")
    assert (offered.key, offered.held, offered.claimable) == (task, False, False)
    assert leave(stage, admin, "li.na", successor="wang.wei") == HandedOver(to_successor=1)
    assert assignee(stage, task) == "wang.wei"


def test_what_others_can_claim_stays_as_it_is(
    stage: Stage, admin: Actor, colleague: Actor, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    stage.start("review", variables={"姓名": "王小明"})
    assert listed(stage, admin, "li.na") == []
    assert leave(stage, admin, "li.na", successor="wang.wei") == HandedOver()


def test_a_task_of_somebody_else_is_none_of_the_plans(
    stage: Stage, admin: Actor, colleague: Actor, review: int, errand: int
) -> None:
    chosen = {errand: Destination.SUCCESSOR}
    leave(stage, admin, "li.na", successor="wang.wei", chosen=chosen)
    assert assignee(stage, errand) == "zhang.min"


def test_many_tasks_go_in_several_transactions(
    stage: Stage, admin: Actor, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_over, "_BATCH", 2)
    deploy("errand.bpmn")
    for _ in range(5):
        stage.start("errand")
    assert leave(stage, admin, "zhang.min", successor="li.na") == HandedOver(to_successor=5)
    assert {row["assignee"] for row in stage.rows(UserTask)} == {"li.na"}


def test_a_long_list_is_counted(
    stage: Stage, admin: Actor, deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_tasks, "SHOWN", 2)
    deploy("errand.bpmn")
    for _ in range(3):
        stage.start("errand")
    with stage.rooms.read() as session:
        found = held_tasks.of_person(session, actor=admin, username="zhang.min")
    assert (len(found.rows), found.count) == (2, 3)


@pytest.mark.parametrize("successor", ["guan.li", "zhang.min", "nobody", "a\0b", "chen.jie"])
def test_a_successor_who_cannot_take_over_changes_nothing(
    stage: Stage, admin: Actor, colleague: Actor, errand: int, successor: str
) -> None:
    with stage.rooms.write() as tools:
        theirs = update(Person).where(Person.username == "chen.jie")
        tools.session.execute(theirs.values(kind="public"))
    with pytest.raises(SuccessorUnfit):
        leave(stage, admin, "zhang.min", successor=successor)
    assert stage.row(Person, username="zhang.min")["active"]
    assert assignee(stage, errand) == "zhang.min"


def test_a_task_meant_for_a_successor_needs_one(stage: Stage, admin: Actor, errand: int) -> None:
    with pytest.raises(SuccessorMissing):
        leave(stage, admin, "zhang.min", chosen={errand: Destination.SUCCESSOR})
    assert stage.row(Person, username="zhang.min")["active"]


def test_the_tasks_of_a_locked_person_may_be_handed_over(
    stage: Stage, admin: Actor, errand: int
) -> None:
    with pytest.raises(AccountStillOpen):
        hand_over(stage, admin, "zhang.min", "li.na")
    with stage.rooms.write() as tools:
        account_states.lock(
            tools, username="zhang.min", reason="长期病假", actor=admin, now=stage.clock.now
        )
    assert hand_over(stage, admin, "zhang.min", "li.na") == HandedOver(to_successor=1)


def test_it_is_for_administrators(stage: Stage, admin: Actor, errand: int) -> None:
    refused: list[type[JiaoyanError]] = []
    for act in (leave, hand_over):
        with pytest.raises(AccountsForbidden) as refusal:
            act(stage, stage.cast.stranger, "zhang.min")
        refused.append(refusal.type)
    with pytest.raises(OwnAccount):
        leave(stage, admin, admin.username)
    assert assignee(stage, errand) == "zhang.min"
