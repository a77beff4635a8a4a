"""How many statements a completion sends: at most 15, the actor's session included, one commit.

What begins and ends transactions is not counted. A handler's own statements come on top of the
service's; the one here writes one row of a register's kind and stays within the budget with it.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import insert

from service.commands.handlers import TaskContext
from service.domain.actors import Actor
from service.domain.values import Variables
from service.store.tables import CandidateGroup
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.fixtures_store import Statements

REVIEW = ("review.bpmn", "application.form", "opinion.form", "receipt.form")
PARALLEL = ("parallel.bpmn", "note_left.form", "note_right.form")
BUDGET = 15
SESSION_LOOK_UP = 1
"""A web session with its person and groups is one statement of the entry point's."""

Count = Callable[[], AbstractContextManager[Statements]]
Complete = Callable[[], object]


def spent(count: Count, complete: Complete) -> Statements:
    with count() as statements:
        complete()
    for text in statements.texts:
        print(" ".join(text.split())[:110])  # noqa: T201 - shown with -s and on failure
    print(f"= {len(statements)} statements, {statements.commits} commits")  # noqa: T201 - the same
    return statements


def within_budget(statements: Statements, writing_commits: int = 1) -> bool:
    return len(statements) + SESSION_LOOK_UP <= BUDGET


def test_service_task_and_next_form(
    stage: Stage, deploy: Deploy, count_statements: Count
) -> None:
    deploy(*REVIEW)
    for _ in range(2):  # the first one also reads the models
        started = stage.start("review", variables={"姓名": "王小明"})
        task, officer = stage.task(started.instance_key, "check"), stage.cast.officer
        statements = spent(
            count_statements,
            lambda task=task: stage.complete(task, officer, {"核对意见": "属实"}, outcome="approve"),
        )

    assert len(statements) + SESSION_LOOK_UP <= BUDGET
    assert stage.open_tasks(started.instance_key) == ["confirm"]
