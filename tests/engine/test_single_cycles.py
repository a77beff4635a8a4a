"""A cycle at an event that happens once: its first time counts. BPMN 2.0.2, table 10.101."""

import pytest

from tests.engine.builders import (
    boundary,
    catch,
    diagram,
    end,
    event_gateway,
    flows,
    on,
    start,
    user,
)
from tests.engine.conftest import Play


@pytest.mark.parametrize("cycle", ["R/PT5M", "R3/PT5M", "0 * * * *"])
def test_a_cycle_that_interrupts_fires_once(play: Play, cycle: str) -> None:
    late = boundary("late", "work", on("timeCycle", cycle))
    ways = flows("start", "work", "end") + flows("late", "after", "end")
    player = play(diagram(start(), user("work"), late, user("after"), end(), ways))

    player.trigger("late")

    assert player.waiting == ["after"]
    assert player.awaited == []


def test_a_cycle_behind_an_event_gateway_fires_once(play: Play) -> None:
    events = catch("often", on("timeCycle", "R/PT5M")) + catch("late", on("timeDuration", "P1D"))
    ways = flows("start", "pick", "often", "after", "end") + flows("pick", "late", "end")
    player = play(diagram(start(), event_gateway("pick"), events, user("after"), end(), ways))

    player.trigger("often")

    assert player.waiting == ["after"]
    assert player.awaited == []


def test_a_cycle_at_a_catch_event_fires_once(play: Play) -> None:
    event = catch("wait", on("timeCycle", "R/PT5M"))
    player = play(diagram(start(), event, end(), flows("start", "wait", "end")))

    player.trigger("wait")

    assert player.ending is not None
    assert player.awaited == []
