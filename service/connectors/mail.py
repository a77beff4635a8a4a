"""Mail over SMTP: STARTTLS or TLS from the first byte, with or without a password.

A server that hangs is left after some seconds (`deadline`). Servers that are refused by their
certificate, do not offer STARTTLS or want no password in the open are never worked round.
"""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as LINES_OF_SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Any

from service.connectors.deadline import STEP_SECONDS, Deadline
from service.connectors.frame import Frame
from service.domain.outgoing import OutgoingMessage, Refused, SendFailed, Unreachable

_PERMANENT = 500
"""First of the reply codes that say that another try is of no use: RFC 5321, 4.2.1."""


class Security(StrEnum):
    """How the connection is kept from being read: TLS at once, TLS by STARTTLS, or not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server as the settings give it; without a user name nobody signs in."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MailSender:
    """Sends each message in a conversation of its own; `sender` is the address it comes from."""

    server: MailServer
    sender: str
    frame: Frame
    clock: Callable[[], datetime]
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message to the server; returns when it has taken it. Raises SendFailed."""
        mail = self._written(message)
        with Deadline() as deadline:
            try:
                self._hand_over(mail, message.to, deadline)
            except smtplib.SMTPRecipientsRefused as refusal:
                [(code, _text)] = refusal.recipients.values()
                raise _refused(code, "邮件服务器不收这个地址") from None
            except smtplib.SMTPAuthenticationError as refusal:
                reason = f"邮件服务器不认用户名或密码（{refusal.smtp_code}）"
                raise Unreachable(reason=reason) from None
            except smtplib.SMTPNotSupportedError:
                raise Unreachable(reason="邮件服务器不支持设置的加密或登录方式") from None
            except smtplib.SMTPSenderRefused as refusal:
                reason = f"邮件服务器不收这个发件地址（{refusal.smtp_code}）"
                raise Unreachable(reason=reason) from None
            except smtplib.SMTPServerDisconnected:
                raise Unreachable(reason="邮件服务器中断了连接，或太久没有回答") from None
            except smtplib.SMTPDataError as refusal:
                raise _refused(refusal.smtp_code, "邮件服务器不收这封邮件") from None
            except smtplib.SMTPResponseException as refusal:
                raise Unreachable(reason=f"邮件服务器回答 {refusal.smtp_code}") from None
            except (OSError, smtplib.SMTPException) as error:
                reason = f"邮件服务器没有回答（{type(error).__name__}）"
                raise Unreachable(reason=reason) from None

    def _hand_over(self, mail: EmailMessage, to: str, deadline: Deadline) -> None:
        client = self._client(deadline)
        try:
            if self.server.security is Security.STARTTLS:
                client.starttls(context=self.trust)
            if self.server.username:
                client.login(self.server.username, self.server.password)
            client.send_message(mail, self.sender, [to])
            # What was taken is taken: a farewell that nobody answers must not send it again.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                client.quit()
        finally:
            client.close()

    def _client(self, deadline: Deadline) -> smtplib.SMTP:
        server = self.server
        if server.security is Security.TLS:
            return _SecureClient(deadline, server.host, server.port, context=self.trust)
        return _Client(deadline, server.host, server.port)

    def _written(self, message: OutgoingMessage) -> EmailMessage:
        name, _at, domain = self.sender.rpartition("@")
        mail = EmailMessage(policy=LINES_OF_SMTP)
        mail["From"] = Address(self.frame.title, name, domain)
        mail["To"] = message.to
        mail["Subject"] = self.frame.subject(message)
        mail["Date"] = format_datetime(self.clock())
        if message.key:
            # The same at each try: servers and readers know a second one by it.
            mail["Message-ID"] = f"<{message.key}@{domain}>"
        # RFC 3834: nobody's absence is to be answered to us.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self._body(message))
        return mail

    def _body(self, message: OutgoingMessage) -> str:
        lines = [message.text]
        if url := self.frame.url(message):
            lines += ["", f"打开查看：{url}", "", "这封邮件由系统自动发出，请不要回复。"]
        return "\n".join(lines) + "\n"


class _Client(smtplib.SMTP):
    """A client whose connection ends with the deadline, whatever the server does."""

    def __init__(self, deadline: Deadline, host: str, port: int, **how: Any) -> None:
        self._deadline = deadline
        super().__init__(host, port, timeout=STEP_SECONDS, **how)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._deadline.connect((host, port), timeout)


class _SecureClient(smtplib.SMTP_SSL, _Client):
    """The same, with TLS from the first byte: SMTP_SSL wraps the socket that `_Client` makes."""

    def __init__(self, deadline: Deadline, host: str, port: int, **how: Any) -> None:
        self._deadline = deadline
        smtplib.SMTP_SSL.__init__(self, host, port, timeout=STEP_SECONDS, **how)


def _refused(code: int, reason: str) -> SendFailed:
    kind = Refused if code >= _PERMANENT else SendFailed
    return kind(reason=f"{reason}（{code}）")
