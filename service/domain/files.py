"""Files that people attach: how they are refused, and what their names may hold."""

import re
import unicodedata

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound

NAME_LIMIT = 200
"""Characters of a file name that are kept; the ending always is."""

_SEPARATORS = re.compile(r"[/\\]")


class DocumentNotFound(NotFound):
    """没有找到这个附件，或者你没有查看的权限。"""

    code = "document.not-found"


class DocumentNotYours(Forbidden):
    """你不能在这里上传或删除附件。"""

    code = "document.not-yours"


class DocumentInUse(Conflict):
    """附件「{name}」已随表单提交，不能删除。"""

    code = "document.in-use"


class FileFieldUnknown(Invalid):
    """这张表单没有名为「{field}」的附件栏，文件没有保存。请刷新后再试。"""

    code = "document.field-unknown"


class FileTooLarge(Invalid):
    """文件「{name}」超过 {megabytes} MB，没有保存。请压缩或拆分后再上传。"""

    code = "document.too-large"


class FileEmpty(Invalid):
    """文件「{name}」是空的，没有保存。请检查后重新选择。"""

    code = "document.empty"


class FileTypeRefused(Invalid):
    """文件「{name}」的内容不是可以上传的类型，没有保存。可以上传：{allowed}。"""

    code = "document.type-refused"


class TooManyFiles(Invalid):
    """这一步还没有提交的附件已有 {limit} 个，请先删除不需要的再上传。"""

    code = "document.too-many"


def cleaned_name(name: str) -> str:
    """Return a file name for showing: no path, no control characters, at most 200 characters.

    Nothing is ever opened by this name; it only must not lie to who reads it, so marks that turn
    the direction of writing (`evil‮fdp.exe`) go as well.
    """
    last = _SEPARATORS.split(name)[-1]
    plain = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    plain = " ".join(plain.split()).strip(". ") or "未命名"
    if len(plain) <= NAME_LIMIT:
        return plain
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 10:
        return plain[:NAME_LIMIT]
    return stem[: NAME_LIMIT - len(ending) - 1] + "." + ending
