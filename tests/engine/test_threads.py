"""One model for all threads: nothing in it changes while instances run."""

from concurrent.futures import ThreadPoolExecutor

from service.feel import FeelPool
from tests.engine.conftest import read_model
from tests.engine.player import Player


def written_down(value: object, seen: set[int]) -> object:
    """A spec as plain values, through everything it refers to."""
    if id(value) in seen:
        return "…"
    if isinstance(value, dict):
        return {str(key): written_down(inner, seen | {id(value)}) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [written_down(inner, seen | {id(value)}) for inner in value]
    if hasattr(value, "__dict__"):
        return written_down(vars(value), seen | {id(value)})
    return repr(value)


def test_running_changes_nothing_in_the_spec(feel: FeelPool) -> None:
    model = read_model("join_in_loop.bpmn")
    before = written_down(model.spec.task_specs, set())

    player = Player(model, feel)
    for again in (True, False):
        player.complete("left")
        player.complete("right")
        player.complete("decide", again=again)

    assert written_down(model.spec.task_specs, set()) == before


def test_threads_run_instances_of_one_model_side_by_side(feel: FeelPool) -> None:
    model = read_model("join_in_loop.bpmn")

    def run(number: int) -> tuple[int, object]:
        player = Player(model, feel, number=number)
        for turn in range(5):
            player.complete("left")
            player.complete("right")
            player.complete("decide", again=turn < 4)
        assert player.ending is not None
        return len(player.done), player.variables["number"]

    with ThreadPoolExecutor(4) as threads:
        results = list(threads.map(run, range(12)))

    assert [number for _, number in results] == list(range(12))
    assert len({steps for steps, _ in results}) == 1
