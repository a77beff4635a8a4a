"""Instances that wait for events, in tests of the commands and of the API.

`bring`   deploys diagrams as text, without the deploy check: small ones that show one thing
`run_due` does every job that is due, by a runner of its own; returns how many
"""

from collections.abc import Callable
from itertools import count

import pytest
from sqlalchemy import select

from service.commands import deployments, starting
from service.commands.deployment_check import Checked, Surroundings, Upload, contents_of
from service.commands.deployments import DeploymentReceipt
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.store.tables import ProcessInstance
from tests.engine.builders import diagram, element, end, flows, start, user
from tests.fixtures_commands import WORK, Stage

Bring = Callable[..., DeploymentReceipt]
RunDue = Callable[[], int]

_numbers = count(1)

CALLS = diagram(
    start(), element("callActivity", "call", '<zeebe:calledElement processId="called" />'), end(),
    flows("start", "call", "end"), process_id="calls",
)  # fmt: skip
CALLED = diagram(
    start(), user("work", assignee="wang.wei"), end(), flows("start", "work", "end"),
    process_id="called",
)  # fmt: skip
"""A process, and the one that it calls; there a stranger has a task."""


def bring_in(rooms: Rooms, *sources: bytes) -> DeploymentReceipt:
    """Deploy diagrams unchecked."""
    uploads = [Upload(f"{next(_numbers)}.bpmn", source) for source in sources]
    contents = tuple(contents_of(upload) for upload in uploads)
    assert all(one.processes for one in contents)
    checked = Checked(contents, Surroundings({}, frozenset(), frozenset(), frozenset()), ())
    with rooms.write() as tools:
        return deployments.bring_in(tools, checked, actor=SYSTEM, now=rooms.clock())


def begin_with(stage: Stage, process_id: str, **variables: Json) -> int:
    """Start an instance as a program does; returns its key."""
    started = starting.start(
        stage.rooms, process_id=process_id, variables=variables, actor=stage.cast.applicant,
        now=stage.clock.now, through_form=False,
    )  # fmt: skip
    return started.instance_key


def child_of(stage: Stage, key: int) -> int:
    """The key of the newest instance that this one called."""
    with stage.rooms.read() as session:
        found = session.scalars(
            select(ProcessInstance.key)
            .where(ProcessInstance.parent_key == key)
            .order_by(ProcessInstance.key.desc())
        ).first()
    return found or pytest.fail("nothing was called")


@pytest.fixture
def bring(rooms: Rooms, deploy: Callable[..., object]) -> Bring:
    """Everybody who may start by `deploy` may start these."""
    return lambda *sources: bring_in(rooms, *sources)


@pytest.fixture
def run_due(rooms: Rooms) -> RunDue:
    return JobRunner(rooms, owner="worker-1", kinds=WORK).run_due
