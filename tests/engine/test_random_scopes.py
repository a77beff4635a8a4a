"""Random scopes in random order, stored and loaded at every step, against the interpreter."""

import random

from hypothesis import given
from hypothesis import strategies as st

from service.feel import FeelPool
from tests.engine.conftest import read_model
from tests.engine.player import Player
from tests.engine.scope_interpreter import Play, Row
from tests.engine.scope_models import Drawing, scope_models
from tests.engine.test_random_models import check_each

EVENTS = 12
"""Events that happen in one run; then only where no task waits, so that it comes to its end."""

CROWD = 150


def agree(player: Player, game: Play) -> None:
    """The engine's instance stands where the interpreter's stands."""
    assert player.stuck == []
    assert player.waiting == game.waiting()
    assert player.awaited == game.awaited()
    assert (player.ending is not None) == game.over


def act(player: Player, game: Play, order: random.Random, *, events: bool) -> None:
    """One thing that can happen now."""
    choices = [("task", name) for name in game.waiting()]
    if events:
        choices += [("event", name) for name in game.awaited()]
    kind, name = order.choice(choices)
    if kind == "task":
        game.complete(name)
        player.complete(name)
    else:
        game.trigger(name)
        player.trigger(name)


@check_each
@given(block=scope_models(), seed=st.integers(0, 2**32))
def test_scopes_run_as_the_standard_says(feel: FeelPool, block: Row, seed: int) -> None:
    game = Play(block)
    player = Player(read_model(Drawing(block).source), feel, id="x")
    order = random.Random(seed)  # noqa: S311
    agree(player, game)

    for step in range(1_000):
        if game.over or len(game.waiting()) > CROWD:
            break
        act(player, game, order, events=step < EVENTS or not game.waiting())
        agree(player, game)

    assert player.ending is not None or len(game.waiting()) > CROWD
