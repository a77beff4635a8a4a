"""What leaves the house: to a gateway over real HTTP, and into the demonstration's files."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from service.connectors.sink import MOST_KEPT, FileSink
from service.connectors.sms_gateway import SmsGateway
from service.domain.outgoing import Channel, OutgoingMessage, SendFailed

MESSAGE = OutgoingMessage(Channel.SMS, "13800138000", "【教研】验证码 123456，10 分钟内有效。")


@dataclass(slots=True)
class Gateway:
    """What came in; answers with `status`."""

    url: str = ""
    status: int = 202
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    found = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.asked.append((self.path, self.headers["Authorization"], json.loads(body)))
            self.send_response(found.status)
            if found.status == 302:
                self.send_header("Location", f"{found.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_message_reaches_the_gateway_with_the_token(gateway: Gateway) -> None:
    SmsGateway(f"{gateway.url}/send", "the token").send(MESSAGE)
    body = {"to": MESSAGE.to, "text": MESSAGE.text}
    assert gateway.asked == [("/send", "Bearer the token", body)]


@pytest.mark.parametrize("status", [302, 400, 401, 503])
def test_any_other_answer_is_a_failure_and_no_redirect_is_followed(
    gateway: Gateway, status: int
) -> None:
    gateway.status = status
    with pytest.raises(SendFailed, match=str(status)) as refused:
        SmsGateway(gateway.url, "the token").send(MESSAGE)
    assert MESSAGE.to not in refused.value.message
    assert len(gateway.asked) == 1


def test_a_gateway_that_is_away_is_a_failure(gateway: Gateway) -> None:
    with pytest.raises(SendFailed, match="没有回答"):
        SmsGateway("http://127.0.0.1:1/send", "the token").send(MESSAGE)


def test_the_token_is_in_no_text_of_the_gateway() -> None:
    assert "the token" not in repr(SmsGateway("https://sms.example", "the token"))


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
