"""Message events: BPMN 2.0.2, 10.5.5; correlation as Camunda 8 means it."""

import pytest

from service.domain.events import (
    EventKind,
    InstanceCompleted,
    MessageThrown,
    Subscribed,
    Unsubscribed,
)
from service.engine import NotWaiting
from tests.engine.builders import (
    catch,
    diagram,
    element,
    end,
    end_on,
    extended,
    flows,
    mapping,
    message,
    on,
    properties,
    receive,
    start,
    throw,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player

DECLARED = message("paid") + message("any", key="")
TASK = '<zeebe:taskDefinition type="send" />'


def waits(element_of: str, declared: str = DECLARED) -> bytes:
    """A process that waits at `wait` and then has a task."""
    way = flows("start", "wait", "after", "end")
    return diagram(start(), element_of, user("after"), end(), way, declared=declared)


def throws(thrower: str, declared: str = DECLARED) -> bytes:
    """A process that throws at `out` and then has a task."""
    way = flows("start", "out", "after", "end")
    return diagram(start(), thrower, user("after"), end(), way, declared=declared)


def waiting(player: Player) -> Subscribed:
    """The one subscription."""
    [one] = player.subscriptions.values()
    return one


CATCHERS = {
    "event": catch("wait", on("message", "paid")),
    "receive task": receive("wait", "paid"),
}


@pytest.mark.parametrize("catcher", CATCHERS.values(), ids=list(CATCHERS))
def test_it_waits_until_its_message_comes(play: Play, catcher: str) -> None:
    player = play(waits(catcher), id="A1")
    told = waiting(player)
    assert (told.kind, told.name, told.correlation_key) == (EventKind.MESSAGE, "paid", "A1")
    assert told.element_instance_key == player.open_at("wait")

    player.trigger("wait", amount=5)

    assert player.waiting == ["after"]
    assert player.variables == {"id": "A1", "amount": 5}
    assert player.awaited == []


@pytest.mark.parametrize("catcher", CATCHERS.values(), ids=list(CATCHERS))
def test_a_message_that_comes_again_meets_nobody(play: Play, catcher: str) -> None:
    player = play(waits(catcher), id="A1")
    key = waiting(player).element_instance_key
    player.trigger("wait")

    with pytest.raises(NotWaiting):
        player.resume().trigger(key, "wait", {})


def test_an_event_that_nobody_waits_for_is_refused(play: Play) -> None:
    player = play(waits(CATCHERS["event"]), id="A1")
    key = player.open_at("wait")

    for who, event, number in ((key, "after", 0), (key, "wait", 1), (1, "wait", 0), (9, "wait", 0)):
        with pytest.raises(NotWaiting):
            player.resume().trigger(who, event, {}, number=number)


@pytest.mark.parametrize(
    ("key", "text"), [(12, "12"), (12.0, "12"), (" A1 ", "A1"), ("1.5", "1.5")]
)
def test_a_key_is_a_text_or_a_whole_number(play: Play, key: object, text: str) -> None:
    player = play(waits(CATCHERS["event"]), id=key)

    assert waiting(player).correlation_key == text


@pytest.mark.parametrize("key", [None, "", True, 1.5, [1], {"a": 1}])
def test_any_other_key_is_an_incident_until_a_retry(play: Play, key: object) -> None:
    player = play(waits(CATCHERS["event"]), id=key)
    assert player.stuck == ["wait"]
    assert player.awaited == []
    player.variables["id"] = "A1"

    player.retry("wait")

    assert waiting(player).correlation_key == "A1"


def test_the_key_is_worked_out_when_the_wait_begins(play: Play) -> None:
    player = play(waits(CATCHERS["event"]), id="A1")

    player.set(id="B2")

    assert waiting(player).correlation_key == "A1"


def test_the_name_may_be_worked_out_and_see_the_inputs(play: Play) -> None:
    declared = message("paid").replace('name="paid"', 'name="=kind"').replace("=id", "=own")
    catcher = catch("wait", extended(mapping(inputs={"own": "=id + 1"})) + on("message", "paid"))
    player = play(waits(catcher, declared), id=1, kind="paid-in-full")

    assert (waiting(player).name, waiting(player).correlation_key) == ("paid-in-full", "2")


def test_a_name_that_is_null_is_an_incident(play: Play) -> None:
    declared = message("paid").replace('name="paid"', 'name="=kind"')
    player = play(waits(CATCHERS["event"], declared), id=1, kind=None)
    assert player.stuck == ["wait"]
    player.variables["kind"] = "paid"

    player.retry("wait")

    assert waiting(player).name == "paid"


def test_output_mappings_say_what_a_message_brings(play: Play) -> None:
    mapped = extended(mapping(outputs={"sum": "=amount + 1"}))
    player = play(waits(catch("wait", mapped + on("message", "paid"))), id=1)

    player.trigger("wait", amount=5, secret=1)

    assert player.variables == {"id": 1, "sum": 6}


def test_what_a_message_brought_is_kept_until_its_mapping_is_mended(play: Play) -> None:
    mapped = extended(mapping(outputs={"sum": "=amount + lacking"}))
    player = play(waits(catch("wait", mapped + on("message", "paid"))), id=1)
    key = player.open_at("wait")
    player.trigger("wait", amount=5)
    assert player.stuck == ["wait"]
    assert player.awaited == []
    with pytest.raises(NotWaiting):
        player.resume().trigger(key, "wait", {"amount": 7})
    player.variables["lacking"] = 1

    player.retry("wait")

    assert player.variables == {"id": 1, "lacking": 1, "sum": 6}


def test_a_catcher_that_ends_from_outside_waits_no_longer(play: Play) -> None:
    player = play(waits(CATCHERS["receive task"]), id=1)
    key = player.open_at("wait")

    player.terminate("wait")

    assert player.events.count(Unsubscribed(key)) == 1
    assert player.ending is not None


def test_one_of_several_messages_is_enough(play: Play) -> None:
    both = on("message", "paid") + on("message", "other")
    player = play(waits(catch("wait", both), message("paid") + message("other")), id=1)
    assert sorted((s.name, s.number) for s in player.subscriptions.values()) == [
        ("other", 1),
        ("paid", 0),
    ]

    player.trigger("wait", number=1)

    assert player.awaited == []
    assert player.waiting == ["after"]


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "sendTask"])
def test_a_message_goes_out_with_what_its_inputs_made(play: Play, tag: str) -> None:
    mapped = mapping(inputs={"amount": "=n * 2"})
    if tag == "sendTask":
        thrower = element(tag, "out", mapped, messageRef="m_paid")
    else:
        thrower = throw("out", on("message", "paid"), mapped)
    player = play(throws(thrower), id="A1", n=4)

    [sent] = player.sent
    assert isinstance(sent, MessageThrown)
    assert (sent.name, sent.correlation_key, sent.element_id) == ("paid", "A1", "out")
    assert sent.variables == {"amount": 8}
    assert sent.time_to_live == 3600
    assert player.variables == {"id": "A1", "n": 4}
    assert player.waiting == ["after"]


