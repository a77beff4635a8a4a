"""The decisions of a file and what they require of each other. Source: DMN 1.5, 6.2 and 6.3."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from service.domain.values import Json
from service.engine.decision_boxes import Box, Encoded, Place, Typed
from service.engine.decision_functions import Function
from service.engine.decision_types import Types
from service.feel import PLAIN_NAME


@dataclass(frozen=True, slots=True)
class InputData:
    """What a decision is given from outside; `name` is empty when it is no name."""

    id: str
    name: str
    type: str
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its logic, and the ids of what it requires.

    Others reach its result by `variable` (empty when that is no name) and, as in Camunda 8, by id.
    """

    id: str
    name: str
    variable: str
    type: str
    logic: Box
    inputs: tuple[str, ...]
    decisions: tuple[str, ...]
    knowledge: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: a function that decisions call by its name."""

    id: str
    name: str
    type: str
    function: Function
    knowledge: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions that are called as a function of their inputs.

    The input data come first, then the input decisions, each in the order of the file whatever
    stands between them. Source: DMN 1.5, 10.4.
    """

    id: str
    name: str
    type: str
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    inputs: tuple[str, ...]
    place: Place


Callee: TypeAlias = KnowledgeModel | DecisionService
Node: TypeAlias = Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True)
class DecisionGraph:
    """One file, each kind by id; threads share it."""

    types: Types
    inputs: Mapping[str, InputData]
    decisions: Mapping[str, Decision]
    models: Mapping[str, KnowledgeModel]
    services: Mapping[str, DecisionService]

    @cached_property
    def callees(self) -> Mapping[str, Callee]:
        """What is called by name."""
        return {**self.models, **self.services}

    def required(self, node: Node) -> Sequence[Node]:
        """What must be there before this node."""
        if isinstance(node, DecisionService):
            return self._decisions((*node.outputs, *node.encapsulated))
        known = [self.callees[one] for one in node.knowledge if one in self.callees]
        return [*(self._decisions(node.decisions) if isinstance(node, Decision) else ()), *known]

    def called(self, node: Decision | KnowledgeModel) -> list[str]:
        """The names of the functions this node requires."""
        return [self.callees[one].name for one in node.knowledge if one in self.callees]

    def order(self, roots: Iterable[str], given: Iterable[str] = ()) -> list[str]:
        """Ids of the decisions behind these, each after what it requires; `given` are known."""
        opened, done = set[str](), dict.fromkeys(given, False)
        waiting = [one.id for one in reversed(self._decisions(roots))]
        while waiting:
            one = waiting[-1]
            if one in done or one in opened:
                waiting.pop()
                done.setdefault(one, True)
                continue
            opened.add(one)
            behind = self._decisions(self.decisions[one].decisions)
            waiting.extend(d.id for d in reversed(behind) if d.id not in opened)
        return [one for one, asked in done.items() if asked]

    def circular(self) -> list[Node]:
        """The nodes that require each other, or themselves, and those between such."""
        nodes: dict[str, Node] = {**self.decisions, **self.models, **self.services}
        ahead = {one: {n.id for n in self.required(node)} for one, node in nodes.items()}
        behind: dict[str, set[str]] = {one: set() for one in nodes}
        for one, required in ahead.items():
            for other in required:
                behind[other].add(one)
        left = _without_ends(set(nodes), ahead, behind)
        return [nodes[one] for one in nodes if one in _without_ends(left, behind, ahead)]

    def names(self, node: Decision) -> dict[str, Decision]:
        """The required decisions by the names this decision sees them by."""
        required = self._decisions(node.decisions)
        taken = {self.inputs[one].name for one in node.inputs if one in self.inputs}
        taken |= {self.callees[one].name for one in node.knowledge if one in self.callees}
        ids = (one for one in required if PLAIN_NAME.fullmatch(one.id) and one.id not in taken)
        named = {one.variable: one for one in required if one.variable}
        return {**{one.id: one for one in ids}, **named}

    def program(self, decision_id: str) -> str:
        """What the helper is told to evaluate this decision: JSON. There must be no cycle."""
        order = self.order([decision_id])
        functions = self._functions(order)
        inside = [d for one in functions if isinstance(one, DecisionService) for d in one.outputs]
        decisions = self.order([*order, *inside])
        return _json(self._encoded(order, decisions, functions))

    def size(self) -> int:
        """Bytes of a program of the whole file, as it is sent."""
        functions = list(self.callees.values())
        return len(json.dumps(_json(self._encoded([], self.decisions, functions))))

    def _encoded(
        self, order: Iterable[str], decisions: Iterable[str], functions: Iterable[Callee]
    ) -> Encoded:
        return {
            "types": self.types.encoded(),
            "order": list(order),
            "decisions": {one: self._decision(self.decisions[one]) for one in decisions},
            "functions": {one.id: self._function(one) for one in functions},
        }

    def _decision(self, decision: Decision) -> Json:
        inputs = [self.inputs[one] for one in decision.inputs if one in self.inputs]
        names = self.names(decision)
        return {
            "label": decision.name,
            "type": decision.type,
            "logic": decision.logic.encoded(),
            "inputs": [Typed(one.name, one.type).encoded() for one in inputs if one.name],
            "decisions": [{"name": name, "id": one.id} for name, one in names.items()],
            "functions": [one for one in decision.knowledge if one in self.callees],
        }

    def _function(self, callee: Callee) -> Json:
        common: Encoded = {"name": callee.name, "type": callee.type}
        if isinstance(callee, KnowledgeModel):
            return {
                **common,
                "service": False,
                "parameters": [one.encoded() for one in callee.function.parameters],
                "body": callee.function.body.encoded(),
                "functions": [one for one in callee.knowledge if one in self.callees],
            }
        outputs = self._decisions(callee.outputs)
        return {
            **common,
            "service": True,
            "parameters": [one.encoded() for one in self.parameters(callee)],
            "order": list(self.order(callee.outputs, callee.input_decisions)),
            "outputs": [{"id": one.id, "name": one.variable} for one in outputs],
            "inputDecisions": [
                {"id": one.id, "name": one.variable}
                for one in self._decisions(callee.input_decisions)
            ],
        }

    def parameters(self, callee: Callee) -> list[Typed]:
        """The parameters of a function, in their order."""
        if isinstance(callee, KnowledgeModel):
            return list(callee.function.parameters)
        data = [self.inputs[one] for one in callee.inputs if one in self.inputs]
        decisions = self._decisions(callee.input_decisions)
        return [
            *(Typed(one.name, one.type) for one in data),
            *(Typed(one.variable, one.type) for one in decisions),
        ]

    def _decisions(self, ids: Iterable[str]) -> list[Decision]:
        return [self.decisions[one] for one in ids if one in self.decisions]

    def _functions(self, order: Iterable[str]) -> list[Callee]:
        """Every function that these decisions, or what they call, may call."""
        found: dict[str, Callee] = {}
        seen = set(order)
        waiting: list[Node] = [self.decisions[one] for one in seen]
        while waiting:
            for one in self.required(waiting.pop()):
                if one.id not in seen:
                    seen.add(one.id)
                    waiting.append(one)
                    if not isinstance(one, Decision):
                        found[one.id] = one
        return list(found.values())


def _without_ends(
    nodes: set[str], ahead: Mapping[str, set[str]], behind: Mapping[str, set[str]]
) -> set[str]:
    """What is left when nodes with nothing ahead of them are taken away, again and again."""
    left = {one: len(ahead[one] & nodes) for one in nodes}
    ends = [one for one, count in left.items() if not count]
    while ends:
        end = ends.pop()
        del left[end]
        for one in behind[end] & left.keys():
            left[one] -= 1
            if not left[one]:
                ends.append(one)
    return set(left)


def _json(program: Encoded) -> str:
    return json.dumps(program, ensure_ascii=False, separators=(",", ":"))
