"""Control-flow patterns 6 to 8, 33, 37, 38, 41 and 42: several ways, and several threads."""

import pytest

from tests.engine.conftest import Play


@pytest.mark.parametrize("ways", [["a"], ["a", "b"], []])
def test_multi_choice(pattern: Play, ways: list[str]) -> None:
    player = pattern("multi_choice", ways=ways)

    assert player.waiting == (ways or ["c"])


def test_structured_synchronizing_merge(pattern: Play) -> None:
    player = pattern("structured_synchronizing_merge", ways=["a", "b"])

    player.complete("b")
    assert player.waiting == ["a"]
    player.complete("a")
    assert player.waiting == ["after"]

    alone = pattern("structured_synchronizing_merge", ways=["a"])
    alone.complete("a")
    assert alone.waiting == ["after"], "nobody waits for the way that was not taken"


def test_multi_merge(pattern: Play) -> None:
    player = pattern("multi_merge")

    player.complete("a")
    assert player.waiting == ["after", "b"]
    player.complete("b")

    assert player.waiting == ["after", "after"]


def test_generalized_and_join(pattern: Play) -> None:
    player = pattern("generalized_and_join")

    player.complete("a1")
    player.complete("a2")
    assert player.waiting == ["b1", "b2"], "two of one way do not meet each other"
    player.complete("b2")
    assert player.waiting == ["after", "b1"]
    player.complete("b1")

    assert player.waiting == ["after", "after"]


def test_local_synchronizing_merge(pattern: Play) -> None:
    both = pattern("local_synchronizing_merge", wanted=True)
    both.complete("a")
    assert both.waiting == ["b", "d"], "the way by b can still come"
    both.complete("b")
    assert both.waiting == ["after", "d"]

    one = pattern("local_synchronizing_merge", wanted=False)
    one.complete("a")
    assert one.waiting == ["after", "d"], "no token can come to the join by the way of d"


def test_general_synchronizing_merge(pattern: Play) -> None:
    player = pattern("general_synchronizing_merge")

    player.complete("a")
    player.complete("b", answer="again")
    assert player.waiting == ["b"], "it can still come, after another turn"
    player.complete("b", answer="never")

    assert player.waiting == ["after"], "it can come no more"


def test_general_synchronizing_merge_of_a_loop_that_comes_at_last(pattern: Play) -> None:
    player = pattern("general_synchronizing_merge")

    player.complete("b", answer="again")
    player.complete("b", answer="now")
    player.complete("a")

    assert player.waiting == ["after"]
    assert player.done.count("join") == 1


def test_thread_split(pattern: Play) -> None:
    player = pattern("thread_split")

    assert player.waiting == ["work", "work", "work"]
    player.complete("work")

    assert player.waiting == ["work", "work"]


def test_thread_merge(pattern: Play) -> None:
    player = pattern("thread_merge", arrived=0)

    player.complete("work")
    player.complete("work")
    assert player.waiting == ["work"]
    player.complete("work")

    assert player.waiting == ["after"]
    player.complete("after")
    assert player.ending is not None
