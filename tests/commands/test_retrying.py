"""A transaction that had to give way is tried again, a few times; nothing of it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace

import pytest
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy.exc import OperationalError

from service.commands.retrying import ATTEMPTS
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.store.database import Busy
from tests.fixtures_commands import Deploy, Stage

DEADLOCK = OperationalError("UPDATE …", {}, DeadlockDetected())
LOCKED = OperationalError("UPDATE …", {}, LockNotAvailable())


def giving_way(stage: Stage, times: int, cause: Exception = DEADLOCK) -> Stage:
    """The same stage, whose first writing transactions give way at the very end."""
    left = [None] * times

    class GivingWay(Rooms):
        @contextmanager
        def write(self) -> Iterator[Toolbox]:
            with super().write() as tools:
                yield tools
                if left:
                    left.pop()
                    raise Busy from cause

    parts = {one.name: getattr(stage.rooms, one.name) for one in fields(Rooms)}
    return replace(stage, rooms=GivingWay(**parts))


def test_a_completion_gets_through(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key

    giving_way(stage, ATTEMPTS - 1).complete(stage.task(key, "ask"), stage.cast.applicant)

    assert stage.open_tasks(key) == ["read"]
    assert stage.acts(key).count("user-task.completed") == 1


def test_a_start_gets_through(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")

    started = giving_way(stage, ATTEMPTS - 1).start("errand")

    assert stage.acts(started.instance_key) == ["instance.started", "user-task.created"]


def test_it_is_not_tried_for_ever(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    task = stage.task(stage.start("errand").instance_key, "ask")

    with pytest.raises(Busy):
        giving_way(stage, ATTEMPTS).complete(task, stage.cast.applicant)

    stage.complete(task, stage.cast.applicant)


def test_whoever_waited_in_vain_does_not_wait_again(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    task = stage.task(stage.start("errand").instance_key, "ask")

    with pytest.raises(Busy):
        giving_way(stage, 1, LOCKED).complete(task, stage.cast.applicant)
