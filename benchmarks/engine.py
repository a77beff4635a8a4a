"""What the engine itself costs: growth over steps and items, size of the state, expressions.

`python -m benchmarks.engine`. Every instance is saved and loaded at each step, as the service does
it, but no database is written.
"""

import statistics
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

from benchmarks.machine import table
from service.commands.models import Shelf
from service.domain.values import Json
from service.engine import DecisionModel, decision_models, evaluate_decision, process_models
from service.feel import Expression, FeelPool
from tests.engine.builders import (
    diagram,
    end,
    exclusive,
    flow,
    flows,
    mapping,
    multi,
    parallel,
    script,
    start,
    sub,
    user,
)
from tests.engine.conftest import read_model
from tests.engine.player import NOW, Player
from tests.engine.tables import decision as decision_of
from tests.engine.tables import dmn
from tests.engine.tables import table as rule_table

REPEATS = 20
BPMN = Path(__file__).parent.parent / "bpmn"


def main() -> None:
    """Print all tables."""
    feel = FeelPool()
    try:
        growth(feel)
        items(feel)
        structures(feel)
        expressions(feel)
        specifications()
    finally:
        feel.close()


def growth(feel: FeelPool) -> None:
    """The same step of a loop, early and late: load, complete, run, save."""
    model = read_model(_loop())
    _turns(Player(model, feel, stop=False), 300)  # so that the 10th turn is no first time
    player = Player(model, feel, stop=False)
    rows, first = [], 0.0
    for turn in (10, 100, 1_000, 10_000):
        while player.done.count("form") < turn - REPEATS:
            player.events.clear()
            _turns(player, turn - REPEATS)
        cost = _median(lambda: player.complete("form"))
        first = first or cost
        rows.append((turn, len(player.state), f"{cost * 1e3:.2f}", f"{cost / first:.2f}"))
        player.events.clear()
    table("A loop with one user task", ("turn", "state, bytes", "step, ms", "× the 10th"), rows)


def _turns(player: Player, count: int) -> None:
    for _ in range(count):
        player.complete("form")


def items(feel: FeelPool) -> None:
    """One item of a multi-instance of so many."""
    rows = []
    for number in (10, 100, 1_000):
        for sequential in (False, True):
            rows.append(_items_of(number, feel, sequential=sequential))
    heads = ("items", "way", "state, bytes", "load, ms", "item, ms")
    table("Multi-instance user task", heads, rows)
    player = Player(read_model(_row()), feel, list=list(range(100_000)))
    begin, chunks, largest = time.perf_counter(), 0, len(player.state)
    while player.pauses:
        player.go_on()
        player.events.clear()
        chunks, largest = chunks + 1, max(largest, len(player.state))
    seconds = time.perf_counter() - begin
    if player.ending is None:
        raise SystemExit(f"the row of items stopped: {player.incidents}")
    head = ("items", "chunks", "largest state, bytes", "items a second")
    row = (100_000, chunks, largest, f"{100_000 / seconds:.0f}")
    table("A script for each of 100,000 items in sequence", head, [row])


def _items_of(number: int, feel: FeelPool, *, sequential: bool) -> tuple[object, ...]:
    player = Player(read_model(_each(sequential)), feel, list=list(range(number)))
    size, load = len(player.state), _median(player.resume)
    cost = _median(lambda: player.complete("work", r=1), min(REPEATS, number - 1))
    way = "in sequence" if sequential else "in parallel"
    return number, way, size, f"{load * 1e3:.2f}", f"{cost * 1e3:.2f}"


def structures(feel: FeelPool) -> None:
    """Blocks in a row and levels of subprocess: one step through all of them."""
    rows = []
    for name, source in (
        ("1 parallel block of 3", _blocks(1)),
        ("10 parallel blocks of 3 in a row", _blocks(10)),
        ("1 level of subprocess", _levels(1)),
        ("20 levels of subprocess", _levels(20)),
    ):
        player = Player(read_model(source), feel)
        state = len(player.state)
        begin = time.perf_counter()
        player.complete("first")
        rows.append((name, state, len(player.state), f"{(time.perf_counter() - begin) * 1e3:.1f}"))
    table("Structures", ("what", "state before", "state after, bytes", "step, ms"), rows)


