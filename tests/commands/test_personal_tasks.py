"""A task that is somebody's own: nobody hands it to another, and nobody else's answer counts."""

import pytest

from service.commands import (
    account_states,
    handing_over,
    instance_lock,
    task_handing,
    task_records,
)
from service.domain.actors import SYSTEM, Actor
from service.domain.handing_over import Destination, HandoverPlan
from service.domain.user_tasks import TaskIsPersonal, TaskNotFound
from service.queries import deserted_tasks, tasks
from tests.commands.administering import administrator_of
from tests.engine.builders import diagram, end, flows, mapping, properties, start, user
from tests.fixtures_commands import Deploy, Stage
from tests.fixtures_events import Bring

VOTE = diagram(
    start(),
    user(
        "vote", assignee="li.na",
        extensions=mapping(outputs={"by": "=vote_completed_by"}) + properties(no_deputy="true"),
    ),
    user("after", assignee="li.na"),
    end(),
    flows("start", "vote", "after", "end"),
    process_id="votes",
)  # fmt: skip


@pytest.fixture
def vote(stage: Stage, bring: Bring) -> int:
    """The officer's own task."""
    bring(VOTE)
    return stage.task(stage.start("votes").instance_key, "vote")


def move(stage: Stage, task: int, assignee: str) -> None:
    """As a release that did not refuse it would have left it."""
    with stage.rooms.write() as tools:
        instance, _ = instance_lock.lock_with_task(tools.session, task)
        found = task_records.find(tools.session, task, SYSTEM)
        task_handing.hand(tools, instance, found, assignee, stage.clock.now)


def test_who_hands_out_tasks_gives_it_to_nobody(stage: Stage, vote: int, operator: Actor) -> None:
    with pytest.raises(TaskIsPersonal, match="李娜本人办理"):
        stage.assign(vote, "wang.wei", operator)
    with pytest.raises(TaskNotFound):  # a stranger learns nothing of it
        stage.assign(vote, "wang.wei", stage.cast.stranger)
    stage.complete(vote, stage.cast.officer)


def test_its_page_offers_no_other_holder(stage: Stage, vote: int) -> None:
    with stage.rooms.read() as session:
        assert not tasks.get(session, actor=SYSTEM, key=vote).may_assign


def test_who_came_to_hold_it_all_the_same_completes_nothing(
    stage: Stage, vote: int, operator: Actor
) -> None:
    move(stage, vote, "zhang.min")
    with pytest.raises(TaskIsPersonal, match="李娜"):
        stage.complete(vote, stage.cast.applicant)
    stage.assign(vote, "li.na", operator)  # it goes back to whom it was given
    stage.complete(vote, stage.cast.officer)


def test_the_step_learns_who_did_it_and_nothing_else_does(stage: Stage, vote: int) -> None:
    stage.complete(vote, stage.cast.officer)
    with stage.rooms.read() as session:
        case = tasks.get(session, actor=SYSTEM, key=vote).instance_key
    assert stage.variables(case) == {"by": "li.na"}
    stage.complete(stage.task(case, "after"), stage.cast.officer)  # without mappings it leaves none
    assert stage.variables(case) == {"by": "li.na"}


def test_a_successor_does_not_inherit_it(stage: Stage, vote: int) -> None:
    admin = administrator_of(stage.rooms, stage.clock.now)
    with stage.rooms.write() as tools:
        account_states.lock(
            tools, username="li.na", reason="调离", actor=admin, now=stage.clock.now
        )
    plan = HandoverPlan("zhang.min", {vote: Destination.SUCCESSOR})
    done = handing_over.hand_over(
        stage.rooms, username="li.na", plan=plan, actor=admin, now=stage.clock.now
    )
    assert (done.to_successor, done.to_nobody) == (0, 1)
    with stage.rooms.read() as session:
        (left,) = deserted_tasks.page(session, actor=SYSTEM).rows
    assert (left.personal, left.may_assign) == (True, False)


def test_where_a_group_votes_only_its_members_are_given_it(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("ballot.bpmn")
    ballot = stage.task(stage.start("ballot").instance_key, "vote")
    with pytest.raises(TaskIsPersonal, match="候选人本人"):
        stage.assign(ballot, "wang.wei", operator)
    stage.assign(ballot, "li.na", operator)
    stage.complete(ballot, stage.cast.officer)
