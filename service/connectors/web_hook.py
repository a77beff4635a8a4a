"""A web hook of the bureau's own, signed after Standard Webhooks (standardwebhooks.com, v1).

`webhook-id` is the same at each try, so the receiver can leave out a second one.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from service.connectors.frame import Frame
from service.connectors.http_post import post
from service.domain.outgoing import OutgoingMessage

_PREFIX = "whsec_"


@dataclass(frozen=True, slots=True)
class WebHook:
    """The program at an address that the settings have checked."""

    url: str
    secret: str = field(repr=False)
    frame: Frame
    clock: Callable[[], datetime]

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message over. Raises SendFailed."""
        now = self.clock()
        content = {
            "type": "notification",
            "timestamp": now.isoformat(),
            "data": {
                "subject": message.subject,
                "text": message.text,
                "url": self.frame.url(message),
            },
        }
        body = json.dumps(content, ensure_ascii=False).encode()
        moment = str(int(now.timestamp()))
        signed = f"{message.key}.{moment}.".encode() + body
        mac = hmac.new(key_of(self.secret), signed, hashlib.sha256).digest()
        headers = {
            "webhook-id": message.key,
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
        }
        post(self.url, body, headers)


def key_of(secret: str) -> bytes:
    """Return the bytes of a secret: base64 behind `whsec_`, else the text itself."""
    if secret.startswith(_PREFIX):
        try:
            return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
