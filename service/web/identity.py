"""Who is signed in: the session cookie, the CSRF token, the idle exit.

The cookie holds a random token and nothing else; what it stands for is in the store. Flask's own
signed cookie carries the secret of the CSRF tokens and messages between two pages, never identity.
"""

from contextlib import suppress
from dataclasses import replace

from flask import Flask, g, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from service.commands.sign_in import session_actor, touch_session
from service.domain.errors import NotFound, Unavailable
from service.domain.passwords import PasswordChangeDue
from service.web.desk import NotSignedIn, now, password_change_due, rooms, signed_in
from service.web.web_settings import WebSettings, web_settings

COOKIE = "jiaoyan_session"

_OPEN_ENDPOINTS = frozenset(
    {
        "sign_in.show",
        "sign_in.enter",
        "passwords.offer",
        "passwords.accept",
    }
)
"""What a stranger may ask for."""

_FOR_MACHINES = frozenset({"static", "health.alive", "health.ready", "metrics.show"})
"""Nobody is asked who they are; the database is left alone."""

_PUBLIC_ENDPOINTS = _OPEN_ENDPOINTS | {"sign_in.leave", "sign_in.session"}
"""What somebody from outside may ask for beside the pages made for them."""

_CHANGE_ENDPOINTS = _PUBLIC_ENDPOINTS | {"passwords.show", "passwords.change"}
"""What somebody may ask for who must change their password first."""

_PUBLIC_PAGES = "/public/"

_OWN_RULES = ("/v2/", "/api/", "/docs", "/openapi.json")
"""Paths that look after identity themselves: a program signs in by other ways."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


def install(app: Flask, settings: WebSettings) -> None:
    """Let every page know who asks, and turn strangers and forged requests away."""
    # Checked below, after the identity; tokens live as long as the browser's session does.
    app.config.update(WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None)
    csrf.init_app(app)

    @app.before_request
    def identify() -> None:
        if request.endpoint in _FOR_MACHINES or request.path.startswith(_OWN_RULES):
            return
        recognise()
        actor = signed_in()
        if actor is None and not (is_public_page() or request.endpoint in _OPEN_ENDPOINTS):
            raise NotSignedIn
        if actor is not None and actor.public:
            require_public_page()
        if password_change_due() and request.endpoint not in _CHANGE_ENDPOINTS:
            raise PasswordChangeDue
        if request.method not in _SAFE:
            csrf.protect()


def require_public_page() -> None:
    """Raise NotFound for a page of the house, which somebody from outside asks for."""
    if not is_public_page() and request.endpoint not in _PUBLIC_ENDPOINTS:
        raise NotFound


def is_public_page() -> bool:
    """Tell whether this is a page for the public: open to everybody, unless it says otherwise."""
    return f"{request.path}/".startswith(_PUBLIC_PAGES)


def recognise() -> None:
    """Read from the session's cookie who is signed in; notes once a minute that they are here."""
    g.actor = None
    g.password_change_due = False
    token = session_token()
    if not token:
        return
    with rooms().read() as reading:
        found = session_actor(reading, token=token, now=now(), idle=web_settings().idle)
    if found is None:
        return
    g.password_change_due = found.must_change_password
    g.actor = replace(found.actor, address=request.remote_addr or "")
    if found.touch_due:
        # A database too busy for this note must not keep anybody from reading.
        with suppress(Unavailable), rooms().write() as tools:
            touch_session(tools.session, token=token, now=now())


def session_token() -> str:
    """Return the token that the browser sent, or the empty text."""
    return request.cookies.get(COOKIE, "")


def open_session(response: Response, token: str) -> None:
    """Put a fresh session into the browser; what the one before knew is forgotten."""
    session.clear()
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=web_settings().https, path="/"
    )


def close_session(response: Response) -> None:
    """Take the session out of the browser."""
    session.clear()
    response.delete_cookie(
        COOKIE, httponly=True, samesite="Lax", secure=web_settings().https, path="/"
    )
