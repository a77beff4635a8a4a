"""Robots and web hooks to a real receiver: the documented forms, signatures, and what is said."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from service.connectors import deadline
from service.connectors.frame import Frame
from service.connectors.robots import DingTalkRobot, FeishuRobot, WeComRobot
from service.connectors.senders import Sender
from service.connectors.sms_gateway import SmsGateway
from service.connectors.web_hook import WebHook, key_of
from service.domain.outgoing import Channel, OutgoingMessage, SendFailed, Unreachable
from tests.connectors.outside import LOOPBACK, Receiver, receiver, silent_server

FRAME = Frame("教研业务系统", "https://jiaoyan.example.cn")
MESSAGE = OutgoingMessage(
    Channel.WECOM,
    "",
    "李娜：“请假”的“审批”等你办理。",
    subject="有新任务等我办理",
    path="/tasks/7",
    mentions=("13800138000",),
    key="4711",
)
CONTENT = (
    "【教研业务系统】有新任务等我办理\n李娜：“请假”的“审批”等你办理。\n"
    "https://jiaoyan.example.cn/tasks/7"
)
SECRET = "SEC-of-the-robot"
Make = Callable[[str, datetime], Sender]


def wecom(url: str, _now: datetime) -> Sender:
    return WeComRobot(f"{url}/cgi-bin/webhook/send?key=k", FRAME)


def dingtalk(url: str, now: datetime) -> Sender:
    return DingTalkRobot(f"{url}/robot/send?access_token=t", SECRET, FRAME, lambda: now)


def feishu(url: str, now: datetime) -> Sender:
    return FeishuRobot(f"{url}/open-apis/bot/v2/hook/h", SECRET, FRAME, lambda: now)


def hook(url: str, now: datetime) -> Sender:
    return WebHook(f"{url}/jiaoyan", SECRET, FRAME, lambda: now)


def gateway(url: str, _now: datetime) -> Sender:
    return SmsGateway(url, SECRET, FRAME)


EVERY = pytest.mark.parametrize("make", [wecom, dingtalk, feishu, hook, gateway])


@pytest.fixture
def other() -> Iterator[Receiver]:
    with receiver() as other:
        yield other


def test_wecom(other: Receiver, now: datetime) -> None:
    other.answer = b'{"errcode":0,"errmsg":"ok"}'
    wecom(other.url, now).send(MESSAGE)
    assert other.asked[0].path == "/cgi-bin/webhook/send?key=k"
    assert json.loads(other.asked[0].body) == {
        "msgtype": "text",
        "text": {"content": CONTENT, "mentioned_mobile_list": ["13800138000"]},
    }


def test_dingtalk(other: Receiver, now: datetime) -> None:
    other.answer = b'{"errcode":0,"errmsg":"ok"}'
    dingtalk(other.url, now).send(MESSAGE)
    query = parse_qs(urlsplit(other.asked[0].path).query)
    moment = str(int(now.timestamp() * 1000))
    mac = hmac.new(SECRET.encode(), f"{moment}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert query == {
        "access_token": ["t"],
        "timestamp": [moment],
        "sign": [base64.b64encode(mac).decode()],
    }
    assert json.loads(other.asked[0].body) == {
        "msgtype": "text",
        "text": {"content": f"{CONTENT}\n@13800138000"},
        "at": {"atMobiles": ["13800138000"], "isAtAll": False},
    }


def test_feishu(other: Receiver, now: datetime) -> None:
    other.answer = b'{"code":0,"msg":"success"}'
    everybody = '<at user_id="all">所有人</at>'
    feishu(other.url, now).send(replace(MESSAGE, text=everybody))
    body = json.loads(other.asked[0].body)
    moment = str(int(now.timestamp()))
    mac = hmac.new(f"{moment}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert (body["timestamp"], body["sign"]) == (moment, base64.b64encode(mac).decode())
    assert body["msg_type"] == "text"
    assert "<at" not in body["content"]["text"]


def test_the_hook_is_signed_after_standard_webhooks(other: Receiver, now: datetime) -> None:
    hook(other.url, now).send(MESSAGE)
    [asked] = other.asked
    moment = str(int(now.timestamp()))
    signed = f"4711.{moment}.".encode() + asked.body
    mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()
    assert asked.headers["webhook-id"] == "4711"
    assert asked.headers["webhook-timestamp"] == moment
    assert asked.headers["webhook-signature"] == f"v1,{base64.b64encode(mac).decode()}"
    assert json.loads(asked.body)["data"]["url"] == "https://jiaoyan.example.cn/tasks/7"


def test_a_secret_of_standard_webhooks_is_read_as_its_bytes() -> None:
    # The example of the specification.
    assert len(key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")) == 24
    assert key_of("plain") == b"plain"


@EVERY
@pytest.mark.parametrize("status", [302, 400, 404, 429])
def test_any_other_answer_is_a_failure_and_no_redirect_is_followed(
    other: Receiver, now: datetime, make: Make, status: int
) -> None:
    other.status = status
    with pytest.raises(SendFailed, match=str(status)) as failed:
        make(other.url, now).send(MESSAGE)
    assert SECRET not in failed.value.message
    assert not isinstance(failed.value, Unreachable)
    assert len(other.asked) == 1


@EVERY
def test_a_server_in_disorder_is_unreachable(other: Receiver, now: datetime, make: Make) -> None:
    other.status = 503
    with pytest.raises(Unreachable, match="503"):
        make(other.url, now).send(MESSAGE)


@EVERY
def test_nobody_there_is_unreachable(now: datetime, make: Make) -> None:
    with pytest.raises(Unreachable, match="没有回答"):
        make(f"http://{LOOPBACK}:1", now).send(MESSAGE)


@pytest.mark.parametrize("make", [wecom, dingtalk, feishu])
@pytest.mark.parametrize(
    "answer",
    [b'{"errcode":45009,"code":9499}', b"[]", b"", b"<html>", b'{"errcode":"13800138000"}'],
)
def test_a_robot_that_says_no_with_200_is_a_failure(
    other: Receiver, now: datetime, make: Make, answer: bytes
) -> None:
    other.answer = answer
    with pytest.raises(SendFailed, match="机器人"):
        make(other.url, now).send(MESSAGE)


@pytest.mark.parametrize("drip", [b"", b"HTTP", b"X-A: b\r\n"])
def test_a_server_that_hangs_is_left(
    drip: bytes, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadline.Deadline.__init__, "__defaults__", (0.4,))
    began = time.monotonic()
    with silent_server(drip) as port, pytest.raises(SendFailed):
        hook(f"http://{LOOPBACK}:{port}", now).send(MESSAGE)
    assert time.monotonic() - began < deadline.STEP_SECONDS


def test_an_answer_that_never_ends_is_read_no_further(other: Receiver, now: datetime) -> None:
    other.answer = b'{"errcode":0,' + b" " * 200_000 + b'"errmsg":"ok"}'
    with pytest.raises(SendFailed, match="不能识别"):
        wecom(other.url, now).send(MESSAGE)


@EVERY
def test_addresses_and_secrets_are_in_no_text(now: datetime, make: Make) -> None:
    assert SECRET not in repr(make("https://robot.example", now))
