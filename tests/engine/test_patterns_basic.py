"""Control-flow patterns 1 to 5, 11 and 43: how a case goes on, parts, meets again and is over."""

from service.domain.events import InstanceCompleted
from tests.engine.conftest import Play


def test_sequence(pattern: Play) -> None:
    player = pattern("sequence")

    assert player.waiting == ["first"]
    player.complete("first")

    assert player.waiting == ["second"]


def test_parallel_split(pattern: Play) -> None:
    player = pattern("parallel_split")

    assert player.waiting == ["a", "b"]
    player.complete("b")

    assert player.waiting == ["a"]


def test_synchronization(pattern: Play) -> None:
    player = pattern("synchronization")

    player.complete("b")
    assert player.waiting == ["a"]
    player.complete("a")

    assert player.waiting == ["after"]
    assert player.done.count("join") == 1


def test_exclusive_choice(pattern: Play) -> None:
    assert pattern("exclusive_choice", score=60).waiting == ["high"]
    assert pattern("exclusive_choice", score=59).waiting == ["low"]


def test_simple_merge(pattern: Play) -> None:
    for way in ("a", "b"):
        player = pattern("simple_merge", way=way)

        player.complete(way)

        assert player.waiting == ["after"], "nobody waits for the way that was not taken"


def test_implicit_termination(pattern: Play) -> None:
    player = pattern("implicit_termination")

    player.complete("a")
    assert player.ending is None
    player.complete("b")

    assert isinstance(player.ending, InstanceCompleted)


def test_explicit_termination(pattern: Play) -> None:
    player = pattern("explicit_termination")

    player.complete("a")

    assert player.terminated == ["b"]
    assert isinstance(player.ending, InstanceCompleted)
