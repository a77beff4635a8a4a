"""Who calls: HTTP Basic, a bearer token, or the session of the pages with its CSRF token.

An `Authorization` header decides alone; only without one does the browser's session count, and
then a call that could change something must prove by its CSRF token that our own page sent it.
"""

from dataclasses import replace
from typing import ClassVar

from flask import Response, request
from flask_wtf.csrf import CSRFError

from service.commands.api_tokens import token_actor
from service.commands.basic_authentication import CheckedPasswords, basic_actor
from service.commands.rooms import Rooms
from service.domain.actors import Actor
from service.domain.errors import Forbidden
from service.domain.passwords import PasswordChangeDue
from service.web import desk, identity
from service.web.api.operations import Call
from service.web.desk import NotSignedIn

CSRF_HEADER = "X-CSRFToken"
_REALM = "Jiaoyan"


class CredentialsMissing(NotSignedIn):
    """需要登录。请用 HTTP Basic 发送用户名和密码，或用 Bearer 发送令牌；没有做任何改动。"""

    code: ClassVar[str] = "credentials-missing"


class CredentialsUnreadable(NotSignedIn):
    """看不懂 Authorization 请求头，只接受 Basic 和 Bearer；没有做任何改动。"""

    code: ClassVar[str] = "credentials-unreadable"


class TokenRefused(NotSignedIn):
    """令牌无效：可能写错、过期、被撤销，或者账号已停用；没有做任何改动。请换一个令牌。"""

    code: ClassVar[str] = "token-refused"


class CsrfRefused(Forbidden):
    """用网页登录状态调用接口时，要在请求头 X-CSRFToken 里带上网页的令牌；没有做任何改动。"""

    code: ClassVar[str] = "csrf-refused"


class OutsiderRefused(Forbidden):
    """接口只对本单位人员开放；没有做任何改动。办理自己的事项请用公众服务页面。"""

    code: ClassVar[str] = "outsider-refused"


class Gate:
    """Lets calls in; one a process, since it remembers passwords that were right."""

    def __init__(self) -> None:
        self._checked = CheckedPasswords()

    def begin(self) -> Call:
        """Return the call of this request.

        Raises NotSignedIn and its kinds, CsrfRefused, SignInRefused for a wrong password, or
        OutsiderRefused.
        """
        actor = replace(self._actor(desk.rooms()), address=request.remote_addr or "")
        if actor.public:
            raise OutsiderRefused
        return Call(desk.rooms(), actor, desk.now())

    def _actor(self, rooms: Rooms) -> Actor:
        if "Authorization" not in request.headers:
            return _session_actor()
        given = request.authorization
        if given is not None and given.type == "bearer" and given.token:
            return _token_actor(rooms, given.token)
        if given is not None and given.type == "basic":
            return basic_actor(
                rooms,
                self._checked,
                username=given.username or "",
                password=given.password or "",
                address=request.remote_addr or "",
                now=desk.now(),
            )
        raise CredentialsUnreadable


def challenge(response: Response) -> Response:
    """Say on a 401 how to come in.

    A page that fetches is not asked for Basic: the browser would open its own sign-in window.
    """
    if request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        response.headers.add("WWW-Authenticate", f'Basic realm="{_REALM}", charset="UTF-8"')
    response.headers.add("WWW-Authenticate", f'Bearer realm="{_REALM}"')
    return response


def _token_actor(rooms: Rooms, token: str) -> Actor:
    with rooms.read() as session:
        actor = token_actor(session, token=token, now=desk.now())
    if actor is None:
        raise TokenRefused
    return actor


def _session_actor() -> Actor:
    identity.recognise()
    actor = desk.signed_in()
    if actor is None:
        raise CredentialsMissing
    if desk.password_change_due():
        raise PasswordChangeDue
    try:
        identity.csrf.protect()
    except CSRFError:
        raise CsrfRefused from None
    return actor
