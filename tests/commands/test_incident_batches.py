"""All incidents of one kind are tried again, lot after lot, each as if it were retried alone."""

from dataclasses import replace
from itertools import count

import pytest

from service.commands import incident_batches, rights, suspension
from service.commands.handlers import BpmnError
from service.commands.incident_batches import LOT_SECONDS, IncidentClass, Lot, retry_lot
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.events import IncidentType
from service.domain.instances import IncidentNotFound, InstanceForbidden
from service.store.database import Database
from service.store.tables import AccessEvent, Incident
from tests.fixtures_commands import Deploy, Desk, Stage
from tests.overseeing import stopped

KIND = IncidentClass("errand", "work", IncidentType.UNHANDLED_ERROR_EVENT)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What a lot is made of, a single retry, is tested on both kinds."""
    return sqlite_database


def counted(lot: Lot) -> tuple[int, int, int, int]:
    return lot.resolved, lot.failed_again, lot.refused, lot.left


def test_all_go_on_when_the_cause_is_gone(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    deploy("errand.bpmn")
    keys = stopped(stage, desk, 3)

    lot = retry_lot(stage.rooms, KIND, actor=operator)

    assert counted(lot) == (3, 0, 0, 0)
    assert [stage.open_tasks(key) for key in keys] == [["read"]] * 3
    recorded = stage.rows(AccessEvent, kind="incident_retried", person=operator.username)
    assert {row["reference"] for row in recorded} == {f"instance/{key}" for key in keys}
    assert "incident.resolved" in stage.acts(keys[0])


def test_what_fails_again_is_not_tried_a_third_time(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    deploy("errand.bpmn")
    stopped(stage, desk, 3)
    desk.fails(BpmnError("没有连上登记系统", "还在停机"), times=2)

    first = retry_lot(stage.rooms, KIND, actor=operator)
    second = retry_lot(stage.rooms, KIND, actor=operator, after=first.after, until=first.until)

    assert counted(first) == (1, 2, 0, 0)
    assert counted(second) == (0, 0, 0, 0)
    assert len(stage.rows(Incident, state="ACTIVE")) == 2


def test_a_lot_is_bounded_and_the_next_goes_on_behind_it(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_batches, "LOT", 2)
    deploy("errand.bpmn")
    stopped(stage, desk, 3)

    first = retry_lot(stage.rooms, KIND, actor=operator)
    second = retry_lot(stage.rooms, KIND, actor=operator, after=first.after, until=first.until)

    assert (counted(first), counted(second)) == ((2, 0, 0, 1), (1, 0, 0, 0))


def test_a_lot_ends_when_somebody_has_waited_long_enough(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    deploy("errand.bpmn")
    stopped(stage, desk, 3)
    seconds = count(step=LOT_SECONDS)

    lot = retry_lot(stage.rooms, KIND, actor=operator, elapsed=lambda: float(next(seconds)))

    assert counted(lot) == (1, 0, 0, 2)


def test_one_that_cannot_be_tried_keeps_no_other_from_it(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor
) -> None:
    deploy("errand.bpmn")
    first, second, third = stopped(stage, desk, 3)
    with stage.rooms.write() as tools:
        suspension.suspend(tools, first, reason="停", actor=operator, now=stage.clock.now)
    stage.break_state(second)

    lot = retry_lot(stage.rooms, KIND, actor=operator)

    assert counted(lot) == (1, 0, 2, 0)
    assert stage.open_tasks(third) == ["read"]


def test_one_at_which_the_program_fails_keeps_no_other_from_it(
    stage: Stage, deploy: Deploy, desk: Desk, operator: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    deploy("errand.bpmn")
    first, second = stopped(stage, desk, 2)
    stage.break_state(first, '{"v":3,"e":[],"o":0,"r":7,"t":[]}')

    lot = retry_lot(stage.rooms, KIND, actor=operator)

    assert (counted(lot), lot.broken, lot.tried) == ((1, 0, 0, 0), 1, 2)
    assert "could not be retried" in caplog.text
    assert stage.open_tasks(second) == ["read"]
    assert [row["instance_key"] for row in stage.rows(Incident, state="ACTIVE")] == [first]


def test_others_are_left_alone(stage: Stage, deploy: Deploy, desk: Desk, operator: Actor) -> None:
    deploy("errand.bpmn")
    stopped(stage, desk, 1)
    for other in (
        replace(KIND, element_id="read"), replace(KIND, process_id="review"),
        replace(KIND, type=IncidentType.JOB_NO_RETRIES),
    ):  # fmt: skip
        with pytest.raises(IncidentNotFound):
            retry_lot(stage.rooms, other, actor=operator)
    assert len(stage.rows(Incident, state="ACTIVE")) == 1


def test_a_stranger_is_told_nothing_and_an_onlooker_that_they_only_look(
    stage: Stage, deploy: Deploy, desk: Desk
) -> None:
    deploy("errand.bpmn")
    stopped(stage, desk, 1)
    stranger = stage.cast.stranger
    with pytest.raises(IncidentNotFound):
        retry_lot(stage.rooms, KIND, actor=stranger)
    with stage.rooms.write() as tools:
        looks = Grant(
            GranteeKind.PERSON, stranger.username, "errand", ObjectKind.RUNNING, Action.READ
        )
        rights.grant(tools, looks, actor=SYSTEM, now=stage.clock.now)
    with pytest.raises(InstanceForbidden):
        retry_lot(stage.rooms, KIND, actor=stranger)
    assert len(stage.rows(Incident, state="ACTIVE")) == 1
