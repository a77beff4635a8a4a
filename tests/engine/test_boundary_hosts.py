"""What becomes of an activity with an event at its border: its work, its incidents, its passes."""

import pytest

from service.domain.events import (
    CallOver,
    Failure,
    IncidentType,
    JobOver,
    UserTaskEnded,
)
from service.engine import NotWaiting
from tests.engine.builders import (
    call,
    mapping,
    on,
    service,
    user,
)
from tests.engine.catchers import ACTIVITIES, hosted
from tests.engine.conftest import Play

FAILED = Failure(IncidentType.JOB_NO_RETRIES, "不可用")


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
