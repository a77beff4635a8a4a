"""Rules about what a diagram may hold: whatever does not run here is refused by its name."""

from service.engine.diagram import FLOW_NODES, bpmn
from service.engine.dialect import BPMN
from service.engine.findings import Findings
from service.engine.xml_source import XmlNode, local_name, namespace

_RUNS = "开始事件、结束事件、用户任务、服务任务、业务规则任务、脚本任务、排他网关、并行网关"

_ANYWHERE = frozenset({"documentation", "extensionElements"})
_FLOW_NODE = _ANYWHERE | {"incoming", "outgoing", "categoryValueRef"}
_DATA = frozenset({"property", "dataInputAssociation", "dataOutputAssociation"})
_DRAWING = frozenset({"textAnnotation", "association", "group"})

_CHILDREN = {
    "definitions": _ANYWHERE
    | {"process", "collaboration", "category", "itemDefinition"}
    | {"message", "signal", "error", "escalation"},
    "collaboration": _ANYWHERE | _DRAWING | {"participant"},
    "participant": _ANYWHERE,
    "process": _ANYWHERE
    | _DRAWING
    | {"laneSet", "sequenceFlow", "dataObject", "dataObjectReference", "property"}
    | {"startEvent", "endEvent", "userTask", "serviceTask", "businessRuleTask", "scriptTask"}
    | {"exclusiveGateway", "parallelGateway"},
    "laneSet": _ANYWHERE | {"lane"},
    "childLaneSet": _ANYWHERE | {"lane"},
    "lane": _ANYWHERE | {"flowNodeRef", "childLaneSet"},
    "startEvent": _FLOW_NODE | _DATA,
    "endEvent": _FLOW_NODE | _DATA,
    "userTask": _FLOW_NODE | _DATA,
    "serviceTask": _FLOW_NODE | _DATA,
    "businessRuleTask": _FLOW_NODE | _DATA,
    "scriptTask": _FLOW_NODE | _DATA,
    "exclusiveGateway": _FLOW_NODE,
    "parallelGateway": _FLOW_NODE,
    "sequenceFlow": _ANYWHERE | {"conditionExpression", "categoryValueRef"},
}
"""What runs, or is documentation, inside each element. Elements not named here are not entered."""

_NAMES = {
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件",
    "boundaryEvent": "边界事件",
    "task": "未定类型的任务",
    "manualTask": "手工任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "subProcess": "子流程",
    "adHocSubProcess": "自由子流程",
    "transaction": "事务子流程",
    "callActivity": "调用活动",
    "inclusiveGateway": "包容网关",
    "eventBasedGateway": "事件网关",
    "complexGateway": "复杂网关",
    "messageEventDefinition": "消息事件",
    "timerEventDefinition": "定时事件",
    "signalEventDefinition": "信号事件",
    "errorEventDefinition": "错误事件",
    "escalationEventDefinition": "升级事件",
    "conditionalEventDefinition": "条件事件",
    "linkEventDefinition": "链接事件",
    "compensateEventDefinition": "补偿事件",
    "terminateEventDefinition": "终止事件",
    "cancelEventDefinition": "取消事件",
    "multiInstanceLoopCharacteristics": "多实例",
    "standardLoopCharacteristics": "标准循环",
    "dataStore": "数据存储",
    "dataStoreReference": "数据存储",
    "ioSpecification": "数据输入输出规格",
    "messageFlow": "消息流",
    "participantMultiplicity": "参与者多重性",
    "script": "脚本正文（bpmn:script）",
    "potentialOwner": "潜在办理人（potentialOwner）",
    "humanPerformer": "执行人（humanPerformer）",
    "performer": "执行人（performer）",
    "resourceRole": "资源角色",
    "rendering": "界面呈现（rendering）",
    "import": "导入",
    "extension": "强制扩展（bpmn:extension）",
    "choreography": "编排",
    "conversation": "会话",
}

