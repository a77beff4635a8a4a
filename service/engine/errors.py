"""What can go wrong at the engine's door; what goes wrong inside an instance is an incident."""

from typing import ClassVar

from service.domain.errors import Conflict, Invalid, JiaoyanError


class ModelInvalid(Invalid):
    """文件「{resource}」不能运行：{reason}。请先通过部署检查，再重新部署。"""

    code: ClassVar[str] = "model-invalid"

    def __init__(self, reason: str, resource: str = "") -> None:
        super().__init__(resource=resource or "未命名", reason=reason)


class StateUnreadable(JiaoyanError):
    """实例的运行状态无法读取：{reason}。实例没有改动，请联系管理员。"""

    code: ClassVar[str] = "state-unreadable"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class NotWaiting(Conflict):
    """这一步已经不在等待办理，可能刚被办完或已终止；流程没有改动，请刷新后再看。"""

    code: ClassVar[str] = "not-waiting"

    def __init__(self, element_instance_key: int) -> None:
        self.element_instance_key = element_instance_key
        super().__init__(element_instance_key=element_instance_key)


class InstanceFull(Conflict):
    """这个实例同时进行的分支已达 {limit} 个，「{element_id}」没有再开始一个。请先办完一些分支。"""

    code: ClassVar[str] = "instance-full"

    def __init__(self, element_id: str, limit: int) -> None:
        super().__init__(element_id=element_id, limit=limit)


class NoSuchStart(Invalid):
    """流程不能从「{start_event}」开始：它没有这个开始事件。请刷新后再试，或联系流程设计人员。"""

    code: ClassVar[str] = "no-such-start"

    def __init__(self, start_event: str) -> None:
        super().__init__(start_event=start_event or "无触发条件的开始事件")


class StartUnclear(Invalid):
    """流程的开始事件不能使用：{reason}"""

    code: ClassVar[str] = "start-unclear"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


class DecisionFailed(Invalid):
    """决策「{decision}」没有得出结果：{reason}。"""

    code: ClassVar[str] = "decision-failed"

    def __init__(self, decision: str, reason: str) -> None:
        super().__init__(decision=decision, reason=reason)


class DecisionUnknown(DecisionFailed):
    """文件中没有决策「{decision}」。请检查业务规则任务引用的决策编号。"""

    code: ClassVar[str] = "decision-unknown"

    def __init__(self, decision: str) -> None:
        super().__init__(decision, "")


class DecisionInputInvalid(DecisionFailed):
    """决策「{decision}」的输入有误：{reason}。"""

    code: ClassVar[str] = "decision-input-invalid"


class DecisionNotUnique(DecisionFailed):
    """决策「{decision}」要求至多一条规则成立，但这些规则同时成立：{reason}。请修改决策表。"""

    code: ClassVar[str] = "decision-not-unique"


class DecisionNotUnanimous(DecisionFailed):
    """决策「{decision}」要求成立的规则结论一致，但这些规则的结论不同：{reason}。请修改决策表。"""

    code: ClassVar[str] = "decision-not-unanimous"


class DecisionPriorityTied(DecisionFailed):
    """决策「{decision}」中优先级最高的几条规则结论不同：{reason}。请修改决策表或允许值的次序。"""

    code: ClassVar[str] = "decision-priority-tied"


class DecisionValueInvalid(DecisionFailed):
    """决策「{decision}」算到一半停下：{reason}。请修改决策。"""

    code: ClassVar[str] = "decision-value-invalid"


class DecisionOutputInvalid(DecisionFailed):
    """决策「{decision}」的结论有误：{reason}。请修改决策表。"""

    code: ClassVar[str] = "decision-output-invalid"
