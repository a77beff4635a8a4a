"""What designers work on, and how their work is refused without costing any of it."""

import re
from datetime import datetime
from enum import StrEnum

from service.domain.dates import shown
from service.domain.errors import Conflict, Invalid, NotFound


class DesignKind(StrEnum):
    """What a design is when it is published."""

    PROCESS = "process"
    DECISION = "decision"
    FORM = "form"


ENDINGS = {DesignKind.PROCESS: "bpmn", DesignKind.DECISION: "dmn", DesignKind.FORM: "form"}
"""The ending of a design's file, without the dot."""

ID_LIMIT = 200
NAME_LIMIT = 200
NOTE_LIMIT = 500
"""Characters."""

SIZE_LIMIT = 5 * 1024 * 1024
"""Bytes of a working copy."""

_ID = re.compile(r"[^\W\d][\w.-]*")


def is_design_id(text: str) -> bool:
    """Tell whether an id can name a process, a decision and a form alike: it is an XML name."""
    return len(text) <= ID_LIMIT and _ID.fullmatch(text) is not None


class DesignNotFound(NotFound):
    """没有找到这个设计，或者你没有设计的权限。"""

    code = "design.not-found"


class DesignIdInvalid(Invalid):
    """编号“{id}”不能用：只用字母、汉字、数字、下划线、点和连字符，不以数字开头，最多 200 个字符。没有新建，请改正后再试。"""  # noqa: E501 - a message is one paragraph

    code = "design.id-invalid"


class DesignNameMissing(Invalid):
    """还没有填写名称，或者名称超过 200 个字。没有新建，请改正后再试。"""

    code = "design.name-missing"


class DesignExists(Conflict):
    """编号“{id}”已经有人用了，没有新建。请换一个编号，或在列表里打开已有的那一个。"""

    code = "design.exists"


class FileUnsuitable(Invalid):
    """文件“{name}”不能导入：{reason}。没有导入任何内容，请换一个文件再试。"""

    code = "design.file-unsuitable"


class ContentUnsuitable(Invalid):
    """内容没有保存：{reason}。本页内容还在，可以下载到自己的电脑上。"""

    code = "working-copy.content-unsuitable"


class WorkingCopyChanged(Conflict):
    """{who}在{at}保存过这个工作副本，你的改动没有保存，但都还在本页。可以先下载自己的内容，再载入对方的版本。"""

    code = "working-copy.changed"

    def __init__(self, who: str, when: datetime) -> None:
        self.who, self.when = who, when
        super().__init__(who=who, at=shown(when))


class WorkingCopyExists(Conflict):
    """“{id}”已经有一个工作副本，{who}在{at}保存。没有改动它；请先打开它发布或放弃，再做这一步。"""

    code = "working-copy.exists"

    def __init__(self, id: str, who: str, when: datetime) -> None:
        self.who, self.when = who, when
        super().__init__(id=id, who=who, at=shown(when))


class WorkingCopyGone(Conflict):
    """这个工作副本已经被别人发布或放弃，你的改动没有保存，但都还在本页。可以先下载自己的内容，再刷新查看最新版本。"""

    code = "working-copy.gone"


class CompanionChanged(Conflict):
    """“{name}”在检查之后又有改动，或者已被别人发布、放弃。没有发布任何内容，工作副本都在；请再按一次“发布”，按新的内容检查。"""

    code = "design.companion-changed"


class VersionOvertaken(Conflict):
    """{who}在{at}已经发布了第 {version} 版，你的工作副本没有发布，内容都在。请先看看新版本改了什么，再决定是否代替它。"""  # noqa: E501 - a message is one paragraph

    code = "design.version-overtaken"

    def __init__(self, version: int, who: str, when: datetime) -> None:
        self.who, self.when = who, when
        super().__init__(version=version, who=who, at=shown(when))
