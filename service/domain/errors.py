"""The one base of every error, and the kinds that the entry points turn into a status.

A subclass is a case. Its docstring is the message a person reads, with the fields of the
constructor in braces; `code` is what a program may rely on and never changes.
"""

import inspect
from typing import ClassVar

_KEPT = "你填写的内容已保留。"
_NOT_KEPT = "注意：你填写的内容没有存为草稿，离开或刷新页面前请先复制，或稍后再提交一次。"


class JiaoyanError(Exception):
    """操作没有完成。"""

    code: ClassVar[str] = "error"
    draft_kept: bool | None = None
    """Whether what was filled in is kept as a draft; None where nothing was."""

    def __init__(self, **fields: object) -> None:
        self.fields = fields
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The docstring's first paragraph with the fields filled in, for a person.

        What became of a draft is said behind it by who tried to keep one, and promised by nobody.
        """
        pattern = inspect.cleandoc(type(self).__doc__ or JiaoyanError.__doc__ or "")
        said = pattern.split("\n\n")[0].format(**self.fields)
        if self.draft_kept is None:
            return said
        return said + (_KEPT if self.draft_kept else _NOT_KEPT)


class NotFound(JiaoyanError):
    """没有找到，或者你没有查看的权限。"""

    code = "not-found"


class Forbidden(JiaoyanError):
    """你没有办理这件事的权限。"""

    code = "forbidden"


class Conflict(JiaoyanError):
    """别人刚刚改动了它，请刷新后再试。"""

    code = "conflict"


class Invalid(JiaoyanError):
    """提交的内容有误，请改正后再提交。"""

    code = "invalid"


class Unavailable(JiaoyanError):
    """系统正忙，没有做任何改动，请稍后再试。"""

    code = "unavailable"


class ResultUnknown(Unavailable):
    """保存的时候与数据库的连接断了，不能确定这次操作是否已经完成。请先刷新页面看看结果，确实没有完成再办一次。"""

    code = "result-unknown"


class StorageFull(Unavailable):
    """服务器的存储空间满了，这次操作没有完成，原有数据没有改动。请告诉系统管理员，等腾出空间后再试。"""

    code = "storage-full"


class FieldsInvalid(Invalid):
    """有 {count} 处填写有误，请按提示改正后再提交。"""

    code = "fields-invalid"

    def __init__(self, errors: dict[str, list[str]], **fields: object) -> None:
        self.errors = errors
        super().__init__(count=sum(len(messages) for messages in errors.values()), **fields)


def place(error: BaseException) -> str:
    """Name an error's type and the lines it came through, for a log: its text may quote a case."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(error).__name__} at {' < '.join(reversed(places))}"
