"""Rules about repeated activities. BPMN 2.0.2, 10.3.8; collections are Camunda 8's."""

import re

from service.domain.problems import Severity
from service.engine.findings import Findings
from service.engine.loop_settings import MultiInstance, StandardLoop
from service.engine.mapping_rules import check_reserved
from service.engine.outline import FlowNode, Outline
from service.feel import PLAIN_NAME

_NUMBER = re.compile(r"[0-9]{1,9}")


def check_loops(outline: Outline, found: Findings) -> None:
    """Check every repeated activity of a process."""
    for node in outline.all_nodes:
        if isinstance(node.loop, MultiInstance):
            _check_items(node, node.loop, found)
            _check_output(node, node.loop, found)
            _check_completion(node, node.loop, found)
        elif isinstance(node.loop, StandardLoop):
            _check_standard(node, node.loop, found)


def _check_items(node: FlowNode, loop: MultiInstance, found: Findings) -> None:
    collection, times = loop.collections.input_collection, loop.cardinality
    if bool(collection) == bool(times):
        said = "既有集合又有次数" if collection else "既没有集合也没有次数"
        found.add(
            "multi-instance-items",
            f"多实例{node.what}{said}。",
            "请填写集合（inputCollection）或次数（loopCardinality）中的一种。",
            at=node.node,
        )
    elif collection and not collection.is_feel:
        found.add(
            "multi-instance-items",
            f"多实例{node.what}的集合不是表达式。",
            "请写成以 = 开头的表达式，例如 =成员名单。",
            at=node.node,
        )
    elif times and not times.is_feel and not _NUMBER.fullmatch(times.text.strip()):
        found.add(
            "multi-instance-items",
            f"多实例{node.what}的次数“{times.text.strip()[:100]}”不是 9 位以内的整数。",
            "请写成整数，或以 = 开头的表达式。",
            at=node.node,
        )


def _check_output(node: FlowNode, loop: MultiInstance, found: Findings) -> None:
    settings = loop.collections
    if bool(settings.output_collection) != bool(settings.output_element):
        found.add(
            "multi-instance-output",
            f"多实例{node.what}的输出集合和输出元素只写了一个。",
            "请两个都填写，或都删去。",
            at=node.node,
        )
    elif settings.output_element and not settings.output_element.is_feel:
        found.add(
            "multi-instance-output",
            f"多实例{node.what}的输出元素不是表达式。",
            "请写成以 = 开头的表达式，例如 =意见。",
            at=node.node,
        )
    check_loop_names(node, settings.input_element, settings.output_collection, found)
    if settings.input_element and not settings.input_collection:
        found.add(
            "multi-instance-items",
            f"多实例{node.what}写了输入元素，却没有集合。",
            "请填写集合，或删去输入元素。",
            at=node.node,
        )


def check_loop_names(node: FlowNode, element: str, collection: str, found: Findings) -> None:
    """Check the variables that a repeated activity, or an ad-hoc subprocess, writes."""
    for name, what in ((element, "输入元素"), (collection, "输出集合")):
        if name and not PLAIN_NAME.fullmatch(name):
            found.add(
                "multi-instance-names",
                f"{what}的变量名“{name[:100]}”不合要求。",
                "变量名只用汉字、字母、数字和下划线，不以数字开头。",
                at=node.node,
            )
    check_reserved(node.node, collection, found)


def _check_completion(node: FlowNode, loop: MultiInstance, found: Findings) -> None:
    if loop.completion and not loop.completion.is_feel:
        found.add(
            "loop-condition",
            f"多实例{node.what}的完成条件不是表达式。",
            "请写成以 = 开头的表达式，例如 =numberOfCompletedInstances >= 2。",
            at=node.node,
        )


def _check_standard(node: FlowNode, loop: StandardLoop, found: Findings) -> None:
    maximum = _maximum(node)
    if maximum and (not _NUMBER.fullmatch(maximum) or int(maximum) < 1):
        found.add(
            "loop-maximum",
            f"循环{node.what}的次数上限“{maximum[:100]}”不是正整数。",
            "请写成 1 以上的整数，或删去上限。",
            at=node.node,
        )
    if loop.condition and not loop.condition.is_feel:
        found.add(
            "loop-condition",
            f"循环{node.what}的条件不是表达式。",
            "请写成以 = 开头的表达式，例如 =金额 > 100。",
            at=node.node,
        )
    if not loop.condition and not maximum:
        found.add(
            "loop-condition",
            f"循环{node.what}既没有条件也没有次数上限，要等别的事件中断它才会停下。",
            "请填写循环条件（loopCondition）或次数上限（loopMaximum）。",
            at=node.node,
            severity=Severity.WARNING,
        )


def _maximum(node: FlowNode) -> str:
    written = node.node.xpath("*[local-name()='standardLoopCharacteristics']/@loopMaximum")
    return str(written[0]).strip() if written else ""
