"""Control-flow patterns 10, 21 and 22: what is done again."""

from tests.engine.conftest import Play
from tests.engine.player import Player


def test_arbitrary_cycles(pattern: Play) -> None:
    player = pattern("arbitrary_cycles", entry="b", stop=False)

    player.complete("b", back="b")
    player.complete("b", back="a")
    assert player.waiting == ["a"], "the cycle has two ways in"
    player.complete("a")
    player.complete("b", back="")

    assert player.ending is not None
    assert [one for one in player.done if one in "ab"] == ["b", "b", "a", "b"]


def test_arbitrary_cycles_have_two_ways_out(pattern: Play) -> None:
    player = pattern("arbitrary_cycles", entry="a", stop=True)

    player.complete("a")

    assert player.done[-1] == "end_a"


def test_structured_loop(pattern: Play) -> None:
    player = pattern("structured_loop", again=True)

    player.complete("while")
    player.complete("while", again=False)
    assert player.waiting == ["until"], "it is done once, whatever its condition"
    player.complete("until", again=True)
    player.complete("until", again=False)

    assert player.ending is not None
    never = pattern("structured_loop", again=False)
    assert never.waiting == ["until"], "the test before it let it be done not once"


def test_recursion(pattern: Play) -> None:
    levels: list[Player] = [pattern("recursion", n=4)]
    while levels[-1].calls:
        [called] = levels[-1].calls.values()
        assert called.process_id == "recursion"
        levels.append(pattern(called.process_id, **called.variables))
    assert len(levels) == 4
    while len(levels) > 1:
        inner = levels.pop()
        levels[-1].complete("deeper", **inner.variables)

    assert levels[0].variables["product"] == 24
    assert levels[0].ending is not None
