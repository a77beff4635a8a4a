"""Rules about decisions that can be changed: looked at again before what cannot be taken back.

A procedure declares (`Guard`) that what a message tells may be changed later, and which process
says whether it still holds. Whoever carries it out calls that process behind the last wait before
each irreversible step: in every wait the decision may have been changed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.guards import Guard
from service.engine.dialect import IRREVERSIBLE, RESTS_ON_NOTHING
from service.engine.findings import Findings
from service.engine.known import Known
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind
from service.engine.xml_source import XmlNode, local_name

REASON_LIMIT = 100
"""Characters of the reason why a step carries no decision out."""
_PROSE = frozenset({"documentation", "text"})
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WAITING = frozenset({"userTask", "receiveTask", "callActivity", "adHocSubProcess"})


@dataclass(frozen=True, slots=True)
class _Since:
    """A token that carries a decision nobody has looked at since it was at this node."""

    node: FlowNode


_LOOKED_AT = None
_State = _Since | None
"""Of a token with a decision: since where it is unsure, or that it was just looked at."""


def check_guards(outline: Outline, known: Known, found: Findings) -> None:
    """Check each decision of the declared kinds that a process carries out."""
    for node in outline.all_nodes:
        _check_reason(node, found)
    for guard in known.guards:
        if outline.process.id != guard.process_id:
            _Walk(outline, guard, known).check(found)


def _check_reason(node: FlowNode, found: Findings) -> None:
    properties = node.extensions.properties
    if RESTS_ON_NOTHING not in properties:
        return
    reason = properties[RESTS_ON_NOTHING].strip()
    for complaint in (
        "没有写理由" if not reason or reason in ("true", "false") else "",
        f"有 {len(reason)} 个字，最多 {REASON_LIMIT} 个" if len(reason) > REASON_LIMIT else "",
        f"不起作用：这一步没有写 {IRREVERSIBLE}" if IRREVERSIBLE not in properties else "",
    ):
        if complaint:
            found.add(
                "guard-reason",
                f"{node.what}的“不执行决定的理由”（{RESTS_ON_NOTHING}）{complaint}。",
                "请写明这一步为什么与决定是否有效无关；执行决定的步骤请删去这项。",
                at=node.node,
            )


class _Walk:
    """All ways that a decision can take through a process."""

    def __init__(self, outline: Outline, guard: Guard, known: Known) -> None:
        self._outline, self._guard, self._known = outline, guard, known
        self._seen: dict[tuple[str, bool], _State] = {}
        self._todo: list[tuple[FlowNode, _State]] = []

    def check(self, found: Findings) -> None:
        """Tell of each irreversible step that a decision can reach without being looked at."""
        self._begin()
        while self._todo:
            node, state = self._todo.pop()
            self._go_on(node, state)
        for node in self._outline.all_nodes:
            properties = node.extensions.properties
            unsure = self._seen.get((node.id, True))
            if unsure is None or IRREVERSIBLE not in properties or RESTS_ON_NOTHING in properties:
                continue
            guard = self._guard
            found.add(
                "guard",
                f"{node.what}不可撤回，它执行的{guard.what}可能已经改变："
                f"从{unsure.node.what}到这一步，有的走法不经过“{guard.title}”。",
                f"请在这一步之前、最后一次等待之后，用调用活动调用“{guard.title}”"
                f"（{guard.process_id}）；这一步与决定是否有效无关的，"
                f"请在扩展属性 {RESTS_ON_NOTHING} 里写明理由。",
                at=node.node,
            )

    def _begin(self) -> None:
        for node in self._outline.all_nodes:
            if self._tells(node):
                self._leave(node, _Since(node))
        if self._comes_from_outside():
            for node in self._outline.containers[0].nodes.values():
                if node.starts_process:
                    self._arrive(node, _Since(node))

    def _comes_from_outside(self) -> bool:
        """A process that only names the decision is given it by who called it."""
        nodes = list(self._outline.all_nodes)
        asks = any(node.extensions.job.task_type.text == self._guard.task_type for node in nodes)
        return not (asks or any(map(self._tells, nodes))) and _names(
            self._outline.containers[0].node, self._guard.variable
        )

    def _tells(self, node: FlowNode) -> bool:
        catches = node.tag not in ("intermediateThrowEvent", "endEvent", "sendTask")
        return catches and any(
            one.kind is TriggerKind.MESSAGE and one.name.text == self._guard.message
            for one in node.triggers
        )

    def _arrive(self, node: FlowNode, state: _State) -> None:
        place = (node.id, state is not _LOOKED_AT)
        if place not in self._seen:
            self._seen[place] = state
            self._todo.append((node, state))

    def _go_on(self, node: FlowNode, state: _State) -> None:
        for event in self._interrupting(node):
            self._arrive(event, state or _Since(node))
        if node.inside is not None and not node.is_event_subprocess:
            for first in _first(node.inside):
                self._arrive(first, state)
            return
        if self._is_guard(node):
            self._leave(node, _LOOKED_AT)
        elif self._waits(node):
            self._leave(node, _Since(node))
        else:
            self._leave(node, state)

    def _interrupting(self, node: FlowNode) -> Iterator[FlowNode]:
        """What can take a token away from here: borders, event subprocesses around it."""
        yield from node.boundaries
        container: Container | None = node.container
        while container is not None:
            for one in container.nodes.values():
                if one.is_event_subprocess and one.inside is not None:
                    yield from (start for start in one.inside.of("startEvent"))
            owner = container.owner
            yield from () if owner is None else owner.boundaries
            container = None if owner is None else owner.container

    def _leave(self, node: FlowNode, state: _State) -> None:
        nodes = node.container.nodes
        for flow in node.outgoing:
            self._arrive(nodes[flow.target], state)
        for target in _linked(node):
            self._arrive(target, state)
        owner = node.container.owner
        if not node.outgoing and owner is not None and not owner.is_event_subprocess:
            # A subprocess is over when all in it is: others may have waited meanwhile.
            self._leave(owner, state)

    def _is_guard(self, node: FlowNode) -> bool:
        called = node.extensions.called.process_id
        return node.tag == "callActivity" and called.text == self._guard.process_id

    def _waits(self, node: FlowNode) -> bool:
        if node.tag == "intermediateCatchEvent":
            return TriggerKind.LINK not in node.kinds
        work = node.extensions.job.task_type
        elsewhere = bool(work) and work.text not in self._known.task_types
        return node.tag in _WAITING or elsewhere


def _first(container: Container) -> list[FlowNode]:
    starts = container.of("startEvent")
    loose = [one for one in container.nodes.values() if not one.incoming]
    return starts or [one for one in loose if one.tag != "boundaryEvent" and not one.aside]


def _linked(node: FlowNode) -> Iterator[FlowNode]:
    if node.tag != "intermediateThrowEvent":
        return
    names = {one.link for one in node.triggers if one.kind is TriggerKind.LINK}
    for other in node.container.of("intermediateCatchEvent"):
        if any(one.kind is TriggerKind.LINK and one.link in names for one in other.triggers):
            yield other


def _names(node: XmlNode, variable: str) -> bool:
    """Tell whether an expression, or a mapping's target, has this variable."""
    written = (one for one in node.iter() if local_name(one) not in _PROSE)
    texts = (str(text) for one in written for text in (one.text, *one.attrib.values()) if text)
    return any(variable in _NAME.findall(text) for text in texts)
