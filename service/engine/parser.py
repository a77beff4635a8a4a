"""SpiffWorkflow's parser with our parts: no recursion along flows, nothing of the dialect lost."""

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.domain.events import ElementType
from service.engine import structure
from service.engine.containers import AdHocSpec
from service.engine.diagram import ProcessSource, documentation, label, read_levels
from service.engine.dialect import (
    BPMN,
    PUBLIC_NAME,
    ZEEBE,
    binding,
    read_extensions,
    read_outcomes,
)
from service.engine.elements import Element
from service.engine.loop_settings import read_completion, read_loop
from service.engine.process_spec import ElementSpec, KernelProcessSpec
from service.engine.spec_choice import choose_spec
from service.engine.triggers import Declarations, read_triggers
from service.engine.xml_source import XmlNode, flag, local_name

NAMESPACES = {
    "bpmn": BPMN,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "zeebe": ZEEBE,
}

_TYPES = {
    "task": ElementType.TASK,
    "subProcess": ElementType.SUB_PROCESS,
    "transaction": ElementType.SUB_PROCESS,
    "adHocSubProcess": ElementType.AD_HOC_SUB_PROCESS,
    "startEvent": ElementType.START_EVENT,
    "endEvent": ElementType.END_EVENT,
    "boundaryEvent": ElementType.BOUNDARY_EVENT,
    "intermediateCatchEvent": ElementType.INTERMEDIATE_CATCH_EVENT,
    "intermediateThrowEvent": ElementType.INTERMEDIATE_THROW_EVENT,
    "userTask": ElementType.USER_TASK,
    "manualTask": ElementType.MANUAL_TASK,
    "serviceTask": ElementType.SERVICE_TASK,
    "sendTask": ElementType.SEND_TASK,
    "receiveTask": ElementType.RECEIVE_TASK,
    "businessRuleTask": ElementType.BUSINESS_RULE_TASK,
    "scriptTask": ElementType.SCRIPT_TASK,
    "callActivity": ElementType.CALL_ACTIVITY,
    "exclusiveGateway": ElementType.EXCLUSIVE_GATEWAY,
    "parallelGateway": ElementType.PARALLEL_GATEWAY,
    "inclusiveGateway": ElementType.INCLUSIVE_GATEWAY,
    "eventBasedGateway": ElementType.EVENT_BASED_GATEWAY,
}
"""The flow nodes that run here, by local name."""


def element_type(node: XmlNode) -> ElementType:
    """What a flow node is to other rooms."""
    if local_name(node) == "subProcess" and flag(node, "triggeredByEvent"):
        return ElementType.EVENT_SUB_PROCESS
    return _TYPES[local_name(node)]


def read_element(node: XmlNode, lane: str | None = None) -> Element:
    """What other rooms learn of a flow node."""
    extensions = read_extensions(node)
    form, called = extensions.form, extensions.called.process_id
    return Element(
        id=node.get("id", ""),
        name=label(node),
        type=element_type(node),
        form_id=form.form_id if form else None,
        form_binding=binding(form.binding if form else ""),
        outcomes=read_outcomes(extensions.properties),
        documentation=documentation(node),
        properties=extensions.properties,
        headers=extensions.headers,
        dated=bool(extensions.user_task.due_date),
        lane=lane or "",
        calls="" if called.is_feel else called.text,
        public_name=extensions.properties.get(PUBLIC_NAME, "").strip(),
    )


class KernelTaskParser(TaskParser):
    """Parses one flow node; its process parser connects it afterwards."""

    def parse_node(self) -> ElementSpec:
        """The stock method follows the flows, one level of recursion a node."""
        self.task = self.create_task()
        return self.task

    def create_task(self) -> ElementSpec:
        """A specification with the element and all its extensions."""
        element = read_element(self.node, self.lane)
        extensions = read_extensions(self.node)
        triggers = read_triggers(self.node, self.process_parser.declared)
        spec_class = choose_spec(self.node, extensions, triggers)
        spec: ElementSpec = spec_class(self.spec, element, extensions, lane=self.lane)
        spec.triggers = triggers
        spec.loop = read_loop(self.node)
        spec.for_compensation = flag(self.node, "isForCompensation")
        spec.is_event_subprocess = element.type is ElementType.EVENT_SUB_PROCESS
        if isinstance(spec, AdHocSpec):
            spec.completion = read_completion(self.node)
            spec.cancels_remaining = flag(self.node, "cancelRemainingInstances", default=True)
        return spec


class KernelProcessParser(ProcessParser):
    """Parses one process with its subprocesses, node by node, then flow by flow, as in the file."""

    declared: Declarations

    def create_spec(self) -> KernelProcessSpec:
        """A process without the stock start and end nodes."""
        return KernelProcessSpec(self.bpmn_id, description=self.get_name())

    def add_tasks(self) -> None:
        """Parse every flow node, reachable or not, and connect them."""
        self.declared = Declarations.read(self.node.getparent())
        levels = list(read_levels(self.node))
        for level in levels:
            self._add_level(level)
        for level in levels:
            structure.connect(self.spec, level)
        structure.finish(self.spec)

    def _add_level(self, level: ProcessSource) -> None:
        specs = self.spec.task_specs
        for node in level.nodes:
            if node.id in specs:
                raise ValidationException("编号重复", node.node)
            spec = self.parse_node(node.node)
            spec.scope = None if level.node is self.node else level.id


class KernelParser(BpmnParser):
    """A parser that knows the elements that run here, and no other."""

    PROCESS_PARSER_CLASS = KernelProcessParser
    PARSER_CLASSES = {  # noqa: RUF012 - the name and the shape are SpiffWorkflow's
        full_tag(name): (KernelTaskParser, ElementSpec) for name in _TYPES
    }

    def __init__(self) -> None:
        super().__init__(namespaces=NAMESPACES)
