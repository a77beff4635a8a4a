"""Joins and conditions cost as much for the thousandth as for the tenth."""

import sys
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from types import FrameType

import pytest

from service.domain.values import Json, Variables
from service.engine import process_models
from service.feel import Budget, CalendarUse, Expression, FeelPool
from tests.engine.builders import (
    boundary,
    diagram,
    element,
    end,
    flow,
    flows,
    inclusive,
    mapping,
    on,
    parallel,
    script,
    start,
    user,
)
from tests.engine.checking import check
from tests.engine.conftest import Play
from tests.engine.player import Player


def calls(source: bytes, feel: FeelPool) -> int:
    """How many functions of ours and of SpiffWorkflow one run calls, from its start to its wait."""
    [model] = process_models(source)
    count = 0

    def note(frame: FrameType, event: str, _: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        Player(model, feel)
    finally:
        sys.setprofile(None)
    return count


def star(count: int, join: str) -> bytes:
    """So many branches without a wait, and their join."""
    names = [f"t{i}" for i in range(count)]
    tasks = "".join(element("manualTask", name) for name in names)
    ways = "".join(flows("split", name, "join") for name in names)
    gates = parallel("split") + element(join, "join")
    return diagram(
        start(), gates, tasks, end(), flows("start", "split"), flows("join", "end"), ways
    )


def chain(count: int) -> bytes:
    """So many inclusive splits that join at the next, beside a task that waits."""
    names = [f"g{i}" for i in range(count + 1)]
    ways = "".join(flows(a, f"{a}_t", b) + flow(f"{a}_on", a, b) for a, b in pairwise(names))
    tasks = "".join(element("manualTask", f"{name}_t") for name in names[:-1])
    gates = parallel("split") + "".join(map(inclusive, names))
    ends = end() + end("aside")
    first = flows("start", "split", "beside", "aside") + flows("split", names[0])
    return diagram(
        start(), gates, tasks, user("beside"), ends, first, flows(names[-1], "end"), ways
    )


def mesh(count: int) -> bytes:
    """So many inclusive gateways, each with a flow to all that come after it."""
    names = [f"g{i}" for i in range(count)]
    ways = "".join(flow(f"{a}_{b}", a, b) for n, a in enumerate(names) for b in names[n + 1 :])
    gates = "".join(map(inclusive, names))
    return diagram(start(), gates, end(), flows("start", names[0]), flows(names[-1], "end"), ways)


@pytest.mark.parametrize("join", ["parallelGateway", "inclusiveGateway"])
def test_a_thousand_branches_join_at_the_cost_of_a_hundred_each(feel: FeelPool, join: str) -> None:
    few, many = calls(star(100, join), feel), calls(star(1_000, join), feel)

    assert many / 1_000 < 1.3 * few / 100


def test_a_long_chain_of_inclusive_joins_costs_the_same_each(feel: FeelPool) -> None:
    few, many = calls(chain(40), feel), calls(chain(400), feel)

    assert many / 400 < 1.3 * few / 40


def test_a_mesh_of_inclusive_gateways_costs_little_more_each_flow(feel: FeelPool) -> None:
    """Each look at every token for every token would cost sixteen times as much."""
    few, many = calls(mesh(12), feel), calls(mesh(48), feel)

    assert many / (48 * 47) < 3 * few / (12 * 11)


def test_tokens_that_waited_before_loading_join_in_the_order_they_came(play: Play) -> None:
    """Two tokens on one flow: the join takes one of them, the other stays for the next time."""
    gates = parallel("split") + parallel("twice") + parallel("join")
    ways = flows("start", "split", "a", "twice", "join", "end") + flows("split", "b", "join")
    source = diagram(
        start(), gates, user("a"), user("b"), end(), ways, flow("again", "twice", "join_in"),
        element("exclusiveGateway", "join_in"), flow("third", "join_in", "join"),
        flow("fourth", "split", "join_in"),
    )  # fmt: skip
    player = play(source)
    player.complete("a")
    assert player.done.count("join") == 0

    player.complete("b")

    assert player.done.count("join") == 1
    assert player.ending is None


class Counting(FeelPool):
    """Counts the round trips of expressions."""

    trips = 0

    def evaluate(
        self,
        expressions: Sequence[Expression],
        context: Variables,
        *,
        now: datetime,
        budget: Budget | None = None,
        origin: str = "",
        used: CalendarUse | None = None,
    ) -> list[Json]:
        """One more."""
        self.trips += 1
        return super().evaluate(
            expressions, context, now=now, budget=budget, origin=origin, used=used
        )


def test_many_conditions_that_one_write_makes_true_are_asked_once_each() -> None:
    count = 60
    events = "".join(
        boundary(f"b{i}", "work", on("conditional", f"=n > {i}"), interrupting=False)
        for i in range(count)
    )
    ways = flows("start", "work", "end") + "".join(flows(f"b{i}", "end") for i in range(count))
    [model] = process_models(diagram(start(), user("work"), events, end(), ways))
    feel = Counting()
    try:
        player = Player(model, feel, n=-1)
        feel.trips = 0

        player.set(n=count)

        assert feel.trips == count
        assert player.done.count("end") == count
    finally:
        feel.close()


def test_more_expressions_than_can_be_read_are_refused_at_once(feel: FeelPool) -> None:
    texts = {f"v{i}": "=1" for i in range(10_001)}
    task = script("many", "=1", extensions=mapping(outputs=texts))
    source = diagram(start(), task, end(), flows("start", "many", "end"))

    [problem] = check(source, feel)

    assert (problem.rule, problem.element_id) == ("size-expressions", "P")


def test_a_diagram_of_thousands_of_variables_is_checked(feel: FeelPool) -> None:
    names = {f"v{i}": "x" for i in range(6_000)}
    first = script("many", "=1", extensions=mapping(outputs=names))
    scripts = [f"s{i}" for i in range(100)]
    tasks = "".join(script(name, f"=v{i} + nowhere") for i, name in enumerate(scripts))
    source = diagram(
        start(form="application"), first, tasks, end(), flows("start", "many", *scripts, "end")
    )

    problems = check(source, feel)

    assert {problem.rule for problem in problems} == {"feel-name"}
    assert len(problems) == len(scripts)
