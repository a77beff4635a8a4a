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

GROUPS: Mapping[str, tuple[Rule, ...]] = {
    "文件": (
        Rule("xml-size", "文件不超过 5 MB", _OURS),
        Rule("xml-doctype", "文件不含 DOCTYPE 和实体", _OURS),
        Rule("xml-well-formed", "文件是完整的 XML", "XML 1.0, 2.1"),
        Rule("xml-depth", "元素嵌套有限", _OURS),
        Rule("bpmn-definitions", "文件是 BPMN 2.0", f"{_BPMN}, 8.2.1"),
        Rule("bpmn-schema", "文件符合 BPMN 2.0 的 XML 架构", f"{_BPMN}, BPMN20.xsd"),
        Rule("size-nodes", "流程元素数量有限", _OURS),
        Rule("size-expressions", "表达式数量有限", _OURS),
    ),
    "编号、名称和流程": (
        Rule("id-missing", "每个元素有编号", f"{_BPMN}, table 8.5"),
        Rule("id-unique", "编号不重复", f"{_BPMN}, table 8.5"),
        Rule("id-reserved", "编号不用 Start、End、Root", _OURS),
        Rule("text-length", "编号和名称长度有限", _OURS),
        Rule("process-executable", "文件中有可执行的流程", f"{_BPMN}, table 10.1"),
        Rule("process-private", "可执行的流程不是公开流程", f"{_BPMN}, table 10.1"),
        Rule("process-retention", "保存期限写法正确", _OURS),
        Rule("process-closed", "是否封闭写法正确", _OURS),
        Rule("process-closed-kept", "去掉封闭的标记不会放开以前的事项", _OURS),
        Rule("process-sealed", "能不能从外面写入的写法正确", _OURS),
        Rule("process-sealed-kept", "去掉“不能从外面写入”的标记不会放开事项", _OURS),
        Rule("process-called-only", "只由其他流程调用的流程能被调用，没有开始表单", _OURS),
        Rule(
            "process-called-only-missing", "被调用而没有开始表单的流程标明只由其他流程调用", _OURS
        ),
        Rule("process-ignored", "不可执行的流程不会运行", f"{_BPMN}, table 10.1"),
    ),
    "引用、池和泳道": (
        Rule("reference", "引用的元素存在", f"{_BPMN}, 8.2.1"),
        Rule("reference-drawing", "图形都有对应的元素", f"{_BPMN}, 12.2.3"),
        Rule("message-flow", "消息流连接两个不同的池", f"{_BPMN}, 7.6.2"),
        Rule("pool-multiplicity", "参与者的数量范围成立", f"{_BPMN}, 9.3.1"),
        Rule("lane-nodes", "泳道只划分本流程的元素", f"{_BPMN}, 10.8"),
        Rule("data-association", "数据关联连接数据，没有转换时来源只有一个", f"{_BPMN}, 10.4.1"),
        Rule("documentation-only", "泳道和消息流只作说明", _OURS),
    ),
    "按名称拒绝": (
        Rule("quantity", "起始数量和完成数量是 1", _OURS),
        Rule("multi-instance-behavior", "多实例的完成事件是 All", _OURS),
        Rule("complex-gateway", "没有复杂网关", _OURS),
        Rule("ad-hoc-sequential", "自由子流程并行进行", _OURS),
        Rule("receive-task-instantiates", "接收任务不启动流程", _OURS),
        Rule("parallel-multiple", "没有并行多重事件", _OURS),
        Rule("compensation-event-subprocess", "没有由补偿触发的事件子流程", _OURS),
        Rule("choreography", "没有编排和会话", _OURS),
        Rule("data-store", "数据存储只作说明，没有内容", _OURS),
        Rule("data-content", "数据只作说明，没有内容", _OURS),
    ),
    "元素、属性和扩展": (
        Rule("element-supported", "元素可以运行", _OURS),
        Rule("attribute-supported", "属性可以运行", _OURS),
        Rule("attribute-foreign", "没有其他引擎的属性", _OURS),
        Rule("extension-known", "扩展属于 Camunda 8", f"{_ZEEBE}, zeebe-bpmn-moddle"),
        Rule("extension-place", "扩展写在它适用的元素上", f"{_ZEEBE}, zeebe-bpmn-moddle"),
        Rule("extension-supported", "扩展可以运行", _OURS),
        Rule("extension-once", "同一扩展只写一次", f"{_ZEEBE}, zeebe-bpmn-moddle"),
        Rule("property-known", "jiaoyan. 属性可以识别", _OURS),
        Rule("property-place", "jiaoyan. 属性写在起作用的地方", _OURS),
    ),
    "顺序流": (
        Rule("flow-ends", "顺序流两端是活动、网关或事件", f"{_BPMN}, 8.4.13"),
        Rule("flow-crossing", "顺序流不跨越流程和子流程的边界", f"{_BPMN}, 7.6.1"),
        Rule("flow-reference", "元素列出的顺序流与图一致", f"{_BPMN}, 8.4.13"),
        Rule("flow-immediate", "可执行流程的顺序流直接相连", f"{_BPMN}, table 8.60"),
        Rule("flow-condition-place", "事件、并行网关和事件网关的出口没有条件", f"{_BPMN}, 8.4.13"),
        Rule("flow-condition-alone", "有条件的出口不是唯一的出口", f"{_BPMN}, 8.4.13"),
        Rule("flow-default-alone", "活动有默认出口时另有带条件的出口", f"{_BPMN}, 8.4.13"),
        Rule("flow-dead-end", "有结束事件时，其他元素都有出口", f"{_BPMN}, 10.5.3"),
        Rule("flow-unreachable", "从开始能走到每个元素", f"{_BPMN}, 10.5.2"),
        Rule("flow-endless", "从每个元素能走到结束事件", _OURS),
    ),
    "每一层的开始和结束": (
        Rule(
            "start-count",
            "一层至多有一个无触发条件的开始事件",
            f"{_BPMN}, 13.3.4; 流程: {_OURS}",
        ),
        Rule("start-missing", "有结束事件就有开始事件", f"{_BPMN}, 10.5.2"),
        Rule("start-incoming", "开始事件没有入口", f"{_BPMN}, 10.5.2"),
        Rule("end-missing", "有开始事件就有结束事件", f"{_BPMN}, 10.5.3"),
        Rule("end-outgoing", "结束事件没有出口", f"{_BPMN}, 10.5.3"),
        Rule("subprocess-empty", "子流程里有步骤", _OURS),
        Rule(
            "event-subprocess-start", "事件子流程恰有一个带触发条件的开始事件", f"{_BPMN}, 10.3.5"
        ),
        Rule("event-subprocess-flows", "事件子流程没有入口和出口", f"{_BPMN}, 10.3.5"),
        Rule("event-subprocess-plain", "事件子流程不重复、不作补偿", f"{_BPMN}, 10.3.5"),
        Rule("ad-hoc-content", "自由子流程里有活动，没有开始和结束事件", f"{_BPMN}, 10.3.5"),
        Rule("ad-hoc-elements", "自由子流程要开始的活动是列表", f"{_ZEEBE}, zeebe:adHoc"),
        Rule("transaction-cancel", "可以取消的事务边界上有取消事件", _OURS),
    ),
    "默认出口和网关": (
        Rule("gateway-default", "默认出口是它自己的出口", f"{_BPMN}, 8.4.13"),
        Rule("gateway-default-place", "默认出口写在有条件的地方", f"{_BPMN}, 8.4.13"),
        Rule("gateway-default-condition", "默认出口上的条件不起作用", f"{_BPMN}, 8.4.13"),
        Rule(
            "gateway-condition",
            "排他和包容网关的出口有条件或是默认出口",
            f"{_BPMN}, 10.6.2, 10.6.3",
        ),
        Rule("gateway-idle", "网关分支或汇合", f"{_BPMN}, 10.6.1"),
        Rule("gateway-direction", "网关方向与出入口一致", f"{_BPMN}, 8.4.9"),
        Rule("gateway-deadlock", "并行网关不等只走一条的分支", f"{_BPMN}, 13.4.1"),
        Rule("event-gateway-exits", "事件网关至少有两个出口", f"{_BPMN}, 10.6.6"),
        Rule("event-gateway-targets", "事件网关后面是可以等待的事件", f"{_BPMN}, 10.6.6"),
        Rule("event-gateway-instantiates", "启动流程的事件网关没有入口", f"{_BPMN}, 10.6.6"),
    ),
    "事件": (
        Rule("event-definition", "等待的事件说明等待什么", f"{_BPMN}, 10.5.4"),
        Rule("event-place", "事件的类型可以用在这里", f"{_BPMN}, 10.5.2 to 10.5.4"),
        Rule("event-combination", "一个事件里的定义不互相矛盾", f"{_BPMN}, 10.3.5, 10.5.4"),
        Rule("event-flows", "中间事件有入口和出口", f"{_BPMN}, 10.5.4"),
        Rule("event-interrupting", "捕获错误和取消的事件是中断的", f"{_BPMN}, 10.5.4, 10.5.6"),
        Rule("event-duplicate", "同一处没有两个捕获同样事件的", f"{_BPMN}, 10.5.6"),
        Rule("event-reference", "事件引用有名称或代码的声明", f"{_BPMN}, 8.4.3, 8.4.4, 10.5.5"),
        Rule("event-code", "捕获的代码是固定的", _OURS),
        Rule("event-condition", "条件事件有可以计算的条件", f"{_BPMN}, 10.5.5"),
        Rule("cancel-place", "取消事件只用于事务", f"{_BPMN}, 10.5.5"),
        Rule("boundary-host", "边界事件附在同一层的活动上", f"{_BPMN}, 10.5.4"),
        Rule("boundary-flows", "边界事件没有入口，有出口（补偿没有）", f"{_BPMN}, 10.5.4"),
        Rule("link-pair", "链接的抛出和捕获在同一层里成对", f"{_BPMN}, 10.5.5"),
        Rule("link-flows", "链接抛出没有出口，捕获没有入口", f"{_BPMN}, 10.5.4"),
        Rule("message-key", "等待的消息有关联键", f"{_ZEEBE}, zeebe:subscription"),
        Rule("message-time-to-live", "消息的保留时间是时长", "ISO 8601"),
        Rule("timer-definition", "定时写明时间", f"{_BPMN}, 10.5.5"),
        Rule("timer-cycle-place", "周期用在可以反复触发的地方", f"{_BPMN}, table 10.101"),
        Rule("timer-value", "定时的取值有效", "ISO 8601"),
        Rule("timer-frequent", "周期不短于一分钟", _OURS),
        Rule("timer-far", "定时在一百年以内", _OURS),
    ),
    "补偿和重复": (
        Rule("compensation-event", "补偿边界事件连着一个补偿活动", f"{_BPMN}, 10.7.1"),
        Rule("compensation-handler", "补偿活动不在流程中，并与补偿事件相连", f"{_BPMN}, 10.7.1"),
        Rule("compensation-activity", "要补偿的活动在范围内，并能补偿", f"{_BPMN}, 10.7.2"),
        Rule("multi-instance-items", "多实例有集合或次数", f"{_BPMN}, 10.3.8"),
        Rule(
            "multi-instance-output",
            "输出集合和输出元素成对",
            f"{_ZEEBE}, zeebe:loopCharacteristics",
        ),
        Rule(
            "multi-instance-names", "集合的变量名写法正确", f"{_ZEEBE}, zeebe:loopCharacteristics"
        ),
        Rule("loop-condition", "循环的条件是表达式", f"{_BPMN}, 10.3.8"),
        Rule("loop-maximum", "循环的次数上限是正整数", f"{_BPMN}, 10.3.8"),
    ),
    "扩展的内容": (
        Rule("user-task-assignment", "用户任务有办理人或候选", _OURS),
        Rule("user-task-outcomes", "用户任务的办理结果写法正确", _OURS),
        Rule("user-task-posts", "写明的岗位组可以识别", _OURS),
        Rule("user-task-deputy", "是否允许代理写法正确", _OURS),
        Rule("deadline", "期限、提醒、逾期上报写法正确", _OURS),
        Rule("deadline-once", "期限只有一种写法", _OURS),
        Rule("deadline-order", "截止时间不早于跟进时间，年份合理", _OURS),
        Rule("deadline-idle", "有期限时提醒和上报才起作用", _OURS),
        Rule("irreversible", "不可撤回的步骤写明纠正的法定办法，不另设补偿", _OURS),
        Rule("guard", "执行决定的不可撤回步骤，之前核对过决定今天还有效", _OURS),
        Rule("guard-reason", "不可撤回的步骤与决定无关的，写明理由", _OURS),
        Rule("retitle", "重新生成标题的步骤写法正确，流程有标题", _OURS),
        Rule("public-name", "步骤的对外名称写法正确", _OURS),
        Rule("public-comment", "对申请人公开意见的步骤有对外名称", _OURS),
        Rule("outcome-variable", "办理结果各有变量", _OURS),
        Rule("form-place", "表单写在由人发起或办理的地方", f"{_ZEEBE}, zeebe:formDefinition"),
        Rule("form-id", "表单引用写明编号", f"{_ZEEBE}, zeebe:formDefinition"),
        Rule("form-known", "引用的表单存在", f"{_ZEEBE}, zeebe:formDefinition"),
        Rule("binding-supported", "版本绑定可以运行", _OURS),
        Rule("service-task-type", "服务任务有类型", f"{_ZEEBE}, zeebe:taskDefinition"),
        Rule("service-task-handler", "服务任务的类型有处理程序", _OURS),
        Rule("service-task-retry", "重试设置写法正确", _OURS),
        Rule("task-type-place", "任务类型写在起作用的地方", f"{_ZEEBE}, zeebe:taskDefinition"),
        Rule("task-implementation", "任务只有一种做法", f"{_ZEEBE}, zeebe:taskDefinition"),
        Rule("send-what", "发送任务有任务类型或消息", f"{_BPMN}, 10.3.3"),
        Rule("call-process", "调用活动写明流程", f"{_ZEEBE}, zeebe:calledElement"),
        Rule("call-known", "调用的流程存在", f"{_ZEEBE}, zeebe:calledElement"),
        Rule("call-begins", "调用的流程有无触发条件的开始事件", f"{_BPMN}, 10.5.2"),
        Rule("call-binding", "调用的版本绑定正确", f"{_ZEEBE}, zeebe:calledElement"),
        Rule("decision-id", "业务规则任务引用决策", f"{_ZEEBE}, zeebe:calledDecision"),
        Rule("decision-known", "引用的决策存在", f"{_ZEEBE}, zeebe:calledDecision"),
        Rule("script-expression", "脚本任务有表达式", f"{_ZEEBE}, zeebe:script"),
        Rule(
            "result-variable", "结果变量名写法正确", f"{_ZEEBE}, zeebe:calledDecision, zeebe:script"
        ),
        Rule("mapping-target", "映射目标是变量名", f"{_ZEEBE}, zeebe:ioMapping"),
        Rule("mapping-source", "映射有来源", f"{_ZEEBE}, zeebe:ioMapping"),
        Rule("mapping-place", "映射写在起作用的地方", f"{_ZEEBE}, zeebe:ioMapping"),
        Rule("name-reserved", "不改写系统变量", _OURS),
        Rule("literal-value", "直接写出的取值有效", _OURS),
    ),
    "表达式": (
        Rule("feel-condition", "条件是表达式", f"{_ZEEBE}, conditionExpression"),
        Rule("feel-syntax", "表达式写法正确", f"{_DMN}, 10.3.1"),
        Rule("feel-function", "表达式用到的函数存在", f"{_DMN}, 10.3.4"),
        Rule("feel-name", "表达式用到的变量会有值", _OURS),
    ),
    "表单": (
        Rule("form-json", "文件是表单", "form-js schema"),
        Rule("form-depth", "表单的嵌套有限", _OURS),
        Rule("form-number", "数是有限的，位数不太多", f"{_JSON}, 6"),
        Rule("form-text", "文字可以保存", f"{_JSON}, 8.2"),
        Rule("form-name-once", "同一个对象里名称不重复", f"{_JSON}, 4"),
        Rule("form-schema", "表单可以显示和校验", "form-js schema"),
    ),
    "决策": (
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
    ),
}
"""The rules by what they are about."""

RULES: Mapping[str, Rule] = {rule.id: rule for group in GROUPS.values() for rule in group}
