"""Boundary events: BPMN 2.0.2, 10.5.4 and 13.5.3, on each kind of activity."""

import pytest

from service.domain.events import (
    ElementCompleted,
    Unsubscribed,
)
from service.engine import NotWaiting
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    flow,
    flows,
    inner,
    on,
    parallel,
    rule,
    script,
    start,
    sub,
    user,
)
from tests.engine.catchers import ACTIVITIES, DECLARED, hosted
from tests.engine.conftest import Play

EVENTS = [("message", "help"), ("signal", "x"), ("timeDuration", "PT1H"), ("timeCycle", "R/PT1H")]


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=list(ACTIVITIES))
@pytest.mark.parametrize(("kind", "name"), EVENTS)
def test_one_that_interrupts_ends_its_activity(
    play: Play, activity: str, kind: str, name: str
) -> None:
    player = play(hosted(activity, on(kind, name)), id=1)

    player.trigger("event")

    assert player.terminated[-1] == "act"
    assert player.waiting == ["handler"]
    assert player.awaited == []
    player.complete("handler")
    assert player.ending is not None


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=list(ACTIVITIES))
@pytest.mark.parametrize(("kind", "name"), EVENTS)
def test_one_that_does_not_interrupt_leaves_its_activity_alone(
    play: Play, activity: str, kind: str, name: str
) -> None:
    player = play(hosted(activity, on(kind, name), interrupting=False), id=1)
    before = set(player.open)

    player.trigger("event")

    assert player.terminated == []
    assert before <= set(player.open)
    assert "handler" in player.waiting


@pytest.mark.parametrize("activity", ACTIVITIES.values(), ids=list(ACTIVITIES))
@pytest.mark.parametrize("interrupting", [True, False])
def test_one_for_a_condition(play: Play, activity: str, interrupting: bool) -> None:
    source = hosted(activity, on("conditional", "=late"), interrupting=interrupting)
    player = play(source, id=1, late=False)
    assert "handler" not in player.waiting

    player.set(late=True)

    assert "handler" in player.waiting
    assert ("act" in player.terminated) is interrupting


def test_what_waited_at_the_border_is_told_to_stop_with_the_activity(play: Play) -> None:
    player = play(hosted(user("act"), on("message", "help")), id=1)
    key = player.open_at("act")

    player.complete("act")

    assert player.events.count(Unsubscribed(key)) == 1
    assert player.awaited == []
    with pytest.raises(NotWaiting):
        player.resume().trigger(key, "event", {})


def test_one_that_was_triggered_is_no_longer_waited_for(play: Play) -> None:
    player = play(hosted(user("act"), on("message", "help")), id=1)
    key = player.open_at("act")

    player.trigger("event")

    with pytest.raises(NotWaiting):
        player.resume().trigger(key, "event", {})
    with pytest.raises(NotWaiting):
        player.resume().complete(key, {})


def test_a_task_without_work_of_its_own_waits_for_nothing(play: Play) -> None:
    source = hosted(script("act", "=1"), on("message", "help"))
    player = play(source, id=1)

    assert player.waiting == ["after"]
    assert not any(isinstance(e, Unsubscribed) for e in player.events)


def test_a_message_at_the_border_is_met_as_often_as_it_comes(play: Play) -> None:
    """Stock: it reacts once only."""
    player = play(hosted(user("act"), on("message", "help"), interrupting=False), id=1)

    for _ in range(3):
        player.trigger("event")

    assert player.waiting == ["act", "handler", "handler", "handler"]


def test_the_task_of_a_cycle_stays_when_its_host_is_done(play: Play) -> None:
    """Stock: it is deleted then."""
    player = play(hosted(user("act"), on("timeCycle", "R/PT1H"), interrupting=False))
    player.trigger("event")

    player.complete("act")

    assert player.waiting == ["after", "handler"]
    player.complete("after")
    player.complete("handler")
    assert player.ending is not None


def test_several_at_one_border_stop_together(play: Play) -> None:
    events = boundary("late", "act", on("timeDuration", "PT1H")) + boundary(
        "told", "act", on("message", "help"), interrupting=False
    )
    player = play(
        diagram(
            start(),
            user("act"),
            events,
            user("handler"),
            end(),
            flows("start", "act", "end") + flows("late", "handler") + flows("told", "handler"),
            declared=DECLARED,
        ),
        id=1,
    )
    player.trigger("told")
    assert player.awaited == ["late", "told"]

    player.trigger("late")

    assert player.awaited == []
    assert player.waiting == ["handler", "handler"]


def test_what_a_message_brings_goes_where_its_mappings_say(play: Play) -> None:
    player = play(hosted(user("act"), on("message", "help")), id=1)

    player.trigger("event", who="lin")

    assert player.variables == {"id": 1, "who": "lin"}


def test_what_is_inside_ends_before_the_host(play: Play) -> None:
    deep = sub("outer", start("s"), inner("box", "work"), end("e"), flows("s", "box", "e"))
    player = play(
        diagram(
            start(),
            deep,
            boundary("event", "outer", on("message", "help")),
            end(),
            flows("start", "outer", "end") + flows("event", "end"),
            declared=DECLARED,
        ),
        id=1,
    )

    player.trigger("event")

    assert player.terminated == ["work", "box", "outer"]
    assert player.ending is not None


def test_a_decision_that_failed_can_be_interrupted(play: Play) -> None:
    player = play(hosted(rule("act", "=missing"), on("message", "help")), id=1)
    assert player.stuck == ["act"]

    player.trigger("event")

    assert player.waiting == ["handler"]


def test_a_signal_thrown_inside_interrupts_what_threw_it(play: Play) -> None:
    """Signals come back from outside: the thrower is through by then, its brother is not."""
    row = flows("s", "split", "a", "e") + flows("split", "thrown")
    thrown = f'<bpmn:endEvent id="thrown">{on("signal", "x")}</bpmn:endEvent>'
    box = sub("act", start("s"), parallel("split"), user("a"), thrown, end("e"), row)
    player = play(hosted(box, on("signal", "x")))

    player.deliver()

    assert player.terminated == ["a", "act"]
    assert player.waiting == ["handler"]


def test_one_in_a_loop_waits_anew_each_time(play: Play) -> None:
    back = flow("back", "event", "act")
    player = play(
        diagram(
            start(),
            user("act"),
            boundary("event", "act", on("timeDuration", "PT1H")),
            end(),
            flows("start", "act", "end"),
            back,
        )
    )
    first = next(iter(player.subscriptions.values())).due_at

    for _ in range(3):
        player.trigger("event")

    [waiting] = player.subscriptions.values()
    assert first is not None
    assert waiting.due_at is not None
    assert (waiting.due_at - first).total_seconds() == 3 * 3600
    assert player.waiting == ["act"]


def test_the_event_is_told_after_its_host_has_ended(play: Play) -> None:
    player = play(hosted(user("act"), on("message", "help")), id=1)
    before = len(player.events)

    player.trigger("event")

    told = [type(e).__name__ for e in player.events[before:]]
    assert told.index("ElementTerminated") < told.index("ElementActivated")
    ended = [e for e in player.events[before:] if isinstance(e, ElementCompleted)]
    assert [e.element_id for e in ended] == ["event"]
