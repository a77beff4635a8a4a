"""Mail to a real server on loopback: what arrives, and what is said where it does not."""

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from service.connectors import deadline
from service.connectors.frame import Frame
from service.connectors.mail import MailSender, MailServer, Security
from service.domain.outgoing import Channel, OutgoingMessage, Refused, SendFailed, Unreachable
from tests.connectors.outside import (
    LOOPBACK,
    Certificate,
    Mailbox,
    certificate,
    mail_server,
    silent_server,
    wall_clock,
)

FRAME = Frame("教研业务系统", "https://jiaoyan.example.cn")
MESSAGE = OutgoingMessage(
    Channel.MAIL,
    "li.na@example.cn",
    "赵刚把“请假”的“审批”交给你办理。",
    subject="有人把任务交给我",
    path="/notifications/7",
    key="4711",
)


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def trusted(tmp_path: Path) -> Certificate:
    return certificate(tmp_path, wall_clock)


def sender(port: int, now: datetime, security: Security = Security.NONE) -> MailSender:
    return MailSender(MailServer(LOOPBACK, port, security), "oa@example.cn", FRAME, lambda: now)


def secure(
    box: Mailbox, now: datetime, security: Security, trusted: Certificate, password: str = ""
) -> MailSender:
    server = MailServer(LOOPBACK, box.port, security, "oa" if password else "", password)
    return MailSender(server, "oa@example.cn", FRAME, lambda: now, trusted.client)


def test_a_mail_arrives_with_text_link_and_a_key_of_its_own(box: Mailbox, now: datetime) -> None:
    sender(box.port, now).send(MESSAGE)
    [mail] = box.mails
    assert box.recipients == ["li.na@example.cn"]
    assert mail["From"] == "教研业务系统 <oa@example.cn>"
    assert mail["Subject"] == "【教研业务系统】有人把任务交给我"
    assert mail["Message-ID"] == "<4711@example.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    assert MESSAGE.text in text
    assert "https://jiaoyan.example.cn/notifications/7" in text


def test_a_code_is_a_mail_without_a_link(box: Mailbox, now: datetime) -> None:
    code = OutgoingMessage(Channel.MAIL, "min@example.cn", "验证码 123456。")
    sender(box.port, now).send(code)
    assert box.mails[0].get_content().strip() == "验证码 123456。"


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_password_goes_over_a_secured_connection(
    security: Security, trusted: Certificate, now: datetime
) -> None:
    way = "tls" if security is Security.TLS else "starttls"
    with mail_server(**{way: trusted.server}) as box:
        secure(box, now, security, trusted, "right").send(MESSAGE)
        assert box.signed_in == ["oa"]
        assert len(box.mails) == 1


def test_a_wrong_password_is_said_without_it(trusted: Certificate, now: datetime) -> None:
    with mail_server(starttls=trusted.server) as box:
        with pytest.raises(Unreachable, match="用户名或密码") as refused:
            secure(box, now, Security.STARTTLS, trusted, "wrong-one").send(MESSAGE)
        assert "wrong-one" not in refused.value.message


def test_a_server_without_starttls_gets_nothing(
    box: Mailbox, trusted: Certificate, now: datetime
) -> None:
    with pytest.raises(Unreachable, match="不支持"):
        secure(box, now, Security.STARTTLS, trusted, "right").send(MESSAGE)
    assert box.mails == []


def test_a_certificate_that_nobody_vouches_for_gets_nothing(
    trusted: Certificate, now: datetime
) -> None:
    with mail_server(tls=trusted.server) as box:
        with pytest.raises(Unreachable, match="没有回答"):
            sender(box.port, now, Security.TLS).send(MESSAGE)
        assert box.mails == []


@pytest.mark.parametrize(
    ("reply", "kind"), [("554 5.7.1 spam of li.na", Refused), ("451 4.3.0 later", SendFailed)]
)
def test_what_the_server_does_not_take_is_said_by_its_code_alone(
    box: Mailbox, now: datetime, reply: str, kind: type[SendFailed]
) -> None:
    box.reply = reply
    with pytest.raises(SendFailed) as refused:
        sender(box.port, now).send(MESSAGE)
    assert type(refused.value) is kind
    assert reply[:3] in refused.value.message
    assert "li.na" not in refused.value.message


def test_an_address_that_the_server_does_not_know_is_refused_for_good(
    box: Mailbox, now: datetime
) -> None:
    box.knows = "550 5.1.1 no such user li.na"
    with pytest.raises(Refused, match=r"不收这个地址（550）"):
        sender(box.port, now).send(MESSAGE)


def test_a_server_that_is_away_is_unreachable(now: datetime) -> None:
    with pytest.raises(Unreachable, match="没有回答"):
        sender(1, now).send(MESSAGE)


@pytest.mark.parametrize("drip", [b"", b"220-still starting\r\n", b"2"])
def test_a_server_that_hangs_is_left(
    drip: bytes, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline.Deadline.__init__, "__defaults__", (0.4,))
    began = time.monotonic()
    with silent_server(drip) as port, pytest.raises(Unreachable):
        sender(port, now).send(MESSAGE)
    assert time.monotonic() - began < deadline.STEP_SECONDS


def test_a_subject_that_holds_lines_sends_no_header_of_its_own(box: Mailbox, now: datetime) -> None:
    evil = OutgoingMessage(Channel.MAIL, "a@example.cn", "。", subject="a\r\nBcc: b@example.cn")
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        sender(box.port, now).send(evil)
    assert box.mails == []


def test_the_password_is_in_no_text_of_the_sender() -> None:
    assert "right" not in repr(MailServer("mail", 465, Security.TLS, "oa", "right"))
