"""Tasks that nobody could do: as things are now, to who oversees the procedure."""

import pytest
from sqlalchemy import update

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.queries import deserted_tasks
from service.queries import rights as held_rights
from service.queries.deserted_tasks import DesertedTask
from service.store.tables import Person
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast, CountStatements


@pytest.fixture
def case(stage: Stage, deploy: Deploy) -> int:
    deploy("deserted.bpmn")
    return stage.start("deserted").instance_key


def found(rooms: Rooms, actor: Actor) -> tuple[DesertedTask, ...]:
    with rooms.read() as session:
        return deserted_tasks.page(session, actor=actor).rows


def grant(rooms: Rooms, actor: Actor, object: ObjectKind, action: Action, process: str) -> None:
    right = Grant(GranteeKind.PERSON, actor.username, process, object, action)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())


def test_an_operator_sees_them_with_whom_they_were_meant_for(
    rooms: Rooms, case: int, operator: Actor
) -> None:
    by_name = {task.name: task for task in found(rooms, operator)}

    assert set(by_name) == {"已离职的人", "没有的组"}
    assert by_name["已离职的人"].assignee == "no.body"
    assert by_name["没有的组"].candidate_groups == ("no-such-group",)
    assert all(task.may_assign and task.may_open for task in by_name.values())


def test_who_is_neither_operator_nor_assigner_sees_none(
    rooms: Rooms, cast: Cast, case: int
) -> None:
    for actor in cast:
        assert found(rooms, actor) == ()


def test_a_right_to_another_procedure_shows_none(rooms: Rooms, cast: Cast, case: int) -> None:
    grant(rooms, cast.stranger, ObjectKind.TASK, Action.ACT, "review")
    assert found(rooms, cast.stranger) == ()


def test_who_hands_out_the_tasks_sees_them_and_not_the_case(
    rooms: Rooms, cast: Cast, case: int
) -> None:
    grant(rooms, cast.stranger, ObjectKind.TASK, Action.ACT, "deserted")

    assert {(task.may_assign, task.may_open) for task in found(rooms, cast.stranger)} == {
        (True, False)
    }
    with rooms.read() as session:
        assert held_rights.oversees(session, actor=cast.stranger)


def test_who_only_oversees_hands_out_none(rooms: Rooms, cast: Cast, case: int) -> None:
    grant(rooms, cast.stranger, ObjectKind.RUNNING, Action.READ, "deserted")

    assert {(task.may_assign, task.may_open) for task in found(rooms, cast.stranger)} == {
        (False, True)
    }


def test_one_that_was_given_to_somebody_is_gone(
    rooms: Rooms, stage: Stage, case: int, operator: Actor
) -> None:
    stage.assign(stage.task(case, "for_ghost"), "zhang.min", operator)

    assert [task.name for task in found(rooms, operator)] == ["没有的组"]


def test_a_case_that_ended_has_none(rooms: Rooms, stage: Stage, case: int, operator: Actor) -> None:
    stage.cancel(case, operator)
    assert found(rooms, operator) == ()


@pytest.mark.parametrize("claimed", [False, True], ids=["a group's", "claimed"])
def test_closing_the_last_account_deserts_a_task_that_had_somebody(
    rooms: Rooms, stage: Stage, deploy: Deploy, operator: Actor, *, claimed: bool
) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "张敏"}).instance_key, "check")
    if claimed:
        stage.assign(task, stage.cast.officer.username, operator)
    assert found(rooms, operator) == ()

    with rooms.write() as tools:
        closed = update(Person).where(Person.username == stage.cast.officer.username)
        tools.session.execute(closed.values(active=False))

    assert [one.key for one in found(rooms, operator)] == [task]


def test_a_page_ends_and_the_next_begins_behind_it(
    rooms: Rooms, stage: Stage, case: int, operator: Actor, count_statements: CountStatements
) -> None:
    stage.start("deserted")
    seen: list[int] = []
    after = None
    with rooms.read() as session:
        for _ in range(4):
            with count_statements() as statements:
                page = deserted_tasks.page(session, actor=operator, after=after, limit=1)
            # The tasks, and who must keep out of them.
            assert len(statements) == 2
            seen += [task.key for task in page.rows]
            after = page.next
    assert after is None
    assert len(seen) == 4
    assert seen == sorted(set(seen))
