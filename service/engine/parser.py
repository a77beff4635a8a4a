"""SpiffWorkflow's parser with our parts: no recursion along flows, nothing of the dialect lost."""

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.domain.events import ElementType
from service.engine.diagram import ProcessSource, documentation, label, read_process
from service.engine.dialect import (
    BPMN,
    ZEEBE,
    Source,
    binding,
    read_extensions,
    read_outcomes,
)
from service.engine.elements import Element
from service.engine.joins import ParallelGatewaySpec
from service.engine.process_spec import ElementSpec, Flow, KernelProcessSpec
from service.engine.task_specs import (
    BusinessRuleTaskSpec,
    EndEventSpec,
    ExclusiveGatewaySpec,
    ScriptTaskSpec,
    ServiceTaskSpec,
    StartEventSpec,
    UserTaskSpec,
)
from service.engine.xml_source import XmlNode, local_name

NAMESPACES = {
    "bpmn": BPMN,
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "zeebe": ZEEBE,
}

ELEMENT_TYPES = {
    "startEvent": ElementType.START_EVENT,
    "endEvent": ElementType.END_EVENT,
    "userTask": ElementType.USER_TASK,
    "serviceTask": ElementType.SERVICE_TASK,
    "businessRuleTask": ElementType.BUSINESS_RULE_TASK,
    "scriptTask": ElementType.SCRIPT_TASK,
    "exclusiveGateway": ElementType.EXCLUSIVE_GATEWAY,
    "parallelGateway": ElementType.PARALLEL_GATEWAY,
}
"""The flow nodes that run here, by local name."""


def read_element(node: XmlNode, lane: str | None = None) -> Element:
    """What other rooms learn of a flow node."""
    extensions = read_extensions(node)
    form = extensions.form
    return Element(
        id=node.get("id", ""),
        name=label(node),
        type=ELEMENT_TYPES[local_name(node)],
        form_id=form.form_id if form else None,
        form_binding=binding(form.binding if form else ""),
        outcomes=read_outcomes(extensions.properties),
        documentation=documentation(node),
        properties=extensions.properties,
        headers=extensions.headers,
        lane=lane or "",
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
        spec: ElementSpec = self.spec_class(self.spec, element, extensions, lane=self.lane)
        return spec


class KernelProcessParser(ProcessParser):
    """Parses one process, node by node, then flow by flow, in the order of the file."""

    def create_spec(self) -> KernelProcessSpec:
        """A process without the stock start and end nodes."""
        return KernelProcessSpec(self.bpmn_id, description=self.get_name())

    def add_tasks(self) -> None:
        """Parse every flow node, reachable or not, and connect them."""
        source = read_process(self.node)
        for node in source.nodes:
            if node.id in self.spec.task_specs:
                raise ValidationException("编号重复", node.node)
            spec = self.parse_node(node.node)
            if node.tag == "startEvent":
                self.spec.entry = spec.name
        self._connect(source)

    def _connect(self, source: ProcessSource) -> None:
        defaults = {node.id: node.default_flow for node in source.nodes}
        for flow in source.flows:
            self.spec.task_specs[flow.source].add_flow(
                Flow(
                    id=flow.id,
                    target=flow.target,
                    condition=None if flow.condition is None else Source.read(flow.condition),
                    is_default=defaults[flow.source] == flow.id,
                ),
                self.spec.task_specs[flow.target],
            )
        if not self.spec.entry:
            raise ValidationException("流程没有开始事件", self.node)
        self.spec.start.connect(self.spec.task_specs[self.spec.entry])


class KernelParser(BpmnParser):
    """A parser that knows the elements that run here, and no other."""

    PROCESS_PARSER_CLASS = KernelProcessParser
    PARSER_CLASSES = {  # noqa: RUF012 - the name and the shape are SpiffWorkflow's
        full_tag("startEvent"): (KernelTaskParser, StartEventSpec),
        full_tag("endEvent"): (KernelTaskParser, EndEventSpec),
        full_tag("userTask"): (KernelTaskParser, UserTaskSpec),
        full_tag("serviceTask"): (KernelTaskParser, ServiceTaskSpec),
        full_tag("businessRuleTask"): (KernelTaskParser, BusinessRuleTaskSpec),
        full_tag("scriptTask"): (KernelTaskParser, ScriptTaskSpec),
        full_tag("exclusiveGateway"): (KernelTaskParser, ExclusiveGatewaySpec),
        full_tag("parallelGateway"): (KernelTaskParser, ParallelGatewaySpec),
    }

    def __init__(self) -> None:
        super().__init__(namespaces=NAMESPACES)
