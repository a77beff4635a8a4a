"""Mutated diagrams: each is refused, or it is built and runs without a Python exception."""

import os
import random
from collections.abc import Callable
from functools import partial

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from service.domain.events import Failure, IncidentType, Subscribed
from service.domain.problems import Severity
from service.engine import Execution, HandlerDue, ProcessModel, process_models
from service.engine.timers import Due
from service.feel import FeelPool
from tests.engine.builders import element, end, flows, user
from tests.engine.checking import check
from tests.engine.everything import (
    BORDERS,
    ENDS,
    EVENTS,
    GATEWAYS,
    LOOPS,
    SUBPROCESSES,
    TASKS,
    TRANSACTIONS,
    UNBOOKED,
    everything,
    piece,
)
from tests.engine.mutations import mutated
from tests.engine.player import Player

STEPS = 200

CODES = ("broken", "late", "odd")

Act = Callable[[Player, Execution], None]

PIECES = (
    piece(TASKS, end("each"), flows("start", "begun"), element("task", "begun")),
    piece(LOOPS, end("pick"), flows("start", "each")),
    piece(GATEWAYS, end("events_end"), flows("start", "pick"), flows("events", "events_end")),
    piece(EVENTS, end("guarded"), flows("start", "events"), element("task", "events")),
    piece(
        *(BORDERS, user("deep"), user("bought"), end("over"), flows("start", "guarded")),
        *(flows("deep", "over"), flows("bought", "over")),
    ),
    piece(SUBPROCESSES, end("finish"), flows("start", "deep")),
    piece(TRANSACTIONS, end("finish"), flows("start", "bought"), UNBOOKED),
    piece(ENDS, flows("start", "finish")),
)
SOURCES = (everything(), *PIECES)

check_each = settings(
    max_examples=int(os.environ.get("JIAOYAN_EXAMPLES", "100")),
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@check_each
@given(
    which=st.integers(0, len(SOURCES) - 1),
    seed=st.integers(0, 2**32),
    times=st.integers(0, 3),
)
@example(which=0, seed=0, times=0)
def test_a_mutated_diagram_is_refused_or_runs(
    feel: FeelPool, which: int, seed: int, times: int
) -> None:
    source = mutated(SOURCES[which], seed, times)

    if any(problem.severity is Severity.ERROR for problem in check(source, feel)):
        return

    for model in process_models(source):
        run_at_random(model, feel, random.Random(seed))  # noqa: S311


def run_at_random(model: ProcessModel, feel: FeelPool, chance: random.Random) -> None:
    """Start an instance somewhere and do whatever can be done, in random order."""
    starts = [spec.name for spec in model.spec.triggered_starts]
    if model.spec.level.entries:
        starts.append(None)
    player = Player(
        model,
        feel,
        work=lambda due: _worked(due, chance),
        start_event=chance.choice(starts),
        score=chance.randrange(200),
    )
    for _ in range(STEPS):
        if player.ending is not None or not _act(player, chance):
            return


def _worked(due: HandlerDue, chance: random.Random) -> dict[str, int] | Failure | None:
    if chance.random() < 0.1:
        return Failure(IncidentType.JOB_NO_RETRIES, "没有做成。")
    return {"score": chance.randrange(200)} if chance.random() < 0.6 else None


def _act(player: Player, chance: random.Random) -> bool:
    """One answer, event or retry from outside; False when nothing can be done."""
    calls = [key for key in player.calls if key not in player.incidents]
    answered = [*player.tasks, *player.jobs, *calls]
    acts: list[Act] = [
        *(partial(_complete, key, chance.randrange(200)) for key in answered),
        *(partial(_throw, key, chance.choice(CODES)) for key in (*player.jobs, *calls)),
        *(partial(_trigger, one) for one in player.subscriptions.values()),
        *(partial(_retry, key) for key in player.incidents),
        *(partial(_go_on, key) for key in player.pauses),
    ]
    if not acts:
        return False
    execution = player.resume()
    chance.choice(acts)(player, execution)
    player.play(execution)
    return True


def _complete(key: int, score: int, player: Player, execution: Execution) -> None:
    execution.complete(key, {"score": score})


def _throw(key: int, code: str, player: Player, execution: Execution) -> None:
    execution.throw_error(key, code, "", {"amount": 1})


def _retry(key: int, player: Player, execution: Execution) -> None:
    execution.retry(key)


def _go_on(key: int, player: Player, execution: Execution) -> None:
    player.pauses.remove(key)
    execution.go_on(key)


def _trigger(one: Subscribed, player: Player, execution: Execution) -> None:
    place = one.element_instance_key, one.element_id, one.number
    fired = None
    if one.due_at is not None:
        player.now = max(player.now, one.due_at)
        fired = Due(one.due_at, one.cycle, one.left)
        del player.subscriptions[place]
    variables = {"amount": 7}
    execution.trigger(*place[:2], variables, number=one.number, fired=fired)
