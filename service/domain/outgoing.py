"""What leaves the house for somebody's telephone or mailbox."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import JiaoyanError


class Channel(StrEnum):
    """By what a message goes."""

    SMS = "sms"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message: `to` is a mobile number or a mail address, as the channel wants it."""

    channel: Channel
    to: str
    text: str


class SendFailed(JiaoyanError):
    """消息没有送出：{reason}。"""

    code = "outgoing.failed"
