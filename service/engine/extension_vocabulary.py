"""The extensions of Camunda 8 (zeebe-bpmn-moddle of 8.8) and ours: where each may stand."""

from service.engine.dialect import (
    ALL_MISSED,
    ASYNC,
    CALLED_ONLY,
    CATEGORY,
    CLOSED,
    COMMENT_REQUIRED,
    DEADLINES,
    DUE_WORKING_DAYS,
    IRREVERSIBLE,
    MESSAGE_TTL,
    NO_DEPUTY,
    OUTCOMES,
    OWNER,
    PUBLIC_COMMENT,
    PUBLIC_NAME,
    RECUSE_FROM,
    RESTS_ON_NOTHING,
    RETENTION,
    RETITLE,
    RETRY,
    SEALED,
    START_LABEL,
    TITLE,
)

_JOB = {"taskDefinition", "taskHeaders"}
_MAPPED = {"ioMapping", "properties"}

PLACES = {
    "process": {"versionTag", "properties"},
    "message": {"subscription"},
    "startEvent": _MAPPED | {"formDefinition"},
    "endEvent": _MAPPED | _JOB,
    "boundaryEvent": _MAPPED,
    "intermediateCatchEvent": _MAPPED,
    "intermediateThrowEvent": _MAPPED | _JOB,
    "conditionalEventDefinition": {"conditionalFilter"},
    "task": _MAPPED,
    "manualTask": _MAPPED,
    "userTask": _MAPPED
    | {"userTask", "formDefinition", "assignmentDefinition", "taskSchedule"}
    | {"priorityDefinition", "taskHeaders"},
    "serviceTask": _MAPPED | _JOB,
    "sendTask": _MAPPED | _JOB,
    "receiveTask": _MAPPED,
    "businessRuleTask": _MAPPED | _JOB | {"calledDecision"},
    "scriptTask": _MAPPED | _JOB | {"script"},
    "callActivity": _MAPPED | {"calledElement"},
    "subProcess": _MAPPED,
    "transaction": _MAPPED,
    "adHocSubProcess": _MAPPED | {"adHoc"},
    "multiInstanceLoopCharacteristics": {"loopCharacteristics"},
}
ELSEWHERE = {"properties"}

_NOTHING = set[str]()
_COLLECTIONS = {"outputCollection", "outputElement"}

ATTRIBUTES = {
    "userTask": _NOTHING,
    "formDefinition": {"formId", "bindingType"},
    "assignmentDefinition": {"assignee", "candidateUsers", "candidateGroups"},
    "taskSchedule": {"dueDate", "followUpDate"},
    "priorityDefinition": {"priority"},
    "ioMapping": _NOTHING,
    "input": {"source", "target"},
    "output": {"source", "target"},
    "taskHeaders": _NOTHING,
    "header": {"key", "value"},
    "properties": _NOTHING,
    "property": {"name", "value"},
    "taskDefinition": {"type", "retries"},
    "calledDecision": {"decisionId", "resultVariable", "bindingType"},
    "script": {"expression", "resultVariable"},
    "versionTag": {"value"},
    "subscription": {"correlationKey"},
    "conditionalFilter": {"variableNames"},
    "loopCharacteristics": {"inputCollection", "inputElement"} | _COLLECTIONS,
    "adHoc": {"activeElementsCollection"} | _COLLECTIONS,
    "calledElement": {"processId", "processIdExpression", "bindingType", "versionTag"}
    | {"propagateAllParentVariables", "propagateAllChildVariables"},
}

CONTENT = {
    "ioMapping": {"input", "output"},
    "taskHeaders": {"header"},
    "properties": {"property"},
}

NOT_RUN = {
    "executionListeners": "执行监听器",
    "taskListeners": "任务监听器",
    "publishMessage": "消息发布",
    "linkedResources": "关联资源",
    "userTaskForm": "嵌入的用户任务表单",
}
"""Extensions of Camunda 8 that do not run here, with their Chinese names."""

LIMITED = {
    ("taskDefinition", "type"),
    ("formDefinition", "formId"),
    ("calledDecision", "decisionId"),
    ("calledElement", "processId"),
    ("calledElement", "versionTag"),
    ("versionTag", "value"),
    ("header", "key"),
}
"""Attributes that name something elsewhere: they are as short as names."""

_STEP = {PUBLIC_NAME}
_DONE = _STEP | {IRREVERSIBLE, RESTS_ON_NOTHING, RETITLE}
"""Of steps that do something: what only waits or parts the way cannot be irreversible."""
_WORK = {ASYNC, RETRY}

OUR_PROPERTIES = {
    "process": {TITLE, CATEGORY, START_LABEL, RETENTION, CLOSED, SEALED, CALLED_ONLY, OWNER}
    | (DEADLINES - {DUE_WORKING_DAYS}),
    "task": _DONE,
    "manualTask": _DONE,
    "userTask": _DONE
    | {OUTCOMES, COMMENT_REQUIRED, NO_DEPUTY, PUBLIC_COMMENT, RECUSE_FROM}
    | DEADLINES,
    "serviceTask": _DONE | _WORK,
    "businessRuleTask": _DONE | _WORK,
    "scriptTask": _DONE | _WORK,
    "sendTask": _DONE | _WORK | {MESSAGE_TTL},
    "receiveTask": _STEP,
    "callActivity": _DONE,
    "subProcess": _DONE,
    "transaction": _DONE,
    "adHocSubProcess": _DONE,
    "intermediateCatchEvent": _STEP,
    "intermediateThrowEvent": _DONE | _WORK | {MESSAGE_TTL},
    "endEvent": _STEP | _WORK | {MESSAGE_TTL},
    "startEvent": _STEP | {ALL_MISSED},
    "boundaryEvent": _STEP | {ALL_MISSED},
}
