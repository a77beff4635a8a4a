"""Random models in random order, stored and loaded at every step, against the interpreter."""

import os
import random
from collections import Counter

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from service.engine import HandlerDue
from service.feel import FeelPool
from tests.engine.conftest import read_model
from tests.engine.interpreter import Game, Graph
from tests.engine.player import Player
from tests.engine.random_models import PASSAGES, as_diagram, block_models, wild_models

STEPS = 60
CROWD = 100

check_each = settings(
    max_examples=int(os.environ.get("JIAOYAN_EXAMPLES", "100")),
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ],
)


class Choices:
    """The same exits for the engine and for the interpreter: by task and passage."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self._graph, self._seed = graph, seed
        self._passages: Counter[str] = Counter()

    def exit(self, task: str, passage: int) -> int:
        """Some exit at first, the first one when a loop has had its turns."""
        exits = len(self._graph.outgoing(task.removeprefix("choose_")))
        if passage >= PASSAGES:
            return 0
        return random.Random(f"{self._seed} {task} {passage}").randrange(exits)  # noqa: S311

    def work(self, due: HandlerDue) -> dict[str, int]:
        """The handler of every service task."""
        if due.task_type != "choose":
            return {}
        self._passages[due.element_id] += 1
        return {due.element_id: self.exit(due.element_id, self._passages[due.element_id])}


def agree(player: Player, game: Game) -> None:
    """The engine's instance stands where the interpreter's game stands."""
    assert player.stuck == game.in_vain
    assert Counter(player.waiting) == +game.waiting
    assert Counter(player.done) == game.done
    assert Counter(player.taken) == game.taken
    assert player.variables == game.variables
    assert (player.ending is not None) == game.over


def play_beside(graph: Graph, seed: int, feel: FeelPool) -> Player:
    """Run both in the same random order until nothing waits, or long enough."""
    game = Game(graph, Choices(graph, seed).exit)
    assume(sum(game.done.values()) < 1_000)
    player = Player(read_model(as_diagram(graph)), feel, work=Choices(graph, seed).work)
    order = random.Random(seed)  # noqa: S311
    agree(player, game)
    for _ in range(STEPS):
        if not player.waiting or len(player.waiting) > CROWD:
            break
        task = order.choice(player.waiting)
        game.complete(task)
        player.complete(task)
        agree(player, game)
    return player


@check_each
@given(graph=block_models(), seed=st.integers(0, 2**32))
def test_block_structured_models_run_as_the_standard_says(
    feel: FeelPool, graph: Graph, seed: int
) -> None:
    player = play_beside(graph, seed, feel)

    assume(not player.waiting)
    assert player.ending is not None, "a sound model comes to its end"
    assert player.open == {}


@check_each
@given(graph=wild_models(), seed=st.integers(0, 2**32))
def test_models_whose_tokens_pile_up_run_as_the_standard_says(
    feel: FeelPool, graph: Graph, seed: int
) -> None:
    play_beside(graph, seed, feel)
