"""Control-flow patterns 19, 20 and 25: an activity, a case or a part of it is cancelled."""

from service.domain.events import InstanceCompleted
from tests.engine.conftest import Play


def test_cancelled_activity(pattern: Play) -> None:
    player = pattern("cancelled_activity", id="7")

    player.trigger("stop")

    assert player.terminated == ["work"]
    assert player.waiting == ["instead", "other"]


def test_cancelled_case(pattern: Play) -> None:
    player = pattern("cancelled_case", id="7")

    player.trigger("withdrawn")

    assert sorted(player.terminated) == ["a", "b", "box"]
    assert isinstance(player.ending, InstanceCompleted)


def test_cancelled_region(pattern: Play) -> None:
    player = pattern("cancelled_region", id="7")

    player.complete("a")
    player.trigger("stop")

    assert player.terminated == ["b", "region"]
    assert player.waiting == ["instead", "outside"], "what is not in the region goes on"
