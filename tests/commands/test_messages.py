"""Messages reach who waits for them, once each; early ones are kept for their time to live."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.commands import incidents, messages
from service.commands.messages import Published
from service.domain.actors import SYSTEM, Actor
from service.domain.messages import (
    EventsForbidden,
    MessageNotCorrelated,
    MessagePublishedAlready,
    TimeToLiveInvalid,
)
from service.domain.submissions import VariablesReserved
from service.domain.values import Json
from service.store.tables import (
    EventSubscription,
    Incident,
    Job,
    Message,
    MessageCorrelation,
    ProcessInstance,
)
from tests.engine.builders import (
    boundary,
    diagram,
    element,
    end,
    flows,
    mapping,
    message,
    on,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue, begin_with

PAID = message("paid", "=id")

WAITS = diagram(
    start(), element("intermediateCatchEvent", "wait", inside=on("message", "paid")),
    user("after", assignee="zhang.min"), end(), flows("start", "wait", "after", "end"),
    process_id="waits", declared=PAID,
)  # fmt: skip
ASKS_FIRST = diagram(
    start(), user("ask", assignee="zhang.min"),
    element("intermediateCatchEvent", "wait", inside=on("message", "paid")), end(),
    flows("start", "ask", "wait", "end"), process_id="asks", declared=PAID,
)  # fmt: skip
AT_THE_BORDER = diagram(
    start(), user("work", assignee="zhang.min"),
    boundary("note", "work", on("message", "paid"), interrupting=False),
    user("read", assignee="zhang.min"), end(), end("noted"),
    flows("start", "work", "end"), flows("note", "read", "noted"),
    process_id="border", declared=PAID,
)  # fmt: skip
STARTS = diagram(
    element("startEvent", "start", inside=on("message", "paid")),
    user("work", assignee="zhang.min"), end(), flows("start", "work", "end"),
    process_id="starts", declared=PAID,
)  # fmt: skip
SENDS = diagram(
    start(),
    element(
        "intermediateThrowEvent", "send", mapping(inputs={"sum": "=total"}),
        inside=on("message", "paid"),
    ),
    end(), flows("start", "send", "end"), process_id="sends", declared=PAID,
)  # fmt: skip
EITHER = diagram(
    start(), element("eventBasedGateway", "either"),
    element("intermediateCatchEvent", "wait", inside=on("message", "paid")),
    element("intermediateCatchEvent", "late", inside=on("timeDuration", "PT1H")), end(),
    flows("start", "either", "wait", "end"), flows("either", "late", "end"),
    process_id="either", declared=PAID,
)  # fmt: skip


def publish(
    stage: Stage, key: str = "1", *, keep: int = 0, by: Actor = SYSTEM, **more: Json
) -> Published:
    with stage.rooms.write() as tools:
        return messages.publish(
            tools, "paid", correlation_key=key, time_to_live=timedelta(minutes=keep),
            variables=more, actor=by, now=stage.clock.now,
        )  # fmt: skip


def begin(stage: Stage, process_id: str, **variables: Json) -> int:
    return begin_with(stage, process_id, id="1", **variables)


def test_a_message_goes_to_the_instance_that_waits(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(WAITS)
    key = begin(stage, "waits")

    published = publish(stage, sum=7)

    assert published.instance_keys == (key,)
    assert stage.open_tasks(key) == []
    assert run_due() == 1
    assert stage.open_tasks(key) == ["after"]
    assert stage.variables(key) == {"id": "1", "sum": 7}
    assert stage.rows(EventSubscription) == []
    assert "message.received" in stage.acts(key)


def test_with_another_key_it_goes_to_nobody(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(WAITS)
    key = begin(stage, "waits")

    assert publish(stage, "2").instance_keys == ()

    assert run_due() == 0
    assert stage.open_tasks(key) == []
    assert stage.rows(Message) == []


def test_an_early_message_is_kept_and_delivered_once(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(ASKS_FIRST)
    first, second = begin(stage, "asks"), begin(stage, "asks")
    publish(stage, keep=10, sum=7)
    stage.clock.forward(minutes=9)

    for key in (first, second):
        stage.complete(stage.task(key, "ask"), stage.cast.applicant)

    assert run_due() == 1
    assert stage.row(ProcessInstance, key=first)["state"] == "COMPLETED"
    assert stage.row(ProcessInstance, key=second)["state"] == "ACTIVE"


def test_an_early_message_is_gone_after_its_time(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(ASKS_FIRST)
    key = begin(stage, "asks")
    publish(stage, keep=10)
    stage.clock.forward(minutes=10)

    stage.complete(stage.task(key, "ask"), stage.cast.applicant)

    assert run_due() == 0
    with stage.rooms.write() as tools:
        assert messages.clean_up(tools, now=stage.clock.now) == 1
    assert stage.rows(Message) == []


def test_the_oldest_of_the_kept_comes_first(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(ASKS_FIRST)
    key = begin(stage, "asks")
    publish(stage, keep=10, sum=1)
    publish(stage, keep=10, sum=2)

    stage.complete(stage.task(key, "ask"), stage.cast.applicant)
    run_due()

    assert stage.variables(key)["sum"] == 1


def test_each_process_takes_it_once(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(WAITS, EITHER, STARTS)
    taken = {begin(stage, "waits"), begin(stage, "either")}
    passed_over = begin(stage, "waits")

    reached = set(publish(stage).instance_keys)
    run_due()

    assert taken < reached
    [started] = reached - taken
    assert stage.row(ProcessInstance, key=started)["process_id"] == "starts"
    assert stage.row(ProcessInstance, key=passed_over)["state"] == "ACTIVE"
    assert stage.open_tasks(passed_over) == []


def test_what_interrupts_nothing_takes_one_message_after_the_other(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(AT_THE_BORDER)
    key = begin(stage, "border")
    for number in range(3):
        publish(stage, keep=10, sum=number)

    run_due()

    assert stage.open_tasks(key) == ["read", "read", "read", "work"]
    assert stage.variables(key)["sum"] == 2
    assert [row["delivered_at"] for row in stage.rows(MessageCorrelation)] == [stage.clock.now] * 3


def test_a_message_whose_taker_is_gone_goes_to_another(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(WAITS)
    first, second = begin(stage, "waits"), begin(stage, "waits")
    publish(stage, keep=10)

    stage.cancel(first, operator)
    run_due()

    assert stage.open_tasks(second) == ["after"]


def test_a_message_whose_taker_is_gone_waits_for_the_next(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(WAITS)
    first = begin(stage, "waits")
    publish(stage, keep=10)
    stage.cancel(first, operator)
    run_due()

    second = begin(stage, "waits")
    run_due()

    assert stage.open_tasks(second) == ["after"]


def test_of_two_events_the_first_to_come_is_taken(
    stage: Stage, bring: Bring, run_due: RunDue
) -> None:
    bring(EITHER)
    key = begin(stage, "either")
    publish(stage)
    run_due()

    assert stage.row(ProcessInstance, key=key)["state"] == "COMPLETED"
    assert [row["state"] for row in stage.rows(Job, kind="timer")] == ["cancelled"]


def test_a_thrown_message_starts_and_reaches(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(WAITS, SENDS)
    key = begin(stage, "waits")

    thrower = begin(stage, "sends", total=3)
    run_due()

    assert stage.open_tasks(key) == ["after"]
    assert stage.variables(key) == {"id": "1", "sum": 3}
    assert "message.sent" in stage.acts(thrower)


def test_a_thrown_message_is_kept_for_an_hour(stage: Stage, bring: Bring, run_due: RunDue) -> None:
    bring(WAITS, SENDS)
    begin(stage, "sends", total=3)
    stage.clock.forward(minutes=59)

    key = begin(stage, "waits")
    run_due()

    assert stage.open_tasks(key) == ["after"]


def test_an_id_is_used_once_while_the_message_lives(stage: Stage) -> None:
    def send() -> None:
        with stage.rooms.write() as tools:
            messages.publish(
                tools, "paid", time_to_live=timedelta(minutes=1), message_id="a", variables={},
                actor=SYSTEM, now=stage.clock.now,
            )  # fmt: skip

    send()
    with pytest.raises(MessagePublishedAlready, match="「a」"):
        send()
    stage.clock.forward(minutes=1)
    send()


def test_correlating_for_nobody_keeps_nothing(stage: Stage, bring: Bring) -> None:
    with pytest.raises(MessageNotCorrelated), stage.rooms.write() as tools:
        messages.correlate(
            tools, "paid", correlation_key="1", variables={}, actor=SYSTEM, now=stage.clock.now
        )
    assert stage.rows(Message) == []


def test_who_may_act_on_nothing_sends_nothing(stage: Stage, bring: Bring) -> None:
    bring(WAITS)
    with pytest.raises(EventsForbidden):
        publish(stage, by=stage.cast.stranger)


def test_a_message_reaches_only_what_its_sender_may_act_on(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(WAITS)
    key = begin(stage, "waits")
    assert publish(stage, by=operator).instance_keys == (key,)


@pytest.mark.parametrize("minutes", [-1, 60 * 24 * 367])
def test_a_time_to_live_beyond_reason_is_refused(stage: Stage, minutes: int) -> None:
    with pytest.raises(TimeToLiveInvalid):
        publish(stage, keep=minutes)


def test_the_services_own_variables_are_not_for_senders(stage: Stage) -> None:
    with pytest.raises(VariablesReserved):
        publish(stage, initiator="wang.wei")


def test_a_message_that_could_not_be_brought_is_brought_on_a_retry(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(WAITS)
    key = begin(stage, "waits")
    sound = stage.row(ProcessInstance, key=key)["engine_state"]
    publish(stage)
    stage.break_state(key)
    for _ in range(3):
        run_due()
        stage.clock.forward(hours=1)
    assert stage.row(Job, kind="message")["state"] == "failed"

    with stage.rooms.write() as tools:
        tools.session.execute(
            update(ProcessInstance).where(ProcessInstance.key == key).values(engine_state=sound)
        )
        incident = stage.key(Incident)
        incidents.retry(tools, incident, actor=operator, now=stage.clock.now)
    run_due()

    assert stage.open_tasks(key) == ["after"]
    assert stage.row(ProcessInstance, key=key)["open_incidents"] == 0
