"""The names that expressions of a process can meet: what sets them, and where they are seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.engine.dialect import VariableMapping
from service.engine.known import Known
from service.engine.loop_settings import MultiInstance
from service.engine.loops import LOOP_COUNTER
from service.engine.names import INITIATOR, completer_variable, outcome_variable
from service.engine.outline import Container, FlowNode, Outline
from service.engine.triggers import TriggerKind

COUNTERS = frozenset(
    {
        *("numberOfInstances", "numberOfActiveInstances"),
        *("numberOfCompletedInstances", "numberOfTerminatedInstances"),
    }
)
"""What a completion condition sees beside the variables."""

_BRINGING = {
    TriggerKind.MESSAGE,
    TriggerKind.SIGNAL,
    TriggerKind.ERROR,
    TriggerKind.ESCALATION,
}
"""Events that may bring variables."""

_CAUGHT = {
    TriggerKind.ERROR: frozenset({"errorCode", "errorMessage"}),
    TriggerKind.ESCALATION: frozenset({"escalationCode"}),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that the scopes of a process can carry.

    `closed` when nothing else can set one: every form is known and no result is free.
    """

    names: frozenset[str]
    closed: bool


def vocabulary_of(outline: Outline, known: Known) -> Vocabulary:
    """What the start, the forms, the events, the results and the mappings of a process can set."""
    names, closed = {INITIATOR}, _begins_by_form(outline)
    for node in outline.all_nodes:
        if node.tag == "userTask":
            names |= {outcome_variable(node.id), completer_variable(node.id)}
        names |= targets_of(node.extensions.outputs)
        if isinstance(node.loop, MultiInstance):
            names.add(node.loop.collections.output_collection)
        if node.tag == "adHocSubProcess":
            names.add(node.extensions.ad_hoc.output_collection)
            closed = False
        if node.extensions.outputs and not _is_plain_start(node):
            continue
        left = _left_unasked(node, known)
        names |= left or set()
        closed = closed and left is not None
    return Vocabulary(frozenset(names - {""}), closed)


def results_of(node: FlowNode, known: Known) -> frozenset[str] | None:
    """The names an element's work sets by itself; None when it may set any."""
    extensions = node.extensions
    if _is_plain_start(node) or node.tag == "userTask":
        return known.forms.get(extensions.form.form_id, frozenset()) if extensions.form else None
    if node.tag == "callActivity" or (extensions.job.task_type and _works(node)):
        return None
    if node.tag in ("businessRuleTask", "scriptTask"):
        return frozenset({extensions.result_variable} - {""})
    catching = node.tag in ("startEvent", "boundaryEvent", "intermediateCatchEvent", "receiveTask")
    return None if catching and node.kinds & _BRINGING else frozenset()


def names_caught(node: FlowNode) -> frozenset[str]:
    """What an event knows of what it caught; its mappings alone see it."""
    return frozenset().union(*(_CAUGHT.get(kind, frozenset()) for kind in node.kinds))


def own_names(node: FlowNode) -> frozenset[str]:
    """The variables of an element's own scopes, which everything in it sees."""
    names = targets_of(node.extensions.inputs) | _body_names(node)
    if node.loop is not None:
        names |= {LOOP_COUNTER}
    if isinstance(node.loop, MultiInstance):
        names |= {node.loop.collections.input_element, node.loop.absorbed}
    return frozenset(names - {""})


def names_at_border(node: FlowNode) -> frozenset[str]:
    """What the events at an activity's border, and the conditions behind it, see of it."""
    return _body_names(node) if node.loop is not None else own_names(node)


def names_around(container: Container) -> frozenset[str]:
    """The local names of the subprocesses around."""
    names: set[str] = set()
    while container.owner is not None:
        names |= own_names(container.owner)
        container = container.owner.container
    return frozenset(names)


def targets_of(mappings: Iterable[VariableMapping]) -> frozenset[str]:
    """The variables that mappings write."""
    return frozenset(mapping.target.partition(".")[0] for mapping in mappings)


def _body_names(node: FlowNode) -> frozenset[str]:
    names = {node.extensions.ad_hoc.output_collection}
    if isinstance(node.loop, MultiInstance):
        names.add(node.loop.collections.output_collection)
    return frozenset(names - {""})


def _left_unasked(node: FlowNode, known: Known) -> frozenset[str] | None:
    if node.tag == "callActivity" and not node.extensions.called.all_child_variables:
        return frozenset()
    return results_of(node, known)


def _is_plain_start(node: FlowNode) -> bool:
    return node.tag == "startEvent" and node.container.owner is None and not node.triggers


def _begins_by_form(outline: Outline) -> bool:
    """Without any start event an instance begins with whatever a call brings."""
    return bool(outline.containers[0].of("startEvent"))


def _works(node: FlowNode) -> bool:
    return node.tag in (
        *("serviceTask", "sendTask", "businessRuleTask", "scriptTask"),
        *("intermediateThrowEvent", "endEvent"),
    )
