"""Robots of group chats: 企业微信群机器人, 钉钉自定义机器人, 飞书自定义机器人.

Texts only, no markup: what a designer has named a step is not to become a link, nor call everybody.
Sources: developer.work.weixin.qq.com/document/path/91770; open.dingtalk.com/document, 自定义机器人
接入 and 加签; open.feishu.cn/document, 自定义机器人使用指南.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from service.connectors.frame import Frame
from service.connectors.http_post import Answer, post
from service.domain.outgoing import OutgoingMessage, SendFailed


@dataclass(frozen=True, slots=True)
class WeComRobot:
    """企业微信; its address holds the key that lets in whoever has it."""

    url: str = field(repr=False)
    frame: Frame

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message to the chat. Raises SendFailed."""
        text = {
            "content": _content(self.frame, message),
            "mentioned_mobile_list": [*message.mentions],
        }
        answer = _post(self.url, {"msgtype": "text", "text": text})
        _require_zero(answer, "errcode")


@dataclass(frozen=True, slots=True)
class DingTalkRobot:
    """钉钉, with 加签 where there is a secret: milliseconds and signature in the address."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    frame: Frame
    clock: Callable[[], datetime]

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message to the chat. Raises SendFailed."""
        called = " ".join(f"@{number}" for number in message.mentions)
        content = "\n".join(filter(None, [_content(self.frame, message), called]))
        body = {
            "msgtype": "text",
            "text": {"content": content},
            "at": {"atMobiles": [*message.mentions], "isAtAll": False},
        }
        _require_zero(_post(self._signed_url(), body), "errcode")

    def _signed_url(self) -> str:
        if not self.secret:
            return self.url
        moment = str(int(self.clock().timestamp() * 1000))
        key = self.secret.encode()
        signature = _hmac(key, f"{moment}\n{self.secret}".encode())
        joint = "&" if "?" in self.url else "?"
        return f"{self.url}{joint}{urlencode({'timestamp': moment, 'sign': signature})}"


@dataclass(frozen=True, slots=True)
class FeishuRobot:
    """飞书, with 签名校验 where there is a secret: seconds and signature in the body.

    Nobody is called by a mobile number there; the text has their names.
    """

    url: str = field(repr=False)
    secret: str = field(repr=False)
    frame: Frame
    clock: Callable[[], datetime]

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message to the chat. Raises SendFailed."""
        # `<at user_id="all">` in a text would call everybody.
        text = _content(self.frame, message).replace("<", "＜")
        body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
        if self.secret:
            moment = str(int(self.clock().timestamp()))
            # The signed text is the key here, and nothing the message.
            signature = _hmac(f"{moment}\n{self.secret}".encode(), b"")
            body |= {"timestamp": moment, "sign": signature}
        _require_zero(_post(self.url, body), "code")


def _content(frame: Frame, message: OutgoingMessage) -> str:
    lines = [frame.subject(message), message.text, frame.url(message)]
    return "\n".join(filter(None, lines))


def _post(url: str, body: Mapping[str, object]) -> Answer:
    return post(url, json.dumps(body, ensure_ascii=False).encode(), {})


def _hmac(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def _require_zero(answer: Answer, field_name: str) -> None:
    """These services answer 200 whatever happened: the body says whether it was taken."""
    try:
        code = json.loads(answer.body)[field_name]
    except (ValueError, KeyError, TypeError):
        raise SendFailed(reason="机器人的回答不能识别") from None
    if code != 0:
        raise SendFailed(reason=f"机器人没有接受（{str(code)[:20]}）")
