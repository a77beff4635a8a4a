"""What leaves the house: to a gateway over real HTTP, and into the demonstration's files."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.connectors.frame import Frame
from service.connectors.sink import MOST_KEPT, FileSink
from service.connectors.sms_gateway import SmsGateway
from service.domain.outgoing import Channel, OutgoingMessage
from tests.connectors.outside import Receiver, receiver

FRAME = Frame("教研", "https://jiaoyan.example.cn")
MESSAGE = OutgoingMessage(Channel.SMS, "13800138000", "【教研】验证码 123456，10 分钟内有效。")


@pytest.fixture
def gateway() -> Iterator[Receiver]:
    with receiver() as gateway:
        gateway.status = 202
        yield gateway


def test_a_message_reaches_the_gateway_with_the_token(gateway: Receiver) -> None:
    SmsGateway(f"{gateway.url}/send", "the token", FRAME).send(replace(MESSAGE, key="4711"))
    [asked] = gateway.asked
    assert json.loads(asked.body) == {"to": MESSAGE.to, "text": MESSAGE.text}
    assert asked.path == "/send"
    assert asked.headers["authorization"] == "Bearer the token"
    assert asked.headers["idempotency-key"] == "4711"


def test_a_text_that_leads_to_a_page_has_its_address(gateway: Receiver) -> None:
    SmsGateway(gateway.url, "the token", FRAME).send(replace(MESSAGE, text="办结。", path="/p"))
    said = json.loads(gateway.asked[0].body)["text"]
    assert said == "【教研】办结。https://jiaoyan.example.cn/p"


def test_the_token_is_in_no_text_of_the_gateway() -> None:
    assert "the token" not in repr(SmsGateway("https://sms.example", "the token", FRAME))


def test_the_sink_keeps_the_newest(tmp_path: Path, now: datetime) -> None:
    moments = iter(now + timedelta(seconds=n) for n in range(MOST_KEPT + 2))
    sink = FileSink(tmp_path / "inbox", lambda: next(moments))
    for _ in range(MOST_KEPT + 2):
        sink.send(MESSAGE)
    files = sorted((tmp_path / "inbox").iterdir())
    assert len(files) == MOST_KEPT
    first = json.loads(files[0].read_text("utf-8"))
    assert first["at"] == (now + timedelta(seconds=2)).isoformat()
    assert (first["to"], first["text"]) == (MESSAGE.to, MESSAGE.text)
