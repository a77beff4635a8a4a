"""A message reaches the processes on which its sender may act, when it is sent and later."""

import pytest
from sqlalchemy import insert, update

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import ClosedProcedure, Message, Person
from tests.commands.test_messages import WAITS, begin, publish
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue
from tests.fixtures_store import OFFICE, Cast


def let(rooms: Rooms, kind: GranteeKind, grantee: str, process_id: str) -> None:
    right = Grant(kind, grantee, process_id, ObjectKind.RUNNING, Action.ACT)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())


@pytest.fixture
def sender(rooms: Rooms, cast: Cast) -> Actor:
    """Somebody who may act on another process only."""
    let(rooms, GranteeKind.GROUP, OFFICE, "other")
    return cast.officer


def test_who_waits_elsewhere_is_not_reached(stage: Stage, bring: Bring, sender: Actor) -> None:
    bring(WAITS)
    begin(stage, "waits")

    assert publish(stage, keep=10, by=sender).instance_keys == ()
    assert len(stage.rows(Message)) == 1


def test_who_waits_elsewhere_later_is_not_reached_either(
    stage: Stage, bring: Bring, run_due: RunDue, sender: Actor
) -> None:
    bring(WAITS)
    publish(stage, keep=10, by=sender)

    key = begin(stage, "waits")

    assert run_due() == 0
    assert stage.open_tasks(key) == []


@pytest.mark.parametrize(
    ("kind", "grantee"),
    [(GranteeKind.GROUP, OFFICE), (GranteeKind.PERSON, "li.na"), (GranteeKind.EVERYONE, "*")],
)
def test_a_right_that_comes_later_counts_for_who_waits_later(
    stage: Stage, bring: Bring, run_due: RunDue, sender: Actor, kind: GranteeKind, grantee: str
) -> None:
    bring(WAITS)
    publish(stage, keep=10, by=sender)
    let(stage.rooms, kind, grantee, "waits")

    key = begin(stage, "waits")
    run_due()

    assert stage.open_tasks(key) == ["after"]


def test_what_everyone_may_is_not_for_a_sender_from_outside(
    stage: Stage, bring: Bring, run_due: RunDue, sender: Actor
) -> None:
    bring(WAITS)
    publish(stage, keep=10, by=sender)
    let(stage.rooms, GranteeKind.EVERYONE, "*", "waits")
    with stage.rooms.write() as tools:
        outside = update(Person).where(Person.username == sender.username).values(kind="public")
        tools.session.execute(outside)

    begin(stage, "waits")

    assert run_due() == 0


def test_who_has_no_account_any_more_reaches_nobody(
    stage: Stage, bring: Bring, run_due: RunDue, sender: Actor
) -> None:
    bring(WAITS)
    let(stage.rooms, GranteeKind.GROUP, OFFICE, "*")
    publish(stage, keep=10, by=sender)
    with stage.rooms.write() as tools:
        leave = update(Person).where(Person.username == sender.username).values(active=False)
        tools.session.execute(leave)

    begin(stage, "waits")

    assert run_due() == 0


@pytest.mark.parametrize("kept", [False, True], ids=["when it is sent", "later"])
def test_a_right_to_all_reaches_no_closed_procedure(
    stage: Stage, bring: Bring, run_due: RunDue, cast: Cast, kept: bool
) -> None:
    bring(WAITS)
    let(stage.rooms, GranteeKind.GROUP, OFFICE, "*")
    closed = {"process_id": "waits", "closed_at": stage.clock.now, "closed_by": "system"}
    with stage.rooms.write() as tools:
        tools.session.execute(insert(ClosedProcedure), [closed])
        starts = Grant(
            GranteeKind.PERSON, cast.applicant.username, "waits", ObjectKind.PROCEDURE, Action.ACT
        )
        rights.grant(tools, starts, actor=SYSTEM, now=stage.clock.now)
    begun = None if kept else begin(stage, "waits")
    assert publish(stage, keep=10, by=cast.officer).instance_keys == ()
    key = begun or begin(stage, "waits")
    assert run_due() == 0

    let(stage.rooms, GranteeKind.GROUP, OFFICE, "waits")
    assert publish(stage, keep=10, by=cast.officer).instance_keys == (key,)
