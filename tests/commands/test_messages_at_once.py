"""A message that comes just when somebody begins to wait for it is neither lost nor doubled."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from service.commands import messages
from service.domain.actors import SYSTEM
from service.store.tables import Message, MessageCorrelation, ProcessInstance
from tests.engine.builders import diagram, element, end, flows, message, on, start, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

ROUNDS = 6

ASKS_FIRST = diagram(
    start(), user("ask", assignee="zhang.min"),
    element("intermediateCatchEvent", "wait", inside=on("message", "paid")), end(),
    flows("start", "ask", "wait", "end"), process_id="asks",
    declared=message("paid"),
)  # fmt: skip
STARTS = diagram(
    element("startEvent", "start", inside=on("message", "paid")),
    user("work", assignee="zhang.min"), end(), flows("start", "work", "end"),
    process_id="starts", declared=message("paid"),
)  # fmt: skip


def at_once(*calls: Callable[[], object]) -> None:
    """All begun at the same moment in threads of their own; what one raises fails the test."""
    barrier, raised = threading.Barrier(len(calls)), []

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            call()
        except Exception as error:  # noqa: BLE001 - told below, whatever it is
            raised.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []


def publish(stage: Stage, key: str) -> None:
    with stage.rooms.write() as tools:
        messages.publish(
            tools, "paid", correlation_key=key, time_to_live=timedelta(hours=1), variables={},
            actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip


def test_two_senders_and_one_who_begins_to_wait(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(ASKS_FIRST)
    for number in range(ROUNDS):
        key, correlation_key = begin_with(stage, "asks", id=str(number)), str(number)
        task = stage.task(key, "ask")

        send = partial(publish, stage, correlation_key)
        at_once(send, send, partial(stage.complete, task, stage.cast.applicant))
        run_due()

        assert stage.row(ProcessInstance, key=key)["state"] == "COMPLETED"
    assert len(stage.rows(Message)) == 2 * ROUNDS
    assert len(stage.rows(MessageCorrelation)) == ROUNDS


def test_two_who_begin_to_wait_for_two_messages_get_one_each(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(ASKS_FIRST)
    keys = [begin_with(stage, "asks", id="1") for _ in range(2)]
    tasks = [stage.task(key, "ask") for key in keys]

    at_once(
        *(lambda: publish(stage, "1") for _ in range(2)),
        *(partial(stage.complete, task, stage.cast.applicant) for task in tasks),
    )
    run_due()

    assert [stage.row(ProcessInstance, key=key)["state"] for key in keys] == ["COMPLETED"] * 2
    taken = {row["message_key"] for row in stage.rows(MessageCorrelation)}
    assert len(taken) == 2


def test_two_messages_with_one_key_start_one_instance_after_the_other(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(STARTS)

    at_once(*(lambda: publish(stage, "1") for _ in range(3)))
    run_due()
    [only] = stage.rows(ProcessInstance)
    at_once(
        lambda: publish(stage, "1"),
        lambda: stage.complete(stage.task(int(str(only["key"])), "work"), stage.cast.applicant),
    )
    run_due()

    states = sorted(str(row["state"]) for row in stage.rows(ProcessInstance))
    assert states == ["ACTIVE", "COMPLETED"]
    assert len(stage.rows(MessageCorrelation)) == 2
