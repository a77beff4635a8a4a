"""Text messages by the bureau's gateway: one POST of JSON over HTTPS.

Operators of gateways all have their own form, with signatures of their own; what stands between is
a small program of the bureau's at `JIAOYAN_SMS_URL`. It gets `{"to": …, "text": …}` with the token
as a bearer and answers 2xx when the message was taken.
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from typing import Any

from service.domain.outgoing import OutgoingMessage, SendFailed

TIMEOUT_SECONDS = 5


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A token sent on to wherever an answer points would be given away."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class SmsGateway:
    """The gateway at an address that the settings have checked."""

    url: str
    token: str = field(repr=False)

    def send(self, message: OutgoingMessage) -> None:
        """Hand the message to the gateway. Raises SendFailed."""
        request = urllib.request.Request(  # noqa: S310 - the settings take https alone
            self.url,
            data=json.dumps({"to": message.to, "text": message.text}).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Authorization": f"Bearer {self.token}",
            },
            method="POST",
        )
        opener = urllib.request.build_opener(_NoRedirects)
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                status = answer.status
        except urllib.error.HTTPError as refusal:
            status = refusal.code
            refusal.close()
        except (OSError, HTTPException) as error:
            raise SendFailed(reason=f"网关没有回答（{type(error).__name__}）") from None
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise SendFailed(reason=f"网关回答 {status}")
