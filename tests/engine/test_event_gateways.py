"""Event based gateways: BPMN 2.0.2, 10.6.6 and 13.4.4. The first of the events behind one wins."""

from datetime import timedelta

import pytest

from service.domain.events import ElementActivated, Unsubscribed
from service.engine import NotWaiting
from tests.engine.builders import (
    catch,
    declare,
    diagram,
    end,
    event_gateway,
    flow,
    flows,
    message,
    on,
    parallel,
    receive,
    start,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import NOW

DECLARED = message("paid") + message("gone") + declare("signal", "x")


def choice(*catchers: str, names: tuple[str, str] = ("one", "two")) -> bytes:
    """A gateway before two events, with a task behind each."""
    ways = "".join(flows("gate", name, f"after_{name}", "end") for name in names)
    tasks = "".join(user(f"after_{name}") for name in names)
    gate = event_gateway("gate")
    first = flows("start", "gate")
    return diagram(start(), gate, *catchers, tasks, end(), first, ways, declared=DECLARED)


def test_two_timers_have_a_due_time_each(play: Play) -> None:
    """Stock: both share one."""
    late, later = catch("one", on("timeDuration", "PT5M")), catch("two", on("timeDuration", "PT1H"))
    player = play(choice(late, later))

    due = {one.element_id: one.due_at for one in player.subscriptions.values()}

    assert due == {"one": NOW + timedelta(minutes=5), "two": NOW + timedelta(hours=1)}
    player.trigger("two")
    assert player.waiting == ["after_two"]
    assert player.awaited == []


KINDS = {
    "message": on("message", "paid"),
    "signal": on("signal", "x"),
    "timer": on("timeDate", "2027-01-01T00:00:00Z"),
    "duration": on("timeDuration", "PT1H"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_event_that_happens_wins_and_the_other_is_over(play: Play, kind: str) -> None:
    player = play(choice(catch("one", KINDS[kind]), catch("two", on("message", "gone"))), id=1)
    key = player.open_at("gate")
    assert player.awaited == ["one", "two"]

    player.trigger("one", n=1)

    assert player.waiting == ["after_one"]
    assert player.events.count(Unsubscribed(key)) == 1
    assert player.variables == {"id": 1, "n": 1}
    assert player.done == ["start", "gate", "one"]
    assert player.taken == ["start_gate", "gate_one", "one_after_one"]
    with pytest.raises(NotWaiting):
        player.resume().trigger(key, "two", {})


def test_receive_tasks_stand_behind_one_as_well(play: Play) -> None:
    player = play(choice(receive("one", "paid"), receive("two", "gone")), id=1)

    player.trigger("two", n=1)

    assert player.waiting == ["after_two"]
    assert player.done == ["start", "gate", "two"]


def test_a_condition_behind_one_is_watched(play: Play) -> None:
    events = catch("one", on("conditional", "=ready")), catch("two", on("timeDuration", "PT1H"))
    player = play(choice(*events), ready=False)
    assert player.awaited == ["two"]

    player.set(ready=True)

    assert player.waiting == ["after_one"]
    assert player.awaited == []


def test_a_condition_that_already_holds_wins_at_once(play: Play) -> None:
    events = catch("one", on("conditional", "=ready")), catch("two", on("timeDuration", "PT1H"))
    player = play(choice(*events), ready=True)

    assert player.waiting == ["after_one"]


def test_one_that_cannot_wait_waits_for_nothing_until_a_retry(play: Play) -> None:
    player = play(choice(catch("one", KINDS["duration"]), catch("two", on("message", "paid"))))
    assert player.stuck == ["gate"]
    assert player.awaited == []
    player.variables["id"] = "A1"

    player.retry("gate")

    assert player.awaited == ["one", "two"]


def test_in_a_loop_it_waits_anew_each_time(play: Play) -> None:
    events = catch("one", on("timeDuration", "PT5M")) + catch("two", on("message", "paid"))
    ways = flows("start", "gate", "one", "work") + flow("back", "work", "gate")
    more = flows("gate", "two", "end")
    source = diagram(
        start(), event_gateway("gate"), events, user("work"), end(), ways, more, declared=DECLARED
    )
    player = play(source, id=1)

    for turn in range(1, 4):
        player.trigger("one")
        player.complete("work")
        due = [s.due_at for s in player.subscriptions.values() if s.element_id == "one"]
        assert due == [NOW + timedelta(minutes=5 * (turn + 1))]

    player.trigger("two")
    assert player.ending is not None


def test_two_tokens_at_one_gateway_wait_by_themselves(play: Play) -> None:
    events = catch("one", on("message", "paid")) + catch("two", on("message", "gone"))
    ways = flows("start", "split", "a", "gate") + flows("split", "b", "gate")
    more = flows("gate", "one", "end") + flows("gate", "two", "end")
    gates = parallel("split") + event_gateway("gate")
    source = diagram(
        start(), gates, user("a"), user("b"), events, end(), ways, more, declared=DECLARED
    )
    player = play(source, id=1)
    player.complete("a")
    player.complete("b")
    assert player.awaited == ["one", "one", "two", "two"]

    player.trigger("one")
    assert player.awaited == ["one", "two"]
    player.trigger("two")

    assert player.ending is not None


def test_one_that_ends_from_outside_waits_for_nothing(play: Play) -> None:
    player = play(choice(catch("one", KINDS["duration"]), catch("two", KINDS["message"])), id=1)

    player.cancel()

    assert player.awaited == []
    assert player.terminated == ["gate"]


def test_the_gateway_is_done_before_the_event_begins(play: Play) -> None:
    player = play(choice(catch("one", KINDS["duration"]), catch("two", KINDS["message"])), id=1)
    before = len(player.events)

    player.trigger("one")

    told = [type(e).__name__ for e in player.events[before:]]
    assert told[:4] == [
        "Unsubscribed",
        "ElementCompleted",
        "SequenceFlowTaken",
        "ElementActivated",
    ]
    begun = [e for e in player.events[before:] if isinstance(e, ElementActivated)]
    assert [e.element_id for e in begun] == ["one", "after_one"]
