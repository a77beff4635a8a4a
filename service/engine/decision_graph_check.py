"""Rules about what decisions require of each other."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from service.domain.problems import Severity
from service.engine.decision_graph import (
    Decision,
    DecisionGraph,
    DecisionService,
    InputData,
    KnowledgeModel,
    Node,
)
from service.engine.decision_names import NAME_REMEDY
from service.engine.decision_source import children, reference
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name

SIZE_LIMIT = 1_000_000
"""Bytes of a file's decisions as they are sent to the helper; variables travel beside them."""

NODE_LIMIT = 1_000
"""Decisions, inputs, knowledge models and services of a file."""

_REFERENCES: Mapping[str, str] = {
    "requiredDecision": "决策",
    "requiredInput": "输入",
    "requiredKnowledge": "业务知识模型或决策服务",
    "outputDecision": "决策",
    "encapsulatedDecision": "决策",
    "inputDecision": "决策",
    "inputData": "输入",
}
_HOLDERS = ("informationRequirement", "knowledgeRequirement")


def check_graph(definitions: XmlNode, graph: DecisionGraph, found: Findings) -> None:
    """Check references, cycles, names and decision services."""
    for node in definitions:
        for holder in node:
            if local_name(holder) in _HOLDERS:
                _check_references(holder, graph, found)
        if local_name(node) == "decisionService":
            _check_references(node, graph, found)
    _check_cycles(graph.circular(), found)
    for decision in graph.decisions.values():
        _check_names(decision, graph, found)
    for model in graph.models.values():
        _check_twice(model, [model.name, *graph.called(model)], found)
    for data in graph.inputs.values():
        _check_label(data, found)
    for service in graph.services.values():
        _check_service(service, graph, found)


def _check_references(holder: XmlNode, graph: DecisionGraph, found: Findings) -> None:
    for name, what in _REFERENCES.items():
        for node in children(holder, name):
            if reference(node) not in _known(name, graph):
                found.add(
                    "dmn-reference",
                    f"依赖的{what}“{node.get('href', '')}”不在这个文件里。",
                    "请重新连线，或删去这条依赖；依赖的内容要放在同一个文件里。",
                    at=node,
                )


def _known(name: str, graph: DecisionGraph) -> Collection[str]:
    if name == "requiredKnowledge":
        return graph.callees.keys()
    return graph.inputs.keys() if "nput" in name and name != "inputDecision" else graph.decisions


def _check_cycles(circular: list[Node], found: Findings) -> None:
    if circular:
        first = circular[0]
        names = "、".join(node.place.name or node.id for node in circular[:10])
        found.note(
            "dmn-cycle",
            f"这些内容互相依赖，绕成了圈：{names}。",
            "请删去其中一条依赖。业务知识模型调用自己时不用画依赖。",
            element_id=first.id,
            element_name=first.place.name,
        )


def _check_names(decision: Decision, graph: DecisionGraph, found: Findings) -> None:
    """A required result that cannot be named, and two requirements of one name."""
    required = [graph.decisions[one] for one in decision.decisions if one in graph.decisions]
    reachable = {one.id for one in graph.names(decision).values()}
    for one in required:
        if one.id not in reachable:
            _note(
                decision,
                f"依赖的决策“{one.name}”的名称和编号都不能用在表达式里。",
                f"请改名。{NAME_REMEDY}",
                found,
            )
    names = [one.variable for one in required]
    names += [graph.inputs[one].name for one in decision.inputs if one in graph.inputs]
    _check_twice(decision, [*names, *graph.called(decision)], found)


def _check_twice(node: Decision | KnowledgeModel, names: Iterable[str], found: Findings) -> None:
    for name, count in Counter(name for name in names if name).items():
        if count > 1:
            _note(
                node,
                f"依赖的内容里有 {count} 项都叫“{name}”，不知道用哪一个。",
                "请改成不同的名称；名称里的空格和下划线算作相同。",
                found,
            )


def _check_label(data: InputData, found: Findings) -> None:
    """Input data that only explains: whoever gave it a type thinks that it is checked."""
    if data.type and not data.name:
        _note(
            data,
            f"输入“{data.place.name}”的名称不能用在表达式里，只作说明；它的类型不会检查。",
            f"要检查类型，请改名。{NAME_REMEDY}",
            found,
            severity=Severity.WARNING,
        )


def _check_service(service: DecisionService, graph: DecisionGraph, found: Findings) -> None:
    parameters = [parameter.name for parameter in graph.parameters(service)]
    outputs = [graph.decisions[one] for one in service.outputs if one in graph.decisions]
    if not outputs:
        _note(service, "决策服务没有输出决策。", "请指定输出决策。", found, "dmn-service")
    unnamed = len(outputs) > 1 and not all(one.variable for one in outputs)
    if unnamed or not all(parameters) or len(set(parameters)) < len(parameters):
        _note(
            service,
            "决策服务的输入或输出的名称不能用在表达式里，或有重复。",
            f"请改名。{NAME_REMEDY}",
            found,
            "dmn-service",
        )
    inside = graph.order(service.outputs, service.input_decisions)
    declared = {*service.outputs, *service.encapsulated}
    needed = {one for decision in inside for one in graph.decisions[decision].inputs}
    if not declared >= set(inside) or not set(service.inputs) >= needed:
        _note(
            service,
            "决策服务里的决策还依赖它没有列出的决策或输入。",
            "请把它们列为服务内的决策、输入决策或输入。",
            found,
            "dmn-service",
        )


def check_size(graph: DecisionGraph, found: Findings) -> bool:
    """Whether the decisions are few and small enough to look at what they require."""
    remedy = "请拆成几个文件，分别由业务规则任务调用。"
    count = len(graph.inputs) + len(graph.decisions) + len(graph.callees)
    if count > NODE_LIMIT:
        message = f"文件里的决策、输入和知识模型共有 {count:,} 个，最多 {NODE_LIMIT:,} 个。"
        found.note("dmn-size", message, remedy)
        return False
    size = graph.size()
    if size > SIZE_LIMIT:
        message = f"文件里的决策共有 {size:,} 字节，最多 {SIZE_LIMIT:,}。"
        found.note("dmn-size", message, remedy)
    return size <= SIZE_LIMIT


def _note(
    node: Node | InputData,
    message: str,
    remedy: str,
    found: Findings,
    rule: str = "dmn-name",
    severity: Severity = Severity.ERROR,
) -> None:
    found.note(
        rule,
        message,
        remedy,
        element_id=node.place.id,
        element_name=node.place.name,
        severity=severity,
    )
