"""How what was sent with a form is refused."""

from collections.abc import Collection

from service.domain.errors import Invalid


class VariablesUndeclared(Invalid):
    """表单没有这些字段：{names}。没有提交，请去掉后再试。"""

    code = "variables.undeclared"

    def __init__(self, names: Collection[str]) -> None:
        self.names = tuple(names)
        super().__init__(names=_listed(names))


class VariablesReserved(Invalid):
    """这些变量由系统设置，不能提交：{names}。没有提交，请去掉后再试。"""

    code = "variables.reserved"

    def __init__(self, names: Collection[str]) -> None:
        self.names = tuple(names)
        super().__init__(names=_listed(names))


class SubmissionTooLarge(Invalid):
    """提交的内容太大：最多 {limit_kb} KB。没有提交，请删减后再试；文件请用附件上传。"""

    code = "submission.too-large"


class SubmissionTooDeep(Invalid):
    """提交的内容嵌套太深：最多 {limit} 层。没有提交，请检查后再试。"""

    code = "submission.too-deep"


class NumberNotFinite(Invalid):
    """「{path}」不是一个确定的数（无穷大或 NaN）。没有提交，请改正后再试。"""

    code = "submission.number-not-finite"


class TextUnreadable(Invalid):
    """「{path}」里有无法保存的字符。没有提交，请删去后再试。"""

    code = "submission.text-unreadable"


class TextTooLong(Invalid):
    """「{path}」太长：最多 {limit} 个字符。没有提交，请缩短后再试。"""

    code = "submission.text-too-long"


def _listed(names: Collection[str]) -> str:
    shown = "、".join(name[:60] for name in list(names)[:10])
    return shown + ("等" if len(names) > 10 else "")
