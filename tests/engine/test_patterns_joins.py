"""Control-flow patterns 9 and 28 to 32: joins that do not wait for everybody."""

from tests.engine.conftest import Play


def test_structured_discriminator(pattern: Play) -> None:
    player = pattern("structured_discriminator", another_round=False)

    player.complete("b")
    assert player.waiting == ["a", "after"], "the first lets it go on; the other is still done"
    player.complete("a")
    assert player.waiting == ["after"], "the other lets nothing through"
    player.complete("after")

    assert player.ending is not None
    assert player.terminated == []


def test_structured_discriminator_resets_when_all_have_come(pattern: Play) -> None:
    player = pattern("structured_discriminator", another_round=True)

    player.complete("a")
    player.complete("b")
    assert player.waiting == ["a", "after", "b"]
    player.complete("b")

    assert player.waiting == ["a", "after", "after"]


def test_blocking_discriminator(pattern: Play) -> None:
    player = pattern("blocking_discriminator")

    player.complete("a1")
    assert player.waiting == ["a2", "after", "b1", "b2"]
    player.complete("a2")
    assert player.waiting.count("after") == 1, "it is blocked until the other way has come too"
    player.complete("b1")
    assert player.waiting.count("after") == 2, "it is open again, and the blocked one is the first"
    player.complete("b2")

    assert player.waiting == ["after", "after"]
    player.complete("after")
    player.complete("after")
    assert player.ending is not None


def test_cancelling_discriminator(pattern: Play) -> None:
    player = pattern("cancelling_discriminator")

    player.complete("b")

    assert player.waiting == ["after"]
    assert player.terminated == ["a"]


def test_structured_partial_join(pattern: Play) -> None:
    player = pattern("structured_partial_join", another_round=False)

    player.complete("c")
    assert player.waiting == ["a", "b"]
    player.complete("a")
    assert player.waiting == ["after", "b"]
    player.complete("b")

    assert player.waiting == ["after"]
    assert player.terminated == []


def test_structured_partial_join_resets_when_all_have_come(pattern: Play) -> None:
    player = pattern("structured_partial_join", another_round=True)

    for branch in ("a", "b", "c", "a"):
        player.complete(branch)
    assert player.waiting.count("after") == 1
    player.complete("c")

    assert player.waiting == ["after", "after", "b"]


def test_blocking_partial_join(pattern: Play) -> None:
    player = pattern("blocking_partial_join")

    player.complete("a1")
    player.complete("a2")
    assert "after" not in player.waiting, "two of one way count as one"
    player.complete("b1")
    assert player.waiting.count("after") == 1
    player.complete("b2")
    assert player.waiting.count("after") == 1, "it is blocked until the third way has come"
    player.complete("c1")

    assert player.waiting == ["after", "after", "c2"], "both blocked ones were let in"


def test_blocking_partial_join_ends_with_its_last(pattern: Play) -> None:
    player = pattern("blocking_partial_join")

    for branch in ("a1", "b1", "c1", "a2", "b2"):
        player.complete(branch)
    player.complete("after")
    player.complete("after")
    assert player.ending is None
    player.complete("c2")

    assert player.ending is not None


def test_cancelling_partial_join(pattern: Play) -> None:
    player = pattern("cancelling_partial_join")

    player.complete("c")
    player.complete("a")

    assert player.waiting == ["after"]
    assert player.terminated == ["b"]
