"""Control-flow patterns 23 and 24: a trigger that is lost if nobody waits, and one that is kept."""

from tests.engine.conftest import Play


def test_transient_trigger(pattern: Play) -> None:
    player = pattern("transient_trigger")
    assert len(player.sent) == 1

    player.deliver()
    player.complete("busy")
    assert player.awaited == ["hears"], "it rang while nobody listened"
    player.deliver()

    assert player.waiting == ["after"]


def test_persistent_trigger(pattern: Play) -> None:
    player = pattern("persistent_trigger", arrived=False)

    player.complete("arrival")
    assert player.waiting == ["busy"]
    player.complete("busy")

    assert player.waiting == ["after"], "it was kept until it was wanted"
