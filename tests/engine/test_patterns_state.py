"""Control-flow patterns 16 to 18, 39 and 40: what may be done depends on the state of the case."""

import pytest

from tests.engine.conftest import Play
from tests.engine.player import Player


def test_deferred_choice(pattern: Play) -> None:
    player = pattern("deferred_choice", id="7")

    assert player.awaited == ["late", "paid"]
    player.trigger("paid")

    assert player.waiting == ["ship"]
    assert player.awaited == [], "the first event withdraws the other"


def choose(player: Player, task: str) -> None:
    """The person chooses what is done next, and it is all that is there to be done."""
    assert player.waiting == ["choose"]
    player.complete("choose", next=task)
    assert player.waiting == [task]
    player.complete(task)


def test_interleaved_parallel_routing(pattern: Play) -> None:
    player = pattern("interleaved_parallel_routing", finished=[])

    player.complete("choose", next="b")
    assert player.waiting == ["choose"], "b comes after a"
    for task in ("c", "a", "b"):
        choose(player, task)

    assert player.ending is not None
    assert player.variables["finished"] == ["c", "a", "b"]


@pytest.mark.parametrize("order", ["abc", "cab", "bca"])
def test_interleaved_routing(pattern: Play, order: str) -> None:
    player = pattern("interleaved_routing", finished=[])

    choose(player, order[0])
    player.complete("choose", next=order[0])
    assert player.waiting == ["choose"], "each is done once"
    choose(player, order[1])
    choose(player, order[2])

    assert player.ending is not None


def test_milestone(pattern: Play) -> None:
    player = pattern("milestone", id="7")

    assert player.awaited == []
    player.complete("draft")
    player.trigger("amend")
    player.trigger("amend")
    assert player.waiting == ["amendment", "amendment", "open"]
    player.complete("open")

    assert player.awaited == [], "the milestone is past; what had begun is still done"
    assert player.waiting == ["after", "amendment", "amendment"]


@pytest.mark.parametrize(("first", "second"), ["ab", "ba"])
def test_critical_section(pattern: Play, first: str, second: str) -> None:
    player = pattern("critical_section", queue=[], left=2)

    player.complete(f"{first}_before")
    player.complete(f"{second}_before")
    assert player.waiting == [f"{first}_inside"], "only one is in its section"
    player.complete(f"{first}_inside")
    assert player.waiting == sorted([f"{first}_after", f"{second}_inside"])
    player.complete(f"{second}_inside")
    player.complete("a_after")
    player.complete("b_after")

    assert player.ending is not None
