"""How many statements a completion sends: at most 15, the actor's session included, one commit.

What begins and ends transactions and savepoints is not counted. `-s` prints the statements.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import insert

from service.commands import deputies, process_instances, user_tasks
from service.commands.handlers import TaskContext
from service.domain.actors import SYSTEM
from service.domain.values import Variables
from service.store.tables import CandidateGroup
from tests.fixtures_commands import PARALLEL, REVIEW, Deploy, Desk, Stage
from tests.fixtures_organization import Bureau, actor_now
from tests.fixtures_store import Statements

BUDGET = 15
SESSION_LOOK_UP = 1
"""A web session with its person and groups is one statement of the entry point's."""

NEW_POST_GROUP = 2
"""What it costs once that a group of posts is named for the first time: it and its labels."""

Spend = Callable[[Callable[[], object]], int]


@pytest.fixture
def spend(count_statements: Callable[[], AbstractContextManager[Statements]]) -> Spend:
    """Give the number of statements that a completion costs; it must commit once."""

    def spent(complete: Callable[[], object]) -> int:
        with count_statements() as statements:
            complete()
        shown = [" ".join(text.split())[:100] for text in statements.texts]
        print(*shown, f"= {len(shown)} and the session's", sep="\n")  # noqa: T201 - see above
        assert sum(text.startswith("INSERT INTO history_entry") for text in statements.texts) == 1
        return len(statements) + SESSION_LOOK_UP

    return spent


def test_of_a_group_task_with_a_handler_and_a_form_behind_it(
    stage: Stage, deploy: Deploy, spend: Spend
) -> None:
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "王小明"}).instance_key
    task, officer = stage.task(key, "check"), stage.cast.officer

    spent = spend(lambda: stage.complete(task, officer, {"核对意见": "属实"}, outcome="approve"))

    assert spent <= BUDGET
    assert stage.open_tasks(key) == ["confirm"]


def test_of_a_claimed_task(stage: Stage, deploy: Deploy, spend: Spend) -> None:
    deploy(*REVIEW)
    key = stage.start("review", variables={"姓名": "王小明"}).instance_key
    task, officer = stage.task(key, "check"), stage.cast.officer
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=officer, now=stage.clock.now)

    assert spend(lambda: stage.complete(task, officer, outcome="approve")) <= BUDGET


def test_of_the_last_branch_before_a_join(stage: Stage, deploy: Deploy, spend: Spend) -> None:
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key
    stage.complete(stage.task(key, "left"), stage.cast.applicant, {"左": "同意"})
    right = stage.task(key, "right")

    spent = spend(lambda: stage.complete(right, stage.cast.officer, {"右": "同意"}))

    assert spent <= BUDGET
    assert stage.open_tasks(key) == ["sum_up"]


def test_of_a_handler_that_writes_a_row(
    stage: Stage, deploy: Deploy, spend: Spend, desk: Desk
) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    task = stage.task(key, "ask")

    def write(context: TaskContext) -> Variables:
        row = {"id": f"g{context.element_instance_key}", "name": "登记"}
        context.session.execute(insert(CandidateGroup), [row])
        return {"登记": "完成"}

    desk.acts.append(write)

    assert spend(lambda: stage.complete(task, stage.cast.applicant)) <= BUDGET
    assert stage.open_tasks(key) == ["read"]


def test_of_a_deputys_whose_next_step_names_posts(
    stage: Stage, deploy: Deploy, bureau: Bureau, spend: Spend
) -> None:
    """Beside the budget: a deputy's session costs one more, for whom they stand in."""
    deploy("posted.bpmn")
    bureau.begin("li.na", "city", labels=["数学"])
    now = stage.clock.now
    with stage.rooms.write() as tools:
        deputies.appoint(
            tools,
            principal="zhang.min",
            deputy="wang.wei",
            starts_at=now,
            ends_at=now + timedelta(days=1),
            actor=SYSTEM,
            now=now,
        )
    with stage.rooms.read() as session:
        deputy = actor_now(session, "wang.wei", now)
    spent = []
    for _ in range(2):  # the first names the group, the second finds it
        started = _posted(stage)
        task = stage.task(started, "ask")
        spent.append(spend(partial(stage.complete, task, deputy)))
        assert stage.open_tasks(started) == ["review"]
    assert spent[1] <= BUDGET
    assert spent[0] <= BUDGET + NEW_POST_GROUP


def _posted(stage: Stage) -> int:
    with stage.rooms.write() as tools:
        return process_instances.start(
            tools,
            process_id="posted",
            variables={"subject": "数学", "unit": "市教研机构"},
            through_form=False,
            actor=stage.cast.applicant,
            now=stage.clock.now,
        ).instance_key


def test_of_a_completion_is_one_commit(
    stage: Stage,
    deploy: Deploy,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    deploy("errand.bpmn")
    task = stage.task(stage.start("errand").instance_key, "ask")

    with count_statements() as statements:
        stage.complete(task, stage.cast.applicant)

    assert statements.commits == 1
