"""Boundary events: BPMN 2.0, 10.5.4 and 13.5.3, on each kind of activity."""

import pytest

from service.domain.events import (
    CallOver,
    ElementCompleted,
    Failure,
    IncidentType,
    JobOver,
    Unsubscribed,
    UserTaskEnded,
)
from service.engine import NotWaiting
from tests.engine.builders import (
    boundary,
    call,
    declare,
    diagram,
    end,
    flow,
    flows,
    inner,
    mapping,
    message,
    multi,
    on,
    parallel,
    receive,
    rule,
    script,
    service,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play

DECLARED = (
    message("help")
    + message("order")
    + "".join(declare(kind, "x") for kind in ("signal", "error", "escalation"))
)
FAILED = Failure(IncidentType.JOB_NO_RETRIES, "不可用")

ACTIVITIES = {
    "user": user("act"),
    "service": service("act"),
    "receive": receive("act", "order"),
    "subprocess": inner("act", "work"),
    "call": call("act"),
    "multi_instance": inner("act", "work", more=multi("=[1,2,3]", item="i")),
    "sequence": inner("act", "work", more=multi("=[1,2,3]", item="i", sequential=True)),
}

EVENTS = [("message", "help"), ("signal", "x"), ("timeDuration", "PT1H"), ("timeCycle", "R/PT1H")]


def hosted(activity: str, definition: str, *, interrupting: bool = True) -> bytes:
    """An activity `act` with an event at its border that leads to a task."""
    return diagram(
        start(),
        activity,
        boundary("event", "act", definition, interrupting=interrupting),
        user("handler"),
        user("after"),
        end(),
        flows("start", "act", "after", "end") + flows("event", "handler", "end"),
        declared=DECLARED,
    )


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


def test_a_parked_job_is_over_with_its_activity(play: Play) -> None:
    player = play(hosted(service("act"), on("timeDuration", "PT1H")))
    key = player.open_at("act")

    player.trigger("event")

    assert JobOver(key) in player.events


def test_a_person_s_task_is_cancelled(play: Play) -> None:
    player = play(hosted(user("act"), on("timeDuration", "PT1H")))
    key = player.open_at("act")

    player.trigger("event")

    assert UserTaskEnded(key, cancelled=True) in player.events


def test_a_called_instance_is_over_with_its_activity(play: Play) -> None:
    player = play(hosted(call("act"), on("timeDuration", "PT1H")))
    key = player.open_at("act")

    player.trigger("event")

    assert CallOver(key) in player.events


def test_an_activity_with_an_incident_can_be_interrupted(play: Play) -> None:
    source = hosted(service("act"), on("timeDuration", "PT1H"))
    player = play(source, work=lambda due: FAILED)
    assert player.stuck == ["act"]

    player.trigger("event")

    assert player.stuck == []
    assert player.waiting == ["handler"]


def test_a_condition_interrupts_an_activity_with_an_incident(play: Play) -> None:
    source = hosted(service("act"), on("conditional", "=late"))
    player = play(source, work=lambda due: FAILED, late=False)
    assert player.stuck == ["act"]

    player.set(late=True)

    assert player.stuck == []
    assert player.waiting == ["handler"]


@pytest.mark.parametrize(("kind", "name"), [("timeDuration", "PT1H"), ("conditional", "=late")])
def test_a_call_that_failed_still_waits_at_its_border_and_once(
    play: Play, kind: str, name: str
) -> None:
    player = play(hosted(call("act"), on(kind, name)), late=False)
    execution = player.resume()
    execution.fail(player.key_of("act"), FAILED)
    player.play(execution)
    player.calls.clear()
    awaited = player.awaited

    player.retry("act")
    assert player.awaited == awaited
    execution = player.resume()
    execution.fail(player.key_of("act"), FAILED)
    player.play(execution)
    player.calls.clear()

    if kind == "conditional":
        player.set(late=True)
    else:
        player.trigger("event")
    assert player.stuck == []
    assert player.waiting == ["handler"]


def test_an_activity_that_could_not_begin_waits_for_nothing(play: Play) -> None:
    source = hosted(user("act", assignee="=missing"), on("message", "help"))
    player = play(source, id=1)
    assert player.stuck == ["act"]
    assert player.awaited == []
    player.variables["missing"] = "lin"

    player.retry("act")

    assert player.awaited == ["event"]


def test_a_key_that_is_null_holds_the_activity_until_a_retry(play: Play) -> None:
    """The key is worked out when the wait begins."""
    player = play(hosted(user("act"), on("message", "help")))
    assert player.stuck == ["act"]
    assert player.waiting == []
    player.variables["id"] = "A1"

    player.retry("act")

    [waiting] = player.subscriptions.values()
    assert (waiting.name, waiting.correlation_key) == ("help", "A1")
    player.variables["id"] = "A2"
    assert waiting.correlation_key == "A1"


def test_what_is_done_in_time_stays_done_though_its_mapping_fails(play: Play) -> None:
    """The deadline is over when the work is: an incident of ours takes nobody's answer away."""
    task = user("act", extensions=mapping(outputs={"sum": "=given + lacking"}))
    player = play(hosted(task, on("timeDuration", "PT1H")))
    key = player.open_at("act")

    player.complete("act", given=1)

    assert player.stuck == ["act"]
    assert player.awaited == []
    with pytest.raises(NotWaiting):
        player.resume().trigger(key, "event", {})
    player.variables["lacking"] = 1
    player.retry("act")
    assert player.variables["sum"] == 2
    assert player.waiting == ["after"]


def test_an_event_at_the_border_ends_all_passes(play: Play) -> None:
    """Stock: interrupting a multi-instance subprocess breaks the instance."""
    player = play(hosted(ACTIVITIES["multi_instance"], on("message", "help")), id=1)
    player.complete("work")

    player.trigger("event")

    assert player.terminated == ["work", "act", "work", "act", "act"]
    player.complete("handler")
    assert player.ending is not None


def test_it_waits_once_for_all_passes(play: Play) -> None:
    player = play(hosted(ACTIVITIES["sequence"], on("timeDuration", "PT1H")))

    player.complete("work")
    player.complete("work")

    assert player.awaited == ["event"]


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
