"""What designers call the parts of a file and the places where these say something."""

import re
from collections.abc import Mapping

from service.domain.design_changes import ChangeKind
from service.web.catalogue import _

_NUMBER = re.compile(r"^(inputEntry|outputEntry)(?:\[(\d+)\])?/text$")
_REFERENCES = {"@sourceRef", "@targetRef", "@attachedToRef", "@default"}
_TOLD = re.compile(r"^(?:.*/)?(\w+)\[([^\]]*)\](@\w+)?$")


def change_word(change: ChangeKind) -> str:
    """What became of a part."""
    return {
        ChangeKind.ADDED: _("新增"),
        ChangeKind.REMOVED: _("删除"),
        ChangeKind.CHANGED: _("修改"),
    }[change]


def kind_word(kind: str) -> str:
    """Return what a part of this tag or type is called; the tag where it is a rare one."""
    words = {
        "process": _("流程"),
        "participant": _("池"),
        "lane": _("泳道"),
        "startEvent": _("开始事件"),
        "endEvent": _("结束事件"),
        "intermediateCatchEvent": _("等待事件"),
        "intermediateThrowEvent": _("抛出事件"),
        "boundaryEvent": _("边界事件"),
        "task": _("任务"),
        "userTask": _("用户任务"),
        "manualTask": _("手工任务"),
        "serviceTask": _("服务任务"),
        "sendTask": _("发送任务"),
        "receiveTask": _("接收任务"),
        "businessRuleTask": _("业务规则任务"),
        "scriptTask": _("脚本任务"),
        "callActivity": _("调用活动"),
        "subProcess": _("子流程"),
        "transaction": _("事务"),
        "adHocSubProcess": _("自由子流程"),
        "exclusiveGateway": _("排他网关"),
        "parallelGateway": _("并行网关"),
        "inclusiveGateway": _("包容网关"),
        "eventBasedGateway": _("事件网关"),
        "sequenceFlow": _("顺序流"),
        "message": _("消息"),
        "signal": _("信号"),
        "error": _("错误"),
        "escalation": _("升级"),
        "textAnnotation": _("注释"),
        "association": _("关联线"),
        "definitions": _("文件"),
        "decision": _("决策"),
        "input": _("条件列"),
        "output": _("结论列"),
        "rule": _("规则"),
        "inputData": _("输入数据"),
        "default": _("表单"),
        "textfield": _("单行文字"),
        "textarea": _("多行文字"),
        "number": _("数字"),
        "datetime": _("日期时间"),
        "checkbox": _("复选框"),
        "checklist": _("复选框组"),
        "radio": _("单选组"),
        "select": _("下拉选择"),
        "taglist": _("标签选择"),
        "filepicker": _("文件字段"),
        "expression": _("计算字段"),
        "text": _("说明文字"),
        "group": _("分组"),
        "dynamiclist": _("明细列表"),
    }
    return words.get(kind, kind)


def place_word(place: str) -> str:
    """Return what a place of a part is called; the path in the file where it is a rare one."""
    if found := _NUMBER.match(place):
        pattern = (
            _("第 %(number)s 个条件") if found[1] == "inputEntry" else _("第 %(number)s 个结论")
        )
        return pattern % {"number": found[2] or "1"}
    if place.startswith("flowNodeRef"):
        return _("里面的节点")
    if place in (words := _places()):
        return words[place]
    if (found := _TOLD.match(place)) and (word := _told().get(found[1])):
        return word % {"name": found[2]}
    return place.lstrip("@")


def value_word(place: str, value: str, names: Mapping[str, str]) -> str:
    """Return what is said at a place; what refers to another part names it."""
    if place.startswith("flowNodeRef") or place in _REFERENCES:
        return names.get(value, value)
    return value


def _told() -> dict[str, str]:
    """Places of which there are several, by what each is about."""
    return {
        "input": _("输入映射 %(name)s"),
        "output": _("输出映射 %(name)s"),
        "property": _("设置 %(name)s"),
        "header": _("任务标头 %(name)s"),
    }


def _places() -> dict[str, str]:
    return {
        "": _("类型"),
        "@name": _("名称"),
        "@label": _("名称"),
        "@sourceRef": _("起点"),
        "@targetRef": _("终点"),
        "@default": _("默认出口"),
        "@associationDirection": _("方向"),
        "@attachedToRef": _("附在哪个活动上"),
        "@hitPolicy": _("命中策略"),
        "decisionTable@hitPolicy": _("命中策略"),
        "@typeRef": _("类型"),
        "conditionExpression": _("条件"),
        "documentation": _("说明"),
        "formDefinition@formId": _("表单"),
        "assignmentDefinition@assignee": _("办理人"),
        "assignmentDefinition@candidateGroups": _("候选组"),
        "assignmentDefinition@candidateUsers": _("候选人"),
        "taskSchedule@dueDate": _("期限"),
        "taskSchedule@followUpDate": _("跟进日期"),
        "priorityDefinition@priority": _("优先级"),
        "taskDefinition@type": _("任务类型"),
        "taskDefinition@retries": _("重试次数"),
        "calledDecision@decisionId": _("决策"),
        "calledDecision@resultVariable": _("结果变量"),
        "calledElement@processId": _("调用的流程"),
        "script@expression": _("表达式"),
        "script@resultVariable": _("结果变量"),
        "timerEventDefinition/timeDuration": _("时长"),
        "timerEventDefinition/timeDate": _("日期"),
        "timerEventDefinition/timeCycle": _("周期"),
        "inputExpression/text": _("表达式"),
        "inputExpression@typeRef": _("类型"),
        "properties/property[jiaoyan.outcomes]@value": _("办理结果"),
        "properties/property[jiaoyan.comment-required]@value": _("必须填意见的结果"),
        "properties/property[jiaoyan.title]@value": _("事项标题"),
        "properties/property[jiaoyan.owner]@value": _("流程负责人"),
        "properties/property[jiaoyan.due-working-days]@value": _("办理期限（工作日）"),
        "properties/property[jiaoyan.remind-before]@value": _("到期前提醒"),
        "properties/property[jiaoyan.remind-after]@value": _("逾期后提醒"),
        "properties/property[jiaoyan.remind-every]@value": _("再次提醒的间隔"),
        "properties/property[jiaoyan.remind-limit]@value": _("逾期后最多提醒几次"),
        "properties/property[jiaoyan.remind-at]@value": _("提醒和上报的时刻"),
        "properties/property[jiaoyan.escalate-after]@value": _("逾期上报的时间"),
        "properties/property[jiaoyan.escalate-to]@value": _("逾期上报的对象"),
        "properties/property[jiaoyan.urge-cooldown]@value": _("催办间隔（小时）"),
        "properties/property[jiaoyan.irreversible]@value": _("不可撤回，依法纠正的办法"),
        "properties/property[jiaoyan.retitle]@value": _("办完后重新生成事项标题"),
        "properties/property[jiaoyan.category]@value": _("分类"),
        "properties/property[jiaoyan.start-label]@value": _("发起表单的名称"),
        "name": _("名称"),
        "id": _("编号"),
        "key": _("字段键"),
        "label": _("字段名称"),
        "text": _("文字"),
        "description": _("字段说明"),
        "defaultValue": _("默认值"),
        "validate.required": _("必填"),
        "validate.minLength": _("最小长度"),
        "validate.maxLength": _("最大长度"),
        "validate.min": _("最小值"),
        "validate.max": _("最大值"),
        "conditional.hide": _("隐藏条件"),
        "readonly": _("只读"),
        "disabled": _("停用"),
        "versionTag": _("版本标签"),
    }
