"""The ways out of the house that the settings open. Part of the composition root."""

import re
from collections.abc import Callable
from datetime import datetime

from service.connectors.frame import Frame
from service.connectors.mail import MailSender, MailServer, Security
from service.connectors.robots import DingTalkRobot, FeishuRobot, WeComRobot
from service.connectors.senders import Sender, Senders
from service.connectors.sms_gateway import SmsGateway
from service.connectors.web_hook import WebHook
from service.domain.outgoing import Channel
from service.settings import MINIMUM_SECRET, SettingInvalid, Settings

_ADDRESS = re.compile(r"[^@\s\"<>,]+@[^@\s\"<>,]+", re.ASCII)
_PORTS = range(1, 65_536)


def senders(settings: Settings, title: str, clock: Callable[[], datetime]) -> Senders:
    """Return what sends messages by each channel; without a setting nothing does.

    `title` is the system's name in messages. Raises SettingInvalid where a message would be sent in
    the open, unsigned or with links that lead nowhere.
    """
    frame = Frame(title, settings.address)
    found: dict[Channel, Sender] = {}
    if _opened(settings.sms_url, "SMS_URL"):
        if not settings.sms_token:
            raise SettingInvalid(variable="JIAOYAN_SMS_TOKEN", reason="设置了短信网关，却没有令牌")
        found[Channel.SMS] = SmsGateway(settings.sms_url, settings.sms_token, frame)
    if settings.mail_host:
        found[Channel.MAIL] = _mail(settings, frame, clock)
    if _opened(settings.wecom_url, "WECOM_URL"):
        found[Channel.WECOM] = WeComRobot(settings.wecom_url, frame)
    if _opened(settings.dingtalk_url, "DINGTALK_URL"):
        found[Channel.DINGTALK] = DingTalkRobot(
            settings.dingtalk_url, settings.dingtalk_secret, frame, clock
        )
    if _opened(settings.feishu_url, "FEISHU_URL"):
        found[Channel.FEISHU] = FeishuRobot(
            settings.feishu_url, settings.feishu_secret, frame, clock
        )
    if _opened(settings.hook_url, "HOOK_URL"):
        if len(settings.hook_secret) < MINIMUM_SECRET:
            reason = f"设置了接收程序，应有至少 {MINIMUM_SECRET} 位的签名密钥"
            raise SettingInvalid(variable="JIAOYAN_HOOK_SECRET", reason=reason)
        found[Channel.HOOK] = WebHook(settings.hook_url, settings.hook_secret, frame, clock)
    if set(found) - {Channel.SMS} and not settings.base_url:
        reason = "邮件和机器人消息里有链接，要写明大家打开系统的网址"
        raise SettingInvalid(variable="JIAOYAN_BASE_URL", reason=reason)
    return found


def _opened(url: str, name: str) -> bool:
    if url and not url.startswith("https://"):
        raise SettingInvalid(variable=f"JIAOYAN_{name}", reason="应以 https:// 开头")
    return bool(url)


def _mail(settings: Settings, frame: Frame, clock: Callable[[], datetime]) -> MailSender:
    security = _security(settings)
    if not _ADDRESS.fullmatch(settings.mail_from):
        reason = "设置了邮件服务器，应写明发件地址，例如 oa@example.cn"
        raise SettingInvalid(variable="JIAOYAN_MAIL_FROM", reason=reason)
    if settings.mail_port not in _PORTS:
        raise SettingInvalid(variable="JIAOYAN_MAIL_PORT", reason="应为 1 至 65535")
    server = MailServer(
        settings.mail_host,
        settings.mail_port,
        security,
        settings.mail_username,
        settings.mail_password,
    )
    return MailSender(server, settings.mail_from, frame, clock)


def _security(settings: Settings) -> Security:
    try:
        security = Security(settings.mail_security)
    except ValueError:
        reason = "应为 tls、starttls 或 none"
        raise SettingInvalid(variable="JIAOYAN_MAIL_SECURITY", reason=reason) from None
    if security is Security.NONE and settings.mail_username:
        reason = "不加密时不能带用户名和密码，否则密码会被看到"
        raise SettingInvalid(variable="JIAOYAN_MAIL_SECURITY", reason=reason)
    return security
