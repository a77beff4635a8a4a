"""The one-time link by which a person gives themselves a password."""

from datetime import datetime
from enum import StrEnum

from service.domain.dates import shown
from service.domain.errors import Conflict, NotFound


class LinkPurpose(StrEnum):
    """Why it was made."""

    INVITATION = "invitation"
    """To somebody who has no password yet."""
    RESET = "reset"
    """To somebody who has forgotten theirs."""


class LinkUnknown(NotFound):
    """这个链接不对，或者已被更新的链接取代。请核对是否复制完整，或请系统管理员重新发一个链接。"""

    code = "password-link.unknown"


class LinkUsed(Conflict):
    """这个链接已在 {when} 用过，密码就是那时设置的。请直接登录；如果不是你本人设置的，请马上联系系统管理员。"""  # noqa: E501 - a message is one paragraph

    code = "password-link.used"

    def __init__(self, when: datetime) -> None:
        super().__init__(when=shown(when))


class LinkExpired(Conflict):
    """这个链接已在 {when} 过期，没有设置密码。请联系系统管理员重新发一个链接。"""

    code = "password-link.expired"

    def __init__(self, when: datetime) -> None:
        super().__init__(when=shown(when))