def test_a_message_goes_out_at_the_end(play: Play) -> None:
    last = end_on("last", on("message", "paid"))
    player = play(diagram(start(), last, flows("start", "last"), declared=DECLARED), id="A1")

    [sent] = player.sent
    assert sent.element_id == "last"
    assert player.ending == InstanceCompleted(("last",))


def test_how_long_a_message_is_kept_is_a_setting(play: Play) -> None:
    kept = throw("out", on("message", "paid"), properties(message_ttl="P1DT1H"))
    player = play(throws(kept), id="A1")

    [sent] = player.sent
    assert isinstance(sent, MessageThrown)
    assert sent.time_to_live == 25 * 3600


def test_a_message_without_a_declared_key_goes_out_with_none(play: Play) -> None:
    player = play(throws(throw("out", on("message", "any"))))

    [sent] = player.sent
    assert isinstance(sent, MessageThrown)
    assert sent.correlation_key == ""


def test_a_message_that_cannot_go_out_is_an_incident_and_goes_out_once(play: Play) -> None:
    player = play(throws(throw("out", on("message", "paid"))))
    assert player.stuck == ["out"]
    assert player.sent == []
    player.variables["id"] = "A1"

    player.retry("out")

    assert len(player.sent) == 1
    assert player.waiting == ["after"]


def test_a_message_is_not_sent_again_when_what_follows_is_retried(play: Play) -> None:
    mapped = mapping(outputs={"sum": "=lacking + 1"})
    player = play(throws(throw("out", on("message", "paid"), mapped)), id=1)
    assert player.stuck == ["out"]
    player.variables["lacking"] = 1

    player.retry("out")

    assert len(player.sent) == 1
    assert player.variables["sum"] == 2


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "sendTask"])
def test_one_with_a_task_type_is_sent_by_a_job(play: Play, tag: str) -> None:
    if tag == "sendTask":
        thrower = element(tag, "out", TASK)
    else:
        thrower = throw("out", on("message", "paid"), TASK)
    player = play(throws(thrower))
    assert player.waiting == ["out"]
    assert player.sent == []

    player.complete("out")

    assert player.waiting == ["after"]


def test_an_end_event_with_a_task_type_ends_when_its_job_is_done(play: Play) -> None:
    last = end_on("last", on("message", "paid"), TASK)
    player = play(diagram(start(), last, flows("start", "last"), declared=DECLARED))
    assert player.waiting == ["last"]

    player.complete("last")

    assert player.ending == InstanceCompleted(("last",))
