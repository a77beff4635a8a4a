"""How many statements a completion sends: at most 15, the actor's session included, one commit.

What begins and ends transactions and savepoints is not counted. `-s` prints the statements.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import insert

from service.commands import user_tasks
from service.commands.handlers import TaskContext
from service.domain.values import Variables
from service.store.tables import CandidateGroup
from tests.fixtures_commands import PARALLEL, REVIEW, Deploy, Desk, Stage
from tests.fixtures_store import Statements

BUDGET = 15
SESSION_LOOK_UP = 1
"""A web session with its person and groups is one statement of the entry point's."""

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
