"""A process that only others call: nobody starts it, whatever right they have."""

import pytest
from sqlalchemy import select

from service.commands import drafts, notices, starting
from service.commands.deployments import Upload, check
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.instances import ProcessNotFound, ProcessOnlyCalled
from service.domain.problems import Severity
from service.queries import definitions
from service.store.tables import ProcessDefinition, ProcessInstance
from tests.engine.builders import diagram, end, flows, properties, start, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import CALLED, CALLS, Bring, RunDue

MARKED = diagram(
    start(), user("work", assignee="wang.wei"), end(), flows("start", "work", "end"),
    process_id="called", extensions=properties(called_only="true"),
)  # fmt: skip


def versions(rooms: Rooms) -> list[int]:
    """The keys of the versions of the called process, oldest first."""
    with rooms.read() as session:
        own = select(ProcessDefinition.key).where(ProcessDefinition.process_id == "called")
        return [*session.scalars(own.order_by(ProcessDefinition.version))]


def begin(
    stage: Stage,
    actor: Actor,
    *,
    process_id: str | None = None,
    version: int | None = None,
    definition_key: int | None = None,
) -> None:
    """Start it as a program does, with variables of its own choice."""
    starting.start(
        stage.rooms,
        process_id=process_id,
        version=version,
        definition_key=definition_key,
        variables={"candidate": "A"},
        actor=actor,
        now=stage.clock.now,
        through_form=False,
    )


def listed(stage: Stage, actor: Actor) -> set[str]:
    with stage.rooms.read() as session:
        return {one.process_id for one in definitions.startable(session, actor=actor)}


@pytest.fixture
def called(stage: Stage, bring: Bring) -> Stage:
    """Two versions of it, of which the newer bears the mark, and its caller."""
    bring(CALLED)
    bring(MARKED, CALLS)
    return stage


def test_no_right_starts_it(called: Stage) -> None:
    actor = called.cast.applicant  # may start everything
    assert listed(called, actor) == {"calls"}
    with pytest.raises(ProcessOnlyCalled, match="只由其他流程在办理中调用"):
        begin(called, actor, process_id="called")
    with called.rooms.read() as session, pytest.raises(ProcessOnlyCalled):
        definitions.to_start(session, actor=actor, process_id="called")
    newest = versions(called.rooms)[-1]
    with called.rooms.write() as tools, pytest.raises(ProcessOnlyCalled):
        drafts.save(tools, newest, data={}, actor=actor, now=called.clock.now)
    with called.rooms.read() as session:
        assert "called" not in notices.startable_from_outside(session)


def test_an_older_version_without_the_mark_is_no_way_around(called: Stage) -> None:
    old, _ = versions(called.rooms)
    with pytest.raises(ProcessOnlyCalled):
        begin(called, called.cast.applicant, definition_key=old)
    with pytest.raises(ProcessOnlyCalled):
        begin(called, called.cast.applicant, process_id="called", version=1)


def test_a_stranger_learns_nothing_of_it(called: Stage) -> None:
    with pytest.raises(ProcessNotFound):
        begin(called, called.cast.stranger, process_id="called")
    with called.rooms.read() as session, pytest.raises(ProcessNotFound):
        definitions.to_start(session, actor=called.cast.stranger, process_id="called")


def test_its_caller_and_the_system_start_it(called: Stage, run_due: RunDue) -> None:
    called.start("calls")
    run_due()
    begin(called, SYSTEM, process_id="called")
    with called.rooms.read() as session:
        its = select(ProcessInstance.started_by).where(ProcessInstance.process_id == "called")
        starters = set(session.scalars(its))
    assert starters == {called.cast.applicant.username, SYSTEM.username}


def test_a_newer_version_without_the_mark_may_be_started(called: Stage, bring: Bring) -> None:
    bring(CALLED.replace(b"work", b"labour"))
    begin(called, called.cast.applicant, process_id="called")


def test_what_is_called_and_has_no_form_is_told_of(called: Stage) -> None:
    files = [Upload("called.bpmn", CALLED), Upload("calls.bpmn", CALLS)]
    found = {(one.resource, one.rule): one.severity for one in check(called.rooms, files)}
    assert found["called.bpmn", "process-called-only-missing"] is Severity.WARNING
    assert ("calls.bpmn", "process-called-only-missing") not in found
    marked = [Upload("called.bpmn", MARKED), Upload("calls.bpmn", CALLS)]
    assert {one.rule for one in check(called.rooms, marked)}.isdisjoint(
        {"process-called-only-missing", "process-called-only"}
    )
