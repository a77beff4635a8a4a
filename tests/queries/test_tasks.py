"""A task as its page shows it: to whom, and why it is before them."""

import pytest

from service.commands import drafts, user_tasks
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.user_tasks import TaskNotFound
from service.domain.values import Json
from service.queries import tasks, values
from service.queries.tasks import Reason, TaskPage
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast, CountStatements


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    """The office's task in a case of the applicant."""
    deploy(*REVIEW)
    return stage.task(stage.start("review", variables={"姓名": "张敏"}).instance_key, "check")


def seen(rooms: Rooms, actor: Actor, key: int) -> TaskPage:
    with rooms.read() as session:
        return tasks.get(session, actor=actor, key=key)


def claim(stage: Stage, key: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, key, actor=actor, now=stage.clock.now)


def test_a_member_of_the_office_may_claim_it(rooms: Rooms, cast: Cast, task: int) -> None:
    page = seen(rooms, cast.officer, task)
    assert (page.reason, page.groups) == (Reason.GROUP, ("人事科",))
    assert (page.may_claim, page.may_complete, page.may_release) == (True, False, False)
    assert (page.instance_title, page.started_by) == ("张敏的材料核对", "张敏")


def test_who_claimed_it_may_do_it_or_give_it_back(
    rooms: Rooms, cast: Cast, task: int, stage: Stage
) -> None:
    claim(stage, task, cast.officer)
    page = seen(rooms, cast.officer, task)
    assert page.reason is Reason.CLAIMED
    assert (page.may_claim, page.may_complete, page.may_release) == (False, True, True)


def test_who_was_named_may_do_it_and_not_give_it_back(
    rooms: Rooms, cast: Cast, task: int, stage: Stage
) -> None:
    stage.complete(task, cast.officer, outcome="approve")
    [row] = [stage.task(seen(rooms, cast.officer, task).instance_key, "confirm")]
    page = seen(rooms, cast.applicant, row)
    assert page.reason is Reason.ASSIGNED
    assert (page.may_claim, page.may_complete, page.may_release) == (False, True, False)


def test_a_done_task_can_only_be_read(rooms: Rooms, cast: Cast, task: int, stage: Stage) -> None:
    stage.complete(task, cast.officer, outcome="approve")
    page = seen(rooms, cast.officer, task)
    assert (page.may_claim, page.may_complete, page.may_release) == (False, False, False)
    assert (page.ended_by, page.ended_at, page.outcome) == ("李娜", stage.clock.now, "approve")


def test_nobody_else_sees_it(rooms: Rooms, cast: Cast, task: int) -> None:
    for actor in (cast.stranger, cast.applicant):
        with pytest.raises(TaskNotFound):
            seen(rooms, actor, task)


def test_what_i_wrote_is_mine_though_the_task_is_not(
    rooms: Rooms, cast: Cast, task: int, stage: Stage
) -> None:
    drafts.keep(rooms, task, data={"核对意见": "我的"}, actor=cast.officer, now=stage.clock.now)
    with rooms.read() as session:
        kept = tasks.get_kept(session, actor=cast.officer, key=task)
        assert kept.name == "核对材料"
        with pytest.raises(TaskNotFound):
            tasks.get_kept(session, actor=cast.stranger, key=task)


def test_a_task_page_takes_two_statements(
    rooms: Rooms, cast: Cast, task: int, count_statements: CountStatements
) -> None:
    with count_statements() as statements:
        seen(rooms, cast.officer, task)
    assert len(statements) == 2


def test_a_task_sees_the_variables_of_its_case(
    rooms: Rooms, cast: Cast, task: int, stage: Stage
) -> None:
    case = seen(rooms, cast.officer, task).instance_key
    with rooms.read() as session:
        found = values.visible(session, instance_key=case, element_instance_key=task)
    assert found["姓名"] == "张敏"


def test_a_draft_lies_over_the_values_and_within_their_objects() -> None:
    stored: dict[str, Json] = {
        "姓名": "张敏",
        "单位": {"名称": "一小", "地址": "海勃湾"},
        "成果": [1, 2],
    }
    draft: dict[str, Json] = {"单位": {"名称": "二小"}, "成果": [3]}
    assert values.overlaid(stored, draft) == {
        "姓名": "张敏",
        "单位": {"名称": "二小", "地址": "海勃湾"},
        "成果": [3],
    }
