"""Ending an instance from outside."""

import pytest

from service.domain.events import (
    ElementTerminated,
    Failure,
    IncidentResolved,
    IncidentType,
    InstanceTerminated,
    JobOver,
    ScopeDropped,
    UserTaskEnded,
)
from service.engine import HandlerDue, NotWaiting
from tests.engine.builders import diagram, end, flows, script, start
from tests.engine.conftest import Play
from tests.engine.player import ROOT, Player

FAILED = Failure(IncidentType.JOB_NO_RETRIES, "不可用")


def fail_some(due: HandlerDue) -> Failure | None:
    """Park one kind of work, fail the other."""
    return FAILED if due.task_type == "fails" else None


@pytest.fixture
def full(play: Play) -> Player:
    """An instance with a token in every phase that waits."""
    player = play("every_phase.bpmn", work=fail_some)
    player.complete("leaving", given=1)
    return player


def test_every_open_task_job_and_scope_is_told(full: Player) -> None:
    person, parked = full.key_of("person"), full.key_of("parked")
    before = len(full.events)

    full.cancel()

    told = full.events[before:]
    assert UserTaskEnded(person, cancelled=True) in told
    assert JobOver(parked) in told
    assert ScopeDropped(person) in told
    assert told[-1] == InstanceTerminated()
    assert (full.tasks, full.jobs, full.incidents, full.open) == ({}, {}, {}, {})
    assert list(full.scopes) == [ROOT]


def test_open_incidents_are_over(full: Player) -> None:
    stuck = set(full.incidents)
    assert len(stuck) == 3
    before = len(full.events)

    full.cancel()

    resolved = {
        e.element_instance_key for e in full.events[before:] if isinstance(e, IncidentResolved)
    }
    assert resolved == stuck


def test_a_token_that_waits_at_a_join_has_no_element_instance_to_end(full: Player) -> None:
    before = len(full.events)

    full.cancel()

    ended = [e.element_id for e in full.events[before:] if isinstance(e, ElementTerminated)]
    assert sorted(ended) == ["failed", "leaving", "parked", "person", "stuck"]


def test_a_cancelled_instance_stays_so(full: Player) -> None:
    key = full.key_of("person")
    full.cancel()
    execution = full.resume()

    assert execution.ended
    assert execution.advance() is None
    assert execution.take_events() == []
    with pytest.raises(NotWaiting):
        execution.complete(key, {})
    with pytest.raises(NotWaiting):
        execution.cancel()


def test_a_completed_instance_cannot_be_cancelled(play: Play) -> None:
    player = play(diagram(start(), script("go", "=1"), end(), flows("start", "go", "end")))
    execution = player.resume()

    assert execution.ended
    assert execution.advance() is None
    with pytest.raises(NotWaiting):
        execution.cancel()
    assert execution.take_events() == []
