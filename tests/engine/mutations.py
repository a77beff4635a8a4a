"""Mutations of diagrams: elements and attributes removed, doubled, moved, retargeted."""

import random
from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from service.engine.dialect import BPMN, ZEEBE
from service.engine.xml_source import XmlNode, local_name, namespace

_FLOW_NODES = (
    *("task", "userTask", "receiveTask", "callActivity", "subProcess", "transaction"),
    *("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
    *("boundaryEvent", "exclusiveGateway", "parallelGateway", "inclusiveGateway"),
    *("eventBasedGateway", "adHocSubProcess"),
)
_REFERENCES = frozenset(
    {
        *("sourceRef", "targetRef", "attachedToRef", "activityRef", "default"),
        *("messageRef", "signalRef", "errorRef", "escalationRef"),
    }
)
_FLAGS = frozenset(
    {
        *("isInterrupting", "cancelActivity", "triggeredByEvent", "isForCompensation"),
        *("isSequential", "waitForCompletion", "instantiate", "testBefore"),
    }
)
_VALUES = ("", "=1", "=x", "1", "R/PT1H", "PT1H", "=null", "=[1, 2]", "=true", "a b", "initiator")


def mutated(source: bytes, seed: int, times: int) -> bytes:
    """The diagram after so many mutations, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311
    root = etree.fromstring(source)
    for _ in range(times):
        chance.choice(_MUTATIONS)(root, chance)
    return bytes(etree.tostring(root))


def _some(root: XmlNode, chance: random.Random) -> XmlNode:
    nodes = [node for node in root.iterdescendants() if namespace(node) in (BPMN, ZEEBE)]
    return chance.choice(nodes) if nodes else root


def _remove(root: XmlNode, chance: random.Random) -> None:
    node = _some(root, chance)
    if node is not root:
        node.getparent().remove(node)


def _double(root: XmlNode, chance: random.Random) -> None:
    node = _some(root, chance)
    if node is root:
        return
    copy = deepcopy(node)
    for one in copy.iter():
        if one.get("id") and chance.random() < 0.9:
            one.set("id", f"{one.get('id')}_{chance.randrange(100)}")
    node.addnext(copy)


def _move(root: XmlNode, chance: random.Random) -> None:
    node, target = _some(root, chance), _some(root, chance)
    if node is not root and node not in target.iterancestors() and node is not target:
        target.append(node)


def _retarget(root: XmlNode, chance: random.Random) -> None:
    """References twice as often as others: they are what holds a diagram together."""
    nodes = [n for n in root.iterdescendants() if _REFERENCES.intersection(n.attrib)]
    ids = [n.get("id") for n in root.iterdescendants() if n.get("id")]
    if nodes and ids:
        node = chance.choice(nodes)
        node.set(chance.choice(sorted(_REFERENCES.intersection(node.attrib))), chance.choice(ids))


def _unset(root: XmlNode, chance: random.Random) -> None:
    node = _some(root, chance)
    if node.attrib:
        del node.attrib[chance.choice(sorted(node.attrib))]


def _reset(root: XmlNode, chance: random.Random) -> None:
    node = _some(root, chance)
    if node.attrib:
        node.set(chance.choice(sorted(node.attrib)), chance.choice(_VALUES))


def _rewrite(root: XmlNode, chance: random.Random) -> None:
    nodes = [n for n in root.iterdescendants() if (n.text or "").strip()]
    if nodes:
        chance.choice(nodes).text = chance.choice(_VALUES)


def _flip(root: XmlNode, chance: random.Random) -> None:
    """Set a flag anywhere the schema knows it."""
    node, name = _some(root, chance), chance.choice(sorted(_FLAGS))
    node.set(name, chance.choice(("true", "false", "1", "0")))


def _change_kind(root: XmlNode, chance: random.Random) -> None:
    nodes = [n for n in root.iterdescendants() if local_name(n) in _FLOW_NODES]
    if nodes:
        chance.choice(nodes).tag = f"{{{BPMN}}}{chance.choice(_FLOW_NODES)}"


def _change_trigger(root: XmlNode, chance: random.Random) -> None:
    nodes = [n for n in root.iterdescendants() if local_name(n).endswith("EventDefinition")]
    if len(nodes) > 1:
        node, other = chance.sample(nodes, 2)
        node.getparent().replace(node, deepcopy(other))


_MUTATIONS: tuple[Callable[[XmlNode, random.Random], None], ...] = (
    *(_remove, _double, _move, _retarget, _retarget, _unset, _reset, _rewrite, _flip, _flip),
    *(_change_kind, _change_trigger, _change_trigger),
)
