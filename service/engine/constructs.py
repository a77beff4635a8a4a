"""The constructs of BPMN: what may stand in what, what runs, and what each is called.

Beside what runs, a diagram may hold documentation: drawings, lanes, pools, data objects, data
stores without content, and declarations that nothing refers to.
"""

_ANYWHERE = frozenset({"documentation", "extensionElements", "extension"})
_FLOW_ELEMENT = _ANYWHERE | {"auditing", "monitoring", "categoryValueRef"}
_FLOW_NODE = _FLOW_ELEMENT | {"incoming", "outgoing"}
_ASSOCIATIONS = frozenset({"property", "dataInputAssociation", "dataOutputAssociation"})
_ACTIVITY = (
    _FLOW_NODE
    | _ASSOCIATIONS
    | {"ioSpecification", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
)
_DEFINITIONS = frozenset(
    {
        *("messageEventDefinition", "timerEventDefinition", "signalEventDefinition"),
        *("errorEventDefinition", "escalationEventDefinition", "conditionalEventDefinition"),
        *("linkEventDefinition", "compensateEventDefinition", "terminateEventDefinition"),
        "cancelEventDefinition",
    }
)
_EVENT = (
    _FLOW_NODE
    | _ASSOCIATIONS
    | _DEFINITIONS
    | {"eventDefinitionRef", "inputSet", "outputSet", "dataInput", "dataOutput"}
)
_DRAWING = frozenset({"textAnnotation", "association", "group"})
_TASKS = (
    *("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask"),
    *("scriptTask", "businessRuleTask", "callActivity"),
)
_EVENTS = (
    *("startEvent", "endEvent", "boundaryEvent"),
    *("intermediateCatchEvent", "intermediateThrowEvent"),
)
_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
_SUBPROCESSES = ("subProcess", "transaction", "adHocSubProcess")
_CONTAINER = (
    _DRAWING
    | {"laneSet", "sequenceFlow", "dataObject", "dataObjectReference", "dataStoreReference"}
    | {"property"}
    | {*_TASKS, *_EVENTS, *_GATEWAYS, *_SUBPROCESSES}
)
_DOCUMENTS = (
    *("category", "itemDefinition", "interface", "endPoint", "resource", "partnerEntity"),
    *("partnerRole", "correlationProperty", "relationship", "globalTask", "globalUserTask"),
    *("dataStore", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask"),
)
"""Declarations that say nothing by themselves: what would refer to them does not run."""

CHILDREN: dict[str, frozenset[str]] = {
    "definitions": _ANYWHERE
    | {"process", "collaboration", "message", "signal", "error", "escalation"}
    | {*_DOCUMENTS, *_DEFINITIONS},
    "collaboration": _ANYWHERE | _DRAWING | {"participant", "messageFlow"},
    "participant": _ANYWHERE | {"interfaceRef", "endPointRef", "participantMultiplicity"},
    "messageFlow": _ANYWHERE,
    "message": _ANYWHERE,
    "signal": _ANYWHERE,
    "error": _ANYWHERE,
    "escalation": _ANYWHERE,
    "process": _FLOW_ELEMENT | _CONTAINER | {"ioSpecification", "supports"},
    "laneSet": _ANYWHERE | {"lane"},
    "childLaneSet": _ANYWHERE | {"lane"},
    "lane": _ANYWHERE | {"flowNodeRef", "childLaneSet", "partitionElement"},
    "sequenceFlow": _FLOW_ELEMENT | {"conditionExpression"},
    "multiInstanceLoopCharacteristics": _ANYWHERE | {"loopCardinality", "completionCondition"},
    "standardLoopCharacteristics": _ANYWHERE | {"loopCondition"},
    "ioSpecification": _ANYWHERE | {"inputSet", "outputSet"},
    "dataInputAssociation": _ANYWHERE | {"sourceRef", "targetRef"},
    "dataOutputAssociation": _ANYWHERE | {"sourceRef", "targetRef"},
    "messageEventDefinition": _ANYWHERE,
    "signalEventDefinition": _ANYWHERE,
    "errorEventDefinition": _ANYWHERE,
    "escalationEventDefinition": _ANYWHERE,
    "compensateEventDefinition": _ANYWHERE,
    "terminateEventDefinition": _ANYWHERE,
    "cancelEventDefinition": _ANYWHERE,
    "timerEventDefinition": _ANYWHERE | {"timeDate", "timeDuration", "timeCycle"},
    "conditionalEventDefinition": _ANYWHERE | {"condition"},
    "linkEventDefinition": _ANYWHERE | {"source", "target"},
    **{tag: _FLOW_NODE for tag in _GATEWAYS},
    **{tag: _ACTIVITY for tag in _TASKS},
    **{tag: _ACTIVITY | _CONTAINER for tag in _SUBPROCESSES},
    "adHocSubProcess": _ACTIVITY | _CONTAINER | {"completionCondition"},
    **{tag: _EVENT for tag in ("startEvent", "boundaryEvent", "intermediateCatchEvent")},
    **{tag: _EVENT for tag in ("endEvent", "intermediateThrowEvent")},
}
"""What runs, or is documentation, inside each element. Elements not named here are not entered."""

OWN_RULES = {
    "complexGateway": "complex-gateway",
    "complexBehaviorDefinition": "multi-instance-behavior",
    **{
        tag: "choreography"
        for tag in (
            *("choreography", "choreographyTask", "subChoreography", "callChoreography"),
            *("globalChoreographyTask", "conversation", "subConversation", "callConversation"),
            *("globalConversation", "conversationLink", "conversationAssociation"),
            *("participantAssociation", "messageFlowAssociation", "choreographyRef"),
            "correlationKey",
        )
    },
    **{
        tag: "data-content"
        for tag in (
            *("dataInput", "dataOutput", "assignment", "transformation", "loopDataInputRef"),
            *("loopDataOutputRef", "inputDataItem", "outputDataItem"),
        )
    },
}
"""Rules of their own for what is refused by its name; the others share one."""

NAMES = {
    "startEvent": "开始事件",
    "endEvent": "结束事件",
    "intermediateCatchEvent": "中间捕获事件",
    "intermediateThrowEvent": "中间抛出事件",
    "boundaryEvent": "边界事件",
    "implicitThrowEvent": "隐式抛出事件",
    "task": "未定类型的任务",
    "userTask": "用户任务",
    "manualTask": "手工任务",
    "serviceTask": "服务任务",
    "sendTask": "发送任务",
    "receiveTask": "接收任务",
    "scriptTask": "脚本任务",
    "businessRuleTask": "业务规则任务",
    "subProcess": "子流程",
    "adHocSubProcess": "自由子流程",
    "transaction": "事务子流程",
    "callActivity": "调用活动",
    "exclusiveGateway": "排他网关",
    "parallelGateway": "并行网关",
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
    "complexBehaviorDefinition": "多实例的复杂事件规则（complexBehaviorDefinition）",
    "dataStore": "数据存储",
    "dataStoreReference": "数据存储",
    "dataInput": "数据输入（dataInput）",
    "dataOutput": "数据输出（dataOutput）",
    "assignment": "数据关联的赋值（assignment）",
    "transformation": "数据关联的转换（transformation）",
    "loopDataInputRef": "多实例的数据集合（loopDataInputRef）",
    "loopDataOutputRef": "多实例的数据集合（loopDataOutputRef）",
    "inputDataItem": "多实例的数据项（inputDataItem）",
    "outputDataItem": "多实例的数据项（outputDataItem）",
    "operationRef": "操作引用（operationRef）",
    "correlationSubscription": "关联订阅（correlationSubscription）",
    "correlationKey": "会话的关联键（correlationKey）",
    "ioBinding": "服务绑定（ioBinding）",
    "script": "脚本正文（bpmn:script）",
    "potentialOwner": "潜在办理人（potentialOwner）",
    "humanPerformer": "执行人（humanPerformer）",
    "performer": "执行人（performer）",
    "resourceRole": "资源角色",
    "rendering": "界面呈现（rendering）",
    "import": "导入",
    "extension": "强制扩展（bpmn:extension）",
    "choreography": "编排",
    "choreographyTask": "编排任务",
    "subChoreography": "子编排",
    "callChoreography": "调用编排",
    "conversation": "会话",
    "subConversation": "子会话",
    "callConversation": "调用会话",
    "conversationLink": "会话连线",
}

_ASSIGN = "请改用 zeebe:assignmentDefinition 设置办理人或候选组。"
_NOTE = "请删去它；只作说明时请改用文本注释。"
_MAPPING = "请删去它，改用输入、输出映射（zeebe:ioMapping）传递变量。"
_COLLECTION = "请删去它，改用 zeebe:loopCharacteristics 填写集合。"

REMEDIES = {
    "script": "请改用 zeebe:script 的 FEEL 表达式和结果变量。",
    "potentialOwner": _ASSIGN,
    "humanPerformer": _ASSIGN,
    "performer": _ASSIGN,
    "resourceRole": _ASSIGN,
    "complexGateway": "请改用排他、并行或包容网关的组合。",
    "dataInput": _MAPPING,
    "dataOutput": _MAPPING,
    "assignment": _MAPPING,
    "transformation": _MAPPING,
    "loopDataInputRef": _COLLECTION,
    "loopDataOutputRef": _COLLECTION,
    "inputDataItem": _COLLECTION,
    "outputDataItem": _COLLECTION,
    "operationRef": "请删去它，改用任务类型（zeebe:taskDefinition）。",
    "correlationSubscription": "请改用消息的关联键（zeebe:subscription）。",
}

FOREIGN = {
    "http://camunda.org/schema/1.0/bpmn": "Camunda 7",
    "http://flowable.org/bpmn": "Flowable",
    "http://activiti.org/bpmn": "Activiti",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "SpiffWorkflow",
    "http://www.jboss.org/drools": "jBPM",
}
"""Dialects of other engines: what they say would be lost here."""
