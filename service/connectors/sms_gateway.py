"""Text messages by the bureau's gateway: one POST of JSON over HTTPS.

Operators of gateways all have their own form, with signatures of their own; what stands between is
a small program of the bureau's at `JIAOYAN_SMS_URL`. It gets `{"to": …, "text": …}` with the token
as a bearer and answers 2xx when the message was taken.
"""

import json
from dataclasses import dataclass, field

from service.connectors.frame import Frame
from service.connectors.http_post import post
from service.domain.outgoing import OutgoingMessage


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """The gateway at an address that the settings have checked."""

    url: str
    token: str = field(repr=False)
    frame: Frame

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message to the gateway. Raises SendFailed."""
        body = json.dumps({"to": message.to, "text": self._text(message)}).encode()
        headers = {"Authorization": f"Bearer {self.token}"}
        if message.key:
            headers["Idempotency-Key"] = message.key
        post(self.url, body, headers)

    def _text(self, message: OutgoingMessage) -> str:
        """What leads to a page has its address, and the sender's name as operators want it."""
        if not message.path:
            return message.text
        return f"【{self.frame.title}】{message.text}{self.frame.url(message)}"
