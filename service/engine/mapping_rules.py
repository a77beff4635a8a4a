"""Rules about the variables that an element reads and writes."""

from service.engine.dialect import Source, VariableMapping
from service.engine.findings import Findings
from service.engine.names import INITIATOR, is_reserved
from service.engine.outline import FlowNode, Outline
from service.engine.triggers import TriggerKind
from service.engine.xml_source import XmlNode
from service.feel import PLAIN_NAME


def check_mappings(outline: Outline, found: Findings) -> None:
    """Check the input and output mappings of a process."""
    for node in outline.all_nodes:
        for mapping in (*node.extensions.inputs, *node.extensions.outputs):
            _check_mapping(node, mapping, found)
        for output in node.extensions.outputs:
            check_reserved(node.node, output.target.partition(".")[0], found)
        _check_place(node, found)


def check_result_variable(node: FlowNode, found: Findings) -> None:
    """Check the variable that holds the result of a script or decision."""
    name = node.extensions.result_variable
    if not PLAIN_NAME.fullmatch(name):
        found.add(
            "result-variable",
            f"结果变量名“{name[:100]}”是空的或不合要求。",
            "请填写变量名：只用汉字、字母、数字和下划线，不以数字开头。",
            at=node.node,
        )
    check_reserved(node.node, name, found)


def check_reserved(at: XmlNode, name: str, found: Findings) -> None:
    """Check that a name is none that only the service writes."""
    if is_reserved(name):
        meaning = "发起人" if name == INITIATOR else "用户任务的办理结果和办理人"
        found.add(
            "name-reserved",
            f"变量“{name}”由系统记录{meaning}，流程不能改写它。",
            "请换一个变量名。",
            at=at,
        )


def _check_mapping(node: FlowNode, mapping: VariableMapping, found: Findings) -> None:
    if not all(PLAIN_NAME.fullmatch(part) for part in mapping.target.split(".")):
        found.add(
            "mapping-target",
            f"映射目标“{mapping.target[:100]}”不是变量名。",
            "请填写变量名，或“变量.字段”：只用汉字、字母、数字和下划线，不以数字开头。",
            at=node.node,
        )
    if mapping.source == Source("", True) or not mapping.source.text:
        found.add(
            "mapping-source",
            f"映射目标“{mapping.target[:100]}”没有来源。",
            "请填写以 = 开头的表达式，或一段固定的文字。",
            at=node.node,
        )


def _check_place(node: FlowNode, found: Findings) -> None:
    """Whoever is begun by its event has no moment at which inputs could be worked out."""
    ext = node.extensions
    triggered = (node.tag == "startEvent" and node.triggers) or node.tag == "boundaryEvent"
    late = triggered or node.behind_event_gateway
    if late and ext.inputs:
        found.add(
            "mapping-place",
            f"{node.what}由事件触发，输入映射不起作用。",
            "请删去输入映射；事件带来的内容用输出映射取出。",
            at=node.node,
        )
    is_undo = node.tag == "boundaryEvent" and TriggerKind.COMPENSATION in node.kinds
    if is_undo and ext.outputs:
        found.add(
            "mapping-place",
            f"补偿事件{node.what}没有内容，输出映射不起作用。",
            "请删去它，写到补偿活动上。",
            at=node.node,
        )
