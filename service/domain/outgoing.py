"""What leaves the house for somebody's telephone or mailbox, or for a group chat."""

from dataclasses import dataclass
from enum import StrEnum

from service.domain.errors import JiaoyanError


class Channel(StrEnum):
    """By what a message goes."""

    SMS = "sms"
    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    HOOK = "hook"
    """A program of the bureau's own."""

    @property
    def label(self) -> str:
        """What people read."""
        return _LABELS[self]

    @property
    def is_shared(self) -> bool:
        """Whether many people read one message: of a robot in a group chat, of a program."""
        return self not in (Channel.SMS, Channel.MAIL)


_LABELS = {
    Channel.SMS: "短信",
    Channel.MAIL: "邮件",
    Channel.WECOM: "企业微信群",
    Channel.DINGTALK: "钉钉群",
    Channel.FEISHU: "飞书群",
    Channel.HOOK: "本单位的程序",
}


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message: `to` is a mobile number or a mail address, as the channel wants it.

    `subject` is one line, for channels that have such. `path` is that of the page it leads to.
    For shared channels `to` is empty, and `mentions` are the mobile numbers of those whom it
    concerns. `key` is the same however often the message is tried, so that whoever takes it can
    leave out a second one.
    """

    channel: Channel
    to: str
    text: str
    subject: str = ""
    path: str = ""
    mentions: tuple[str, ...] = ()
    key: str = ""


class SendFailed(JiaoyanError):
    """消息没有送出：{reason}。"""

    code = "outgoing.failed"


# The whole channel is out of order: other messages need not be tried for a while.
class Unreachable(SendFailed):
    """消息没有送出：{reason}。"""

    code = "outgoing.unreachable"


# The other side has refused this message for good: another try would be refused as well.
class Refused(SendFailed):
    """消息没有送出：{reason}。"""

    code = "outgoing.refused"
