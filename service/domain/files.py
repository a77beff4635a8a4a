"""Files that people attach: how they are refused, and what their names may hold."""

import re
import unicodedata

from service.domain.errors import (
    Conflict,
    FieldsInvalid,
    Forbidden,
    Invalid,
    NotFound,
    Unavailable,
)

NAME_LIMIT = 200
"""Characters of a file name that are kept; the ending always is."""

_SEPARATORS = re.compile(r"[/\\]")
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,10})\Z", re.ASCII)
_UNUSABLE = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
"""Windows takes none of these in a name; a colon would even name another stream of the file."""

_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])[ .]*(\..*)?\Z", re.IGNORECASE | re.DOTALL
)
"""Names of devices on Windows, with any ending."""


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


class FilesKept(Unavailable):
    """正在备份或恢复，文件没有改动。请等它结束后再试。"""

    code = "document.files-kept"


class FileTooLarge(Invalid):
    """文件「{name}」超过 {megabytes} MB，没有保存。请压缩或拆分后再上传。"""

    code = "document.too-large"


class FileEmpty(Invalid):
    """文件「{name}」是空的，没有保存。请检查后重新选择。"""

    code = "document.empty"


class FileTypeRefused(Invalid):
    """文件「{name}」的内容不是可以上传的类型，没有保存。可以上传：{allowed}。"""

    code = "document.type-refused"


class FileEndingContradicts(FieldsInvalid):
    """文件「{name}」内容是 {kind}，扩展名却是“.{ending}”，没有保存。请改为 {endings} 后再传。"""

    code = "document.ending-contradicts"

    def __init__(self, *, field: str, name: str, ending: str, kind: str, endings: str) -> None:
        super().__init__({}, name=name, ending=ending, kind=kind, endings=endings)
        self.errors = {field: [self.message]}


class TooManyFiles(Invalid):
    """这一步还没有提交的附件已有 {limit} 个，请先删除不需要的再上传。"""

    code = "document.too-many"


def cleaned_name(name: str) -> str:
    """Return a file name for showing: no path, no control characters, at most 200 characters.

    We never open anything by this name, but it must not lie to who reads it, so marks that turn
    the direction of writing (`evil‮fdp.exe`) go as well; and who downloads the file must be able to
    keep it, so what Windows cannot name is written with `_`.
    """
    last = _SEPARATORS.split(name)[-1]
    plain = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})
    plain = " ".join(plain.translate(_UNUSABLE).split()).strip(". ") or "未命名"
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    ending = ending_of(plain)
    return with_ending(plain.removesuffix(f".{ending}"), ending) if ending else plain[:NAME_LIMIT]


def ending_of(name: str) -> str:
    """Return the ending without its dot, as it is written; empty where there is none.

    Letters and digits of ASCII, at least one letter: `报告v1.2` and `1.关于申报的说明` have none.
    """
    found = _ENDING.search(name)
    return found[1] if found and not found[1].isdigit() else ""


def with_ending(stem: str, ending: str) -> str:
    """Return the name of this stem with this ending, within the limit."""
    return f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending}"
