"""A reference interpreter of the token game: tokens lie on sequence flows, as BPMN tells it.

Source: BPMN 2.0.2, 13.2 and 13.4. It shares nothing with the engine: no tree, no keys, no state.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class Kind(Enum):
    """What a node does with a token."""

    START = "start"
    END = "end"
    WAIT = "wait"
    PASS = "pass"
    COUNT = "count"
    CHOOSE = "choose"
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"


@dataclass(frozen=True)
class Graph:
    """Nodes by id, flows as (id, source, target) in the order of the file."""

    nodes: dict[str, Kind] = field(default_factory=dict)
    flows: list[tuple[str, str, str]] = field(default_factory=list)

    def incoming(self, node: str) -> list[str]:
        """Ids of the flows into a node."""
        return [flow for flow, _, target in self.flows if target == node]

    def outgoing(self, node: str) -> list[str]:
        """Ids of the flows out of a node."""
        return [flow for flow, source, _ in self.flows if source == node]


Chooser = Callable[[str, int], int]
"""Which exit a choosing task picks at its nth passage, by its id."""


class Game:
    """One run of a graph."""

    def __init__(self, graph: Graph, choose: Chooser) -> None:
        self.graph, self._choose = graph, choose
        self._into = {node: graph.incoming(node) for node in graph.nodes}
        self._out = {node: graph.outgoing(node) for node in graph.nodes}
        self._target = {flow: target for flow, _, target in graph.flows}
        self.marking: Counter[str] = Counter()
        self.waiting: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.variables: dict[str, int] = {}
        [start] = [node for node, kind in graph.nodes.items() if kind is Kind.START]
        self._leave(start)
        self._settle()

    @property
    def over(self) -> bool:
        """True when no token is left."""
        return not +self.marking and not +self.waiting

    @property
    def in_vain(self) -> list[str]:
        """Joins whose tokens wait for what nothing can bring: no work is left to be done."""
        return [] if +self.waiting else sorted({self._target[flow] for flow in +self.marking})

    def complete(self, node: str) -> None:
        """Somebody does the work of a waiting task."""
        assert self.waiting[node]
        self.waiting[node] -= 1
        self._leave(node)
        self._settle()

    def _settle(self) -> None:
        while any([self._fire(node) for node in self.graph.nodes]):
            pass

    def _fire(self, node: str) -> bool:
        marked = [flow for flow in self._into[node] if self.marking[flow]]
        if self.graph.nodes[node] is Kind.PARALLEL:
            if not marked or len(marked) < len(self._into[node]):
                return False
            used = marked
        else:
            used = marked[:1]
        if not used:
            return False
        self.marking.subtract(used)
        if self.graph.nodes[node] is Kind.WAIT:
            self.waiting[node] += 1
        else:
            self._leave(node)
        return True

    def _leave(self, node: str) -> None:
        kind, flows = self.graph.nodes[node], self._out[node]
        self.done[node] += 1
        if kind is Kind.CHOOSE:
            self.variables[node] = self._choose(node, self.done[node])
        if kind is Kind.COUNT:
            self.variables[node] = self.variables.get(node, 0) + 1
        if kind is Kind.EXCLUSIVE and len(flows) > 1:
            flows = [flows[self.variables[f"choose_{node}"]]]
        self.marking.update(flows)
        self.taken.update(flows)
