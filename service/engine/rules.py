"""Every rule of the deploy check, by id, with its source in the standard.

An id never changes its meaning: diagrams in the field and tests name it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule a resource must keep. `title` in Chinese for designers; `source` where it is from."""

    id: str
    title: str
    source: str


_OURS = "本系统"
_BPMN = "BPMN 2.0.2 (formal/2013-12-09)"
_ZEEBE = "Camunda 8.8"
_JSON = "RFC 8259"
_DMN = "DMN 1.3 (formal/2021-02-01)"

_TABLE = (
    # The file.
    Rule("xml-size", "文件不超过 5 MB", _OURS),
    Rule("xml-doctype", "文件不含 DOCTYPE 和实体", _OURS),
    Rule("xml-well-formed", "文件是完整的 XML", "XML 1.0, 2.1"),
    Rule("xml-depth", "元素嵌套有限", _OURS),
    Rule("bpmn-definitions", "文件是 BPMN 2.0", f"{_BPMN}, 8.1"),
    Rule("bpmn-schema", "文件符合 BPMN 2.0 的 XML 架构", f"{_BPMN}, BPMN20.xsd"),
    Rule("size-nodes", "流程元素数量有限", _OURS),
    # Ids and names.
    Rule("id-missing", "每个元素有编号", f"{_BPMN}, table 8.5"),
    Rule("id-unique", "编号不重复", f"{_BPMN}, table 8.5"),
    Rule("id-reserved", "编号不用 Start、End、Root", _OURS),
    Rule("text-length", "编号和名称长度有限", _OURS),
    Rule("process-executable", "文件中有可执行的流程", f"{_BPMN}, table 10.1"),
    Rule("process-ignored", "不可执行的流程不会运行", f"{_BPMN}, table 10.1"),
    # Elements.
    Rule("element-supported", "元素可以运行", _OURS),
    Rule("attribute-supported", "属性可以运行", _OURS),
    Rule("attribute-foreign", "没有其他引擎的属性", _OURS),
    Rule("extension-known", "扩展属于 Camunda 8", f"{_ZEEBE}, zeebe-bpmn-moddle"),
    Rule("extension-place", "扩展写在它适用的元素上", f"{_ZEEBE}, zeebe-bpmn-moddle"),
    Rule("extension-supported", "扩展可以运行", _OURS),
    Rule("extension-once", "同一扩展只写一次", f"{_ZEEBE}, zeebe-bpmn-moddle"),
    Rule("property-known", "jiaoyan. 属性可以识别", _OURS),
    # Sequence flows.
    Rule("flow-ends", "顺序流两端都有元素", f"{_BPMN}, table 8.60"),
    Rule("flow-crossing", "顺序流不跨越流程边界", f"{_BPMN}, 7.5.1"),
    Rule("flow-reference", "元素列出的顺序流与图一致", f"{_BPMN}, table 8.60"),
    Rule("flow-several", "任务和事件只有一个出口", _OURS),
    Rule("flow-condition-place", "条件只写在排他网关的出口上", _OURS),
    Rule("start-count", "流程恰有一个开始事件", f"{_BPMN}, 10.5.2"),
    Rule("start-incoming", "开始事件没有入口", f"{_BPMN}, 10.5.2"),
    Rule("end-missing", "流程有结束事件", f"{_BPMN}, 10.5.3"),
    Rule("end-outgoing", "结束事件没有出口", f"{_BPMN}, 10.5.3"),
    Rule("flow-dead-end", "除结束事件外都有出口", f"{_BPMN}, 10.5.3"),
    Rule("flow-unreachable", "从开始事件能走到每个元素", f"{_BPMN}, 10.5.2"),
    Rule("flow-endless", "从每个元素能走到结束事件", f"{_BPMN}, 10.5.3"),
    Rule("gateway-default", "默认出口是本网关的出口", f"{_BPMN}, table 10.53"),
    Rule("gateway-default-place", "默认出口只写在排他网关上", f"{_BPMN}, 8.4.13"),
    Rule("gateway-condition", "排他网关的出口有条件或是默认出口", f"{_BPMN}, 10.6.2"),
    Rule("gateway-default-condition", "默认出口没有条件", f"{_BPMN}, 8.4.13"),
    Rule("gateway-direction", "网关方向与出入口一致", f"{_BPMN}, table 8.47"),
    # What the extensions say.
    Rule("user-task-assignment", "用户任务有办理人或候选", _OURS),
    Rule("user-task-outcomes", "用户任务的办理结果写法正确", _OURS),
    Rule("form-id", "表单引用写明编号", f"{_ZEEBE}, zeebe:formDefinition"),
    Rule("form-known", "引用的表单存在", f"{_ZEEBE}, zeebe:formDefinition"),
    Rule("binding-supported", "版本绑定可以运行", _OURS),
    Rule("service-task-type", "服务任务有类型", f"{_ZEEBE}, zeebe:taskDefinition"),
    Rule("service-task-handler", "服务任务的类型有处理程序", _OURS),
    Rule("service-task-retry", "重试设置写法正确", _OURS),
    Rule("decision-id", "业务规则任务引用决策", f"{_ZEEBE}, zeebe:calledDecision"),
    Rule("decision-known", "引用的决策存在", f"{_ZEEBE}, zeebe:calledDecision"),
    Rule("script-expression", "脚本任务有表达式", f"{_ZEEBE}, zeebe:script"),
    Rule("result-variable", "结果变量名写法正确", f"{_ZEEBE}, zeebe:calledDecision, zeebe:script"),
    Rule("mapping-target", "映射目标是变量名", f"{_ZEEBE}, zeebe:ioMapping"),
    Rule("mapping-source", "映射有来源", f"{_ZEEBE}, zeebe:ioMapping"),
    Rule("name-reserved", "不改写系统变量", _OURS),
    Rule("literal-value", "直接写出的取值有效", _OURS),
    # Expressions.
    Rule("feel-condition", "条件是表达式", f"{_ZEEBE}, conditionExpression"),
    Rule("feel-syntax", "表达式写法正确", f"{_DMN}, 10.3.1"),
    Rule("feel-function", "表达式用到的函数存在", f"{_DMN}, 10.3.4"),
    Rule("feel-name", "表达式用到的变量会有值", _OURS),
    # Forms.
    Rule("form-json", "文件是表单", "form-js schema"),
    Rule("form-depth", "表单的嵌套有限", _OURS),
    Rule("form-number", "数是有限的，位数不太多", f"{_JSON}, 6"),
    Rule("form-text", "文字可以保存", f"{_JSON}, 8.2"),
    Rule("form-name-once", "同一个对象里名称不重复", f"{_JSON}, 4"),
    Rule("form-schema", "表单可以显示和校验", "form-js schema"),
    # Decisions.
    Rule("dmn-definitions", "文件是 DMN 1.3 至 1.5", f"{_DMN}, 6.3.2"),
    Rule("dmn-decision", "文件中有决策，编号不重复", f"{_DMN}, 6.3.7"),
    Rule("dmn-logic", "决策有可以运行的逻辑", f"{_DMN}, 6.3.7"),
    Rule("dmn-expression", "表达式的各部分都写全", f"{_DMN}, 7.3 and 10.2"),
    Rule("dmn-reference", "依赖的内容在同一个文件里", f"{_DMN}, 6.3"),
    Rule("dmn-cycle", "依赖不成圈", f"{_DMN}, 6.2.2"),
    Rule("dmn-name", "名称可以用在表达式里，用到的名称会有值", f"{_DMN}, 10.3.1.2"),
    Rule("dmn-item", "类型定义完整", f"{_DMN}, 7.3.2"),
    Rule("dmn-service", "决策服务的输入和输出完整", f"{_DMN}, 6.3.10"),
    Rule("dmn-invocation", "调用给出的参数与函数一致", f"{_DMN}, 7.3.5"),
    Rule("dmn-size", "文件里的决策不太大", _OURS),
    Rule("dmn-hit-policy", "命中策略可以运行", f"{_DMN}, 8.2.10"),
    Rule("dmn-priority", "按优先级选规则时列出允许值", f"{_DMN}, 8.2.10"),
    Rule("dmn-relation", "关系表的单元格与列对应", f"{_DMN}, 7.3.7"),
    Rule("dmn-input", "输入列有表达式", f"{_DMN}, 8.3.2"),
    Rule("dmn-output", "输出列的名称写法正确", f"{_DMN}, 8.3.3"),
    Rule("dmn-rule", "规则的单元格与列对应", f"{_DMN}, 8.3.4"),
    Rule("dmn-type", "类型可以识别", f"{_DMN}, 10.3.2.1"),
    Rule("dmn-language", "表达式语言是 FEEL", f"{_DMN}, 6.3.2"),
    Rule("dmn-supported", "决策文件的内容可以运行", _OURS),
)

RULES: Mapping[str, Rule] = {rule.id: rule for rule in _TABLE}