def expressions(feel: FeelPool) -> None:
    """Expressions and decisions a second, one client."""
    one = [Expression("教龄 >= 6 and list contains([1, 2, 3], n)")]
    twenty = [Expression(f"n + {i} > 教龄") for i in range(20)]
    context = {"教龄": 7, "n": 2}
    [decision] = decision_models((BPMN / "admission_conditions.dmn").read_bytes())
    rows_of_table = [([f"{i}"], [f"{i}"]) for i in range(1_000)]
    [rules] = decision_models(dmn(decision_of(rule_table(rows_of_table, inputs=("n",)))))
    rows = [
        ("one expression a call", _rate(lambda: feel.evaluate(one, context, now=NOW))),
        ("twenty expressions a call", 20 * _rate(lambda: feel.evaluate(twenty, context, now=NOW))),
        ("admission_conditions", _rate(lambda: _decide(decision, feel))),
        ("a table of 1,000 rules", _rate(lambda: _look_up(rules, feel), 50)),
    ]
    table("Expressions and decisions", ("what", "a second"), [(n, f"{r:.0f}") for n, r in rows])


def specifications() -> None:
    """What a version costs that the cache does not hold, and one that it holds."""
    review = (BPMN / "admission_review.bpmn").read_bytes()
    conditions = (BPMN / "admission_conditions.dmn").read_bytes()
    rows = [
        _cached("admission_review", lambda: process_models(review)),
        _cached("a row of 1,000 user tasks", lambda: process_models(_long(1_000))),
        _cached("admission_conditions", lambda: decision_models(conditions)[0].program),
    ]
    table("Cache of specifications", ("what", "miss, ms", "hit, µs"), rows)


def _cached(name: str, read: Callable[[], object]) -> tuple[object, ...]:
    shelf: Shelf[object] = Shelf(256)
    versions = count()
    miss = _median(lambda: shelf.get(next(versions), read))
    hit = _median(lambda: [shelf.get(0, read) for _ in range(1_000)]) / 1_000
    return name, f"{miss * 1e3:.1f}", f"{hit * 1e6:.2f}"


def _decide(model: DecisionModel, feel: FeelPool) -> None:
    variables: dict[str, Json] = {"teaching_years": 7, "title_rank": "高级", "honoured": False}
    evaluate_decision(model, model.decision_id, variables, feel=feel, now=NOW)


def _look_up(model: DecisionModel, feel: FeelPool) -> None:
    evaluate_decision(model, model.decision_id, {"n": 500}, feel=feel, now=NOW)


def _median(act: Callable[[], object], repeats: int = REPEATS) -> float:
    seconds = []
    for _ in range(max(repeats, 1)):
        begin = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def _rate(act: Callable[[], object], repeats: int = 300) -> float:
    act()
    return 1 / _median(act, repeats)


def _loop() -> bytes:
    gates = (exclusive("again"), user("form"), exclusive("enough", default="enough_again"))
    ways = flows("start", "again", "form", "enough", "again")
    return diagram(start(), *gates, end(), ways, flow("out", "enough", "end", "=stop"))


def _each(sequential: bool) -> bytes:
    loop = multi("=list", item="x", outputs="all", output="=r", sequential=sequential)
    work = user("work", inside=loop)
    return diagram(start(), work, end(), flows("start", "work", "end"))


def _row() -> bytes:
    loop = multi("=list", item="x", sequential=True)
    mapped = mapping(outputs={"last": "=result"})
    work = script("work", "=x + 1", extensions=mapped).replace(
        "</bpmn:scriptTask>", f"{loop}</bpmn:scriptTask>"
    )
    return diagram(start(), work, end(), flows("start", "work", "end"))


def _long(number: int) -> bytes:
    names = ["start", *(f"t{i}" for i in range(number)), "end"]
    return diagram(start(), *(user(name) for name in names[1:-1]), end(), flows(*names))


def _blocks(number: int) -> bytes:
    parts, names = [start(), user("first")], ["start", "first"]
    for i in range(number):
        inner = [f"t{i}_{k}" for k in range(3)]
        parts += [parallel(f"split{i}"), *(script(name, "=1") for name in inner)]
        parts += [parallel(f"join{i}"), *(flows(f"split{i}", n, f"join{i}") for n in inner)]
        parts.append(flows(names[-1], f"split{i}"))
        names.append(f"join{i}")
    parts += [user("last"), end(), flows(names[-1], "last", "end")]
    return diagram(*parts, flows("start", "first"))


def _levels(number: int) -> bytes:
    inside = user("inner")
    name = "inner"
    for i in range(number):
        ends = (start(f"s{i}"), end(f"e{i}"), flows(f"s{i}", name, f"e{i}"))
        inside, name = sub(f"level{i}", inside, *ends), f"level{i}"
    outer = flows("start", "first", name, "end")
    return diagram(start(), user("first"), inside, end(), outer)


if __name__ == "__main__":
    main()
