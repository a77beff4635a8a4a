"""One POST of JSON, bounded in time and size, that follows nobody elsewhere."""

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from service.connectors.deadline import STEP_SECONDS, Deadline
from service.domain.outgoing import SendFailed, Unreachable

MOST_READ = 64 * 1024
"""Bytes of an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send the JSON text; return a 2xx answer.

    Redirects are not followed: a token sent on to wherever an answer points would be given away.
    Raises Unreachable where nobody answers or the other side is out of order, SendFailed for any
    other answer. Neither says what was sent, nor the address, which may hold a key.
    """
    request = urllib.request.Request(  # noqa: S310 - the settings take https alone
        url,
        data=body,
        headers={"Content-Type": "application/json; charset=utf-8", **headers},
        method="POST",
    )
    with Deadline() as deadline:
        opener = urllib.request.build_opener(_NoRedirects, _Plain(deadline), _Secure(deadline))
        try:
            with opener.open(request, timeout=STEP_SECONDS) as found:
                answer = Answer(found.status, found.read(MOST_READ))
        except urllib.error.HTTPError as refusal:
            answer = Answer(refusal.code, b"")
            refusal.close()
        except (OSError, http.client.HTTPException) as error:
            cause = getattr(error, "reason", error)
            raise Unreachable(reason=f"对方没有回答（{type(cause).__name__}）") from None
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unreachable(reason=f"对方回答 {answer.status}")
    if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        raise SendFailed(reason=f"对方回答 {answer.status}")
    return answer


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        def connection(host: str, **how: Any) -> http.client.HTTPConnection:
            made = http.client.HTTPConnection(host, **how)
            made._create_connection = self._deadline.connect  # type: ignore[attr-defined]  # its one door to the socket
            return made

        return self.do_open(connection, request)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline
        self._trust = ssl.create_default_context()

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        def connection(host: str, **how: Any) -> http.client.HTTPSConnection:
            made = http.client.HTTPSConnection(host, context=self._trust, **how)
            made._create_connection = self._deadline.connect  # type: ignore[attr-defined]  # its one door to the socket
            return made

        return self.do_open(connection, request)