_REMEDIES = {
    "script": "请改用 zeebe:script 的 FEEL 表达式和结果变量。",
    "potentialOwner": "请改用 zeebe:assignmentDefinition 设置办理人或候选组。",
    "humanPerformer": "请改用 zeebe:assignmentDefinition 设置办理人或候选组。",
    "dataStore": "请删去它；只作说明时请改用文本注释。",
    "dataStoreReference": "请删去它；只作说明时请改用文本注释。",
    "messageFlow": "请删去消息流；只作说明时请改用文本注释。",
}

_FIXED_ATTRIBUTES = {
    "isForCompensation": ("false", "补偿活动"),
    "startQuantity": ("1", "起始数量（startQuantity）不为 1"),
    "completionQuantity": ("1", "完成数量（completionQuantity）不为 1"),
    "isInterrupting": ("true", "不中断的开始事件"),
    "parallelMultiple": ("false", "并行多重事件"),
    "operationRef": ("", "操作引用（operationRef）"),
}
"""Attributes that run with one value only, and what another would mean."""

_FOREIGN = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://www.jboss.org/drools": "jBPM",
}
"""Dialects of other engines: their attributes carry meaning that would be lost here."""


def foreign_dialect(namespace_uri: str) -> str | None:
    """The engine whose dialect this namespace is."""
    return _FOREIGN.get(namespace_uri)


def check_elements(definitions: XmlNode, found: Findings) -> None:
    """Check every element that means something, from the definitions down."""
    stack = [definitions]
    while stack:
        node = stack.pop()
        tag = local_name(node)
        allowed = _CHILDREN.get(tag)
        if allowed is None:
            continue
        _check_attributes(node, found)
        for child in node:
            if namespace(child) != BPMN:
                continue
            if local_name(child) in allowed:
                stack.append(child)
            else:
                _refuse(child, found)


def is_run(node: XmlNode) -> bool:
    """True when an element and everything around it means something here."""
    return local_name(node) in _CHILDREN and all(
        local_name(outer) in _CHILDREN for outer in node.iterancestors()
    )


def runs_whole(process: XmlNode) -> bool:
    """True when every flow node of the process runs here, so that its flows can be judged."""
    return all(
        local_name(child) in _CHILDREN
        for child in process
        if namespace(child) == BPMN and local_name(child) in FLOW_NODES
    )


def _refuse(node: XmlNode, found: Findings) -> None:
    tag = local_name(node)
    name = _NAMES.get(tag, f"bpmn:{tag}")
    found.add(
        "element-supported",
        f"{name}还不能运行。",
        _REMEDIES.get(tag, f"请删去它，或改用能运行的元素：{_RUNS}。"),
        at=node,
    )


def _check_attributes(node: XmlNode, found: Findings) -> None:
    for name, value in node.attrib.items():
        expected, meaning = _FIXED_ATTRIBUTES.get(name, (value, ""))
        if value.strip() != expected.strip():
            found.add("attribute-supported", f"{meaning}还不能运行。", "请删去这项设置。", at=node)
        engine = _FOREIGN.get(name.rpartition("}")[0].removeprefix("{"))
        if engine:
            found.add(
                "attribute-foreign",
                f"属性“{name.rpartition('}')[2]}”属于 {engine}，这里不会起作用。",
                "请删去它，改用 Camunda 8（zeebe）的对应设置。",
                at=node,
            )


def check_conditions_language(definitions: XmlNode, found: Findings) -> None:
    """Conditions in another language than FEEL are refused, not read as FEEL."""
    for node in definitions.iter(bpmn("conditionExpression")):
        language = node.get("language", "")
        if language and "FEEL" not in language.upper():
            found.add(
                "attribute-supported",
                f"条件使用了表达式语言“{language}”，这里只支持 FEEL。",
                "请删去 language 属性，并把条件改写为以 = 开头的 FEEL 表达式。",
                at=node,
            )
