"""How messages and signals are refused."""

from service.domain.errors import Conflict, Forbidden, Invalid, NotFound


class EventsForbidden(Forbidden):
    """你没有发送消息或信号的权限：需要能处理至少一个流程的运行。没有发送，如有需要请联系管理员。"""

    code = "events.forbidden"


class EventNameInvalid(Invalid):
    """消息或信号的名称应为 1 至 {limit} 个字符。没有发送，请改正后再试。"""

    code = "events.name-invalid"


class CorrelationKeyInvalid(Invalid):
    """消息的关联键最多 {limit} 个字符，且只能是可以保存的文字。没有发送，请改正后再试。"""

    code = "messages.correlation-key-invalid"


class MessageIdInvalid(Invalid):
    """消息编号最多 {limit} 个字符，且只能是可以保存的文字。没有发送，请改正后再试。"""

    code = "messages.id-invalid"


class TimeToLiveInvalid(Invalid):
    """消息的保留时间应为 0 至 {days} 天。没有发送，请改正后再试。"""

    code = "messages.time-to-live-invalid"


class MessagePublishedAlready(Conflict):
    """编号为「{message_id}」的同名消息已经发送过，仍在有效期内。没有再次发送。"""

    code = "messages.published-already"


class MessageNotCorrelated(NotFound):
    """没有流程在等待这条消息，或者你没有处理那个流程的权限。消息没有保留，请确认后再发。"""

    code = "messages.not-correlated"
