"""Why an expression or a form could not be worked out.

The messages name variables, never their values: an operator reads them in an incident.
"""

from pathlib import Path
from typing import ClassVar

from service.domain.errors import JiaoyanError, Unavailable

_SHOWN = 200


class FeelError(JiaoyanError):
    """表达式没有算出结果。"""

    code: ClassVar[str] = "feel-error"


class FeelExpressionError(FeelError):
    """表达式「{expression}」没有算出结果。"""

    code = "feel.expression"

    def __init__(self, expression: str, **fields: object) -> None:
        self.expression = expression
        super().__init__(expression=_shortened(expression), **fields)


class FeelSyntaxInvalid(FeelExpressionError):
    """表达式「{expression}」写法有误：第 {position} 个字符处，{detail}。请在流程图中改正。"""

    code = "feel-syntax-invalid"

    def __init__(self, expression: str, position: int, detail: str) -> None:
        super().__init__(expression, position=position, detail=detail)


class FeelNameMissing(FeelExpressionError):
    """表达式「{expression}」用到的变量「{name}」不存在。请先赋值，或用 is defined 判断。"""

    code = "feel-name-missing"

    def __init__(self, expression: str, name: str) -> None:
        self.name = name
        super().__init__(expression, name=name)


class FeelEvaluationFailed(FeelExpressionError):
    """表达式「{expression}」无法计算：{warning}。请检查它用到的变量和写法。"""

    code = "feel-evaluation-failed"

    def __init__(self, expression: str, warning: str) -> None:
        self.warning = warning
        super().__init__(expression, warning=warning)


class FeelTooLong(FeelError):
    """{what}太大：有 {size}，最多 {limit}。请缩短后再试。"""

    code = "feel-too-long"

    def __init__(self, what: str, size: int, limit: int) -> None:
        super().__init__(what=what, size=size, limit=limit)


class FeelTooDeep(FeelError):
    """数据嵌套太深，最多 {limit} 层。请减少嵌套后再试。"""

    code = "feel-too-deep"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class FeelNumberInexact(FeelError):
    """「{path}」里的数字无法精确计算：不是有限的数，或超过 15 位。长编号请用文字保存。"""

    code = "feel-number-inexact"

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(path=path)


class FeelTimedOut(FeelError):
    """「{origin}」计算超过 {seconds} 秒，已停止。请简化其中的表达式。"""

    code = "feel-timed-out"

    def __init__(self, seconds: float, origin: str) -> None:
        super().__init__(seconds=f"{seconds:.3g}", origin=_shortened(origin))


class FeelBudgetSpent(FeelError):
    """这一步的表达式合计用时超过限额，已停止在「{origin}」。请减少或简化这一步的表达式。"""

    code = "feel-budget-spent"

    def __init__(self, origin: str) -> None:
        super().__init__(origin=_shortened(origin))


class FeelResultTooLarge(FeelError):
    """计算结果太大，最多 {limit} 字节。请只取需要的部分。"""

    code = "feel-result-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(limit=limit)


class FeelUnavailable(FeelError, Unavailable):
    """计算服务正忙，没有做任何改动，请稍后再试。"""

    code = "feel-unavailable"


class FeelHelperMissing(FeelUnavailable):
    """计算程序没有装好，缺少 {path}。请管理员运行 make run 或 make test 完成安装。"""

    code = "feel-helper-missing"

    def __init__(self, path: Path) -> None:
        super().__init__(path=path.name)


class FeelHelperDied(FeelError):
    """「{origin}」用尽了内存或计算程序出了故障，已停止。请简化其中的表达式后再试。"""

    code = "feel-helper-died"

    def __init__(self, origin: str) -> None:
        super().__init__(origin=_shortened(origin))


class FeelFormInvalid(FeelError):
    """表单读不进来：{detail}。请在表单编辑器里改正后重新部署。"""

    code = "feel-form-invalid"

    def __init__(self, detail: str) -> None:
        super().__init__(detail=detail)


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
