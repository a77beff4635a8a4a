"""Terminate end events: BPMN 2.0.2, 13.5.6. They end everything in their own scope, at once."""

from service.domain.events import InstanceCompleted, JobOver
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    end_on,
    event_sub,
    flows,
    message,
    multi,
    on,
    parallel,
    service,
    start,
    start_on,
    sub,
    user,
)
from tests.engine.conftest import Play


def race(name: str = "", more: str = "") -> str:
    """Two branches: `stop` leads to a terminate end event, `other` to a plain one."""
    row = flows(f"{name}start", "split", "stop", "kill") + flows("split", "other", f"{name}end")
    inside = start(f"{name}start") + parallel("split") + user("stop") + user("other")
    return inside + end(f"{name}end") + end_on("kill", on("terminate")) + row + more


def test_it_ends_the_process(play: Play) -> None:
    player = play(diagram(race()))

    player.complete("stop")

    assert player.terminated == ["other"]
    assert player.ending == InstanceCompleted(("kill",))


def test_it_ends_its_subprocess_alone_and_that_goes_on(play: Play) -> None:
    way = flows("start", "box", "after", "end")
    player = play(diagram(start(), sub("box", race("in_")), user("after"), end(), way))

    player.complete("stop")

    assert player.terminated == ["other"]
    assert "box" in player.done
    assert player.waiting == ["after"]


def test_it_ends_one_pass_alone(play: Play) -> None:
    box = sub("box", race("in_"), multi("=[1,2]", item="i"))
    player = play(
        diagram(start(), box, user("after"), end(), flows("start", "box", "after", "end"))
    )

    player.complete("stop")
    assert player.waiting == ["other", "stop"]
    player.complete("stop")

    assert player.waiting == ["after"]


def test_it_ends_its_event_subprocess_alone(play: Play) -> None:
    row = flows("rescue_s", "split", "stop", "kill") + flows("split", "other")
    first = start_on("rescue_s", on("message", "help"), interrupting=False)
    inside = first + parallel("split") + user("stop") + user("other")
    last = end_on("kill", on("terminate"))
    rescue = sub("rescue", inside, last, row, triggeredByEvent="true")
    way = flows("start", "work", "end")
    player = play(
        diagram(start(), user("work"), end(), way, rescue, declared=message("help")), id=1
    )
    player.trigger("rescue_s")

    player.complete("stop")

    assert player.terminated == ["other"]
    assert player.waiting == ["work"]
    assert player.awaited == ["rescue_s"]


def test_it_ends_whole_scopes_jobs_and_incidents_with_them(play: Play) -> None:
    row = flows("start", "split", "stop", "kill") + flows("split", "box", "end")
    more = flows("split", "job", "end") + flows("split", "broken", "end")
    box = sub("box", start("s"), user("deep"), end("e"), flows("s", "deep", "e"))
    event = boundary("event", "box", on("timeDuration", "PT1H"))
    last = end_on("kill", on("terminate"))
    tasks = user("stop") + service("job") + user("broken", assignee="=missing")
    player = play(diagram(start(), parallel("split"), tasks, box, event, end(), last, row, more))
    job = player.key_of("job")
    assert player.stuck == ["broken"]

    player.complete("stop")

    assert set(player.terminated) == {"deep", "box", "job", "broken"}
    assert JobOver(job) in player.events
    assert player.ending == InstanceCompleted(("kill",))


def test_it_ends_event_subprocesses_that_run_beside(play: Play) -> None:
    rescue = event_sub("rescue", on("message", "help"), "helper", interrupting=False)
    player = play(diagram(race(), rescue, declared=message("help")), id=1)
    player.trigger("rescue_s")

    player.complete("stop")

    assert player.terminated == ["other", "helper", "rescue"]
    assert player.ending == InstanceCompleted(("kill",))


def test_tokens_that_were_about_to_move_do_not(play: Play) -> None:
    """Both branches are ready at once: what comes after the end event in turn never runs."""
    row = flows("start", "split", "kill") + flows("split", "late", "end")
    last = end_on("kill", on("terminate"))
    player = play(diagram(start(), parallel("split"), last, user("late"), end(), row))

    assert player.waiting == []
    assert player.ending == InstanceCompleted(("kill",))


def test_a_token_that_waits_at_a_join_goes_too(play: Play) -> None:
    row = flows("start", "split", "a", "join", "end") + flows("split", "b", "join")
    more = flows("split", "stop", "kill")
    tasks = user("a") + user("b") + user("stop")
    last = end_on("kill", on("terminate"))
    source = diagram(start(), parallel("split"), tasks, parallel("join"), last, end(), row, more)
    player = play(source)
    player.complete("a")

    player.complete("stop")

    assert player.ending == InstanceCompleted(("kill",))
