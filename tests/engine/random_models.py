"""Random models for hypothesis: a graph for the reference interpreter, and its diagram.

An exclusive gateway `g` stands behind a service task `choose_g` that sets the variable `choose_g`
to the number of the exit; a script `s` counts its passages in the variable `s`.
"""

from collections.abc import Callable
from itertools import pairwise

from hypothesis import strategies as st

from tests.engine.builders import (
    diagram,
    end,
    exclusive,
    flow,
    parallel,
    script,
    service,
    start,
    user,
)
from tests.engine.interpreter import Graph, Kind

Draw = Callable[[st.SearchStrategy[int]], int]
Block = tuple[str, str]
"""First and last node of a piece of a diagram."""

PASSAGES = 3
"""A loop ends at the latest at this passage through its gateway."""

_TASKS = (Kind.WAIT, Kind.PASS, Kind.COUNT)


def number(draw: Draw, least: int, most: int) -> int:
    """A whole number."""
    return draw(st.integers(least, most))


class Builder:
    """Grows a graph block by block."""

    def __init__(self, draw: Draw) -> None:
        self.graph, self._draw = Graph(), draw

    def node(self, kind: Kind, name: str = "") -> str:
        """A new node."""
        name = name or f"{kind.value}{len(self.graph.nodes)}"
        self.graph.nodes[name] = kind
        return name

    def flow(self, source: str, target: str) -> None:
        """A new flow."""
        self.graph.flows.append((f"f{len(self.graph.flows)}", source, target))

    def block(self, depth: int) -> Block:
        """A task, or something made of smaller blocks."""
        makers = (self.task, self.sequence, self.choice, self.fork, self.loop)
        return makers[number(self._draw, 0, 4) if depth > 0 else 0](depth - 1)

    def task(self, _: int) -> Block:
        """One activity."""
        name = self.node(_TASKS[number(self._draw, 0, len(_TASKS) - 1)])
        return name, name

    def sequence(self, depth: int) -> Block:
        """Blocks one behind the other."""
        blocks = [self.block(depth) for _ in range(number(self._draw, 1, 3))]
        for (_, last), (first, _) in pairwise(blocks):
            self.flow(last, first)
        return blocks[0][0], blocks[-1][1]

    def choice(self, depth: int) -> Block:
        """One of some branches; a branch may be empty."""
        split, join = self.gateway(), self.node(Kind.EXCLUSIVE)
        self.branches(split, join, depth)
        return f"choose_{split}", join

    def fork(self, depth: int) -> Block:
        """All branches; a branch may be empty."""
        split, join = self.node(Kind.PARALLEL), self.node(Kind.PARALLEL)
        self.branches(split, join, depth)
        return split, join

    def loop(self, depth: int) -> Block:
        """A block again and again: the second exit leads back."""
        merge = self.node(Kind.EXCLUSIVE)
        first, last = self.block(depth)
        split, leave = self.gateway(), self.node(Kind.EXCLUSIVE)
        self.flow(merge, first)
        self.flow(last, f"choose_{split}")
        self.flow(split, leave)
        self.flow(split, merge)
        return merge, leave

    def gateway(self) -> str:
        """An exclusive gateway behind the task that chooses."""
        split = self.node(Kind.EXCLUSIVE)
        chooser = self.node(Kind.CHOOSE, f"choose_{split}")
        self.flow(chooser, split)
        return split

    def branches(self, split: str, join: str, depth: int) -> None:
        """Two or three ways from one gateway to the other."""
        for _ in range(number(self._draw, 2, 3)):
            if number(self._draw, 0, 4) == 0:
                self.flow(split, join)
            else:
                first, last = self.block(depth)
                self.flow(split, first)
                self.flow(last, join)


@st.composite
def block_models(draw: Draw, depth: int = 4) -> Graph:
    """A well-formed, block-structured model."""
    builder = Builder(draw)
    begin, finish = builder.node(Kind.START, "start"), builder.node(Kind.END, "end")
    first, last = builder.sequence(depth)
    builder.flow(begin, first)
    builder.flow(last, finish)
    return builder.graph


@st.composite
def wild_models(draw: Draw) -> Graph:
    """A model without blocks: tokens pile up at joins, deadlock, or come round again.

    Only waiting tasks lead back, so that every way round waits somewhere.
    """
    builder = Builder(draw)
    begin, finish = builder.node(Kind.START, "start"), builder.node(Kind.END, "end")
    kinds = (Kind.WAIT, Kind.PARALLEL, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.COUNT)
    nodes = [builder.node(kinds[number(draw, 0, 4)]) for _ in range(number(draw, 2, 8))]
    builder.flow(begin, nodes[0])
    for place, name in enumerate(nodes):
        kind = builder.graph.nodes[name]
        onward = [*nodes[place + 1 :], finish]
        targets = [*nodes, finish] if kind is Kind.WAIT else onward
        for _ in range(number(draw, 1, 2) if kind is Kind.PARALLEL else 1):
            builder.flow(name, targets[number(draw, 0, len(targets) - 1)])
    return builder.graph


def as_diagram(graph: Graph) -> bytes:
    """The diagram of a graph."""
    nodes = [_WRITERS[kind](name) for name, kind in graph.nodes.items()]
    return diagram(*nodes, *(_written(graph, *one) for one in graph.flows))


def _written(graph: Graph, flow_id: str, source: str, target: str) -> str:
    exits = graph.outgoing(source)
    if graph.nodes[source] is not Kind.EXCLUSIVE or len(exits) < 2:
        return flow(flow_id, source, target)
    return flow(flow_id, source, target, f"=choose_{source} = {exits.index(flow_id)}")


_WRITERS: dict[Kind, Callable[[str], str]] = {
    Kind.START: start,
    Kind.END: end,
    Kind.WAIT: user,
    Kind.PASS: lambda name: service(name, task_type="pass"),
    Kind.CHOOSE: lambda name: service(name, task_type="choose"),
    Kind.COUNT: lambda name: script(
        name, f"=if is defined({name}) then {name} + 1 else 1", result=name
    ),
    Kind.EXCLUSIVE: exclusive,
    Kind.PARALLEL: parallel,
}
