"""Joins that can never fire: an incident names them and what they miss. BPMN 2.0.2, 13.4.1, 13.4.3.

The standard lets such an instance wait for ever; whoever is responsible must learn of it.
"""

import json

from service.domain.events import IncidentRaised, IncidentType
from tests.engine.builders import (
    boundary,
    catch,
    declare,
    diagram,
    end,
    event_sub,
    exclusive,
    flow,
    flows,
    on,
    parallel,
    start,
    sub,
    user,
)
from tests.engine.conftest import Play
from tests.engine.player import Player

SIGNAL = declare("signal", "x")


def process(*elements: str) -> bytes:
    return diagram(*elements, declared=SIGNAL)


def one_of_two() -> str:
    """Only one of two is chosen, before a parallel join that wants both."""
    turn = flow("to_a", "pick", "a", "=not(wrong)") + flow("to_b", "pick", "b", "=wrong")
    ways = flows("a", "join", "after", "end") + flows("b", "join")
    gates = exclusive("pick") + parallel("join", name="汇合审核")
    return gates + user("a") + user("b", name="人事审核") + user("after") + end() + turn + ways


def told(player: Player, element_id: str) -> str:
    """What the incident at this element says."""
    [one] = [one for one in player.incidents.values() if one.element_id == element_id]
    assert one.failure.type is IncidentType.UNKNOWN
    return one.failure.message


def test_a_parallel_join_that_misses_a_branch_is_an_incident(play: Play) -> None:
    player = play("vain_parallel_join.bpmn", wrong=False)
    assert player.stuck == []

    player.complete("a")

    assert player.stuck == ["join"]
    assert "「汇合审核」在等从「人事审核」（b_join）来的分支" in told(player, "join")
    assert player.ending is None


def test_inclusive_joins_that_wait_for_each_other_are_incidents(play: Play) -> None:
    """Each waits for a token that could still come from the other."""
    player = play("inclusive_joins_in_vain.bpmn")
    player.complete("a")
    assert player.stuck == []

    player.complete("b")

    assert player.stuck == ["left", "right"]
    assert "「左汇合」、「右汇合」" in told(player, "left")
    assert "「左汇合」、「右汇合」" in told(player, "right")


def test_a_retry_finds_it_in_vain_again(play: Play) -> None:
    player = play("vain_parallel_join.bpmn", wrong=False)
    player.complete("a")

    player.retry("join")

    assert player.stuck == ["join"]
    assert player.done.count("join") == 0


def test_it_is_told_once_however_much_else_happens(play: Play) -> None:
    es = event_sub("told", on("signal", "x"), "help", interrupting=False)
    player = play(process(start(), one_of_two(), flows("start", "pick"), es), wrong=False)
    player.complete("a")

    player.trigger("told_s")
    player.complete("help")

    assert player.stuck == ["join"]
    assert sum(isinstance(one, IncidentRaised) for one in player.events) == 1


def test_nobody_is_told_while_somebody_may_still_come(play: Play) -> None:
    ways = flows("start", "fork", "pick") + flows("fork", "slow", "b")
    player = play(process(start(), parallel("fork"), user("slow"), one_of_two(), ways), wrong=False)

    player.complete("a")
    assert player.stuck == []
    player.complete("slow")
    player.complete("b")

    assert player.waiting == ["after"]


def test_nobody_is_told_while_another_branch_may_end_it_all(play: Play) -> None:
    ways = flows("start", "fork", "pick") + flows("fork", "other", "over")
    over = '<bpmn:endEvent id="over"><bpmn:terminateEventDefinition /></bpmn:endEvent>'
    gates = parallel("fork") + user("other") + over
    player = play(process(start(), gates, one_of_two(), ways), wrong=False)
    player.complete("a")
    assert player.stuck == []

    player.complete("other")

    assert player.ending is not None


def test_a_timer_that_is_waited_for_may_still_bring_it(play: Play) -> None:
    ways = flows("start", "fork", "pick") + flows("fork", "later", "b")
    later = catch("later", on("timeDuration", "P1D"))
    player = play(process(start(), parallel("fork"), later, one_of_two(), ways), wrong=False)
    player.complete("a")
    assert player.stuck == []

    player.trigger("later")
    player.complete("b")

    assert player.waiting == ["after"]


def test_in_a_subprocess_it_is_told_while_the_rest_goes_on(play: Play) -> None:
    """The subprocess can never end by itself; an event at its border still ends it."""
    box = sub("box", start("in"), one_of_two(), flows("in", "pick"))
    late = boundary("late", "box", on("timeDuration", "P1D"))
    ways = flows("start", "fork", "box", "done") + flows("fork", "other", "done")
    more = user("other") + user("late_task") + end("done") + flows("late", "late_task", "done")
    player = play(process(start(), parallel("fork"), box, late, more, ways), wrong=False)
    player.complete("a")
    assert player.stuck == ["join"]
    assert player.waiting == ["other"]

    player.trigger("late")

    assert player.stuck == []
    assert player.waiting == ["late_task", "other"]


def test_excess_tokens_that_are_left_over_are_told(play: Play) -> None:
    """Two tokens came by one flow and one by the other: the join fired once, one is left."""
    player = play("excess_tokens.bpmn")
    for name in ("fast", "fast", "slow"):
        player.complete(name)
    player.terminate("slow")
    assert player.stuck == []

    player.complete("after")

    assert player.stuck == ["join"]


def test_cancelling_resolves_it(play: Play) -> None:
    player = play("vain_parallel_join.bpmn", wrong=False)
    player.complete("a")

    player.cancel()

    assert player.stuck == []
    assert player.terminated == ["join"]


def test_a_branch_that_somebody_moves_there_is_joined(play: Play) -> None:
    """As moving a token from outside does: the incident is over when the join fires after all."""
    player = play("vain_parallel_join.bpmn", wrong=False)
    player.complete("a")
    saved = json.loads(player.state)
    saved["t"].append(["b", "a", 0, None, "to_b"])
    player.state = json.dumps(saved)
    player.play(player.resume())

    player.complete("b")

    assert player.stuck == []
    assert player.waiting == ["after"]
    assert (player.done.count("join"), player.terminated) == (1, ["join"])
