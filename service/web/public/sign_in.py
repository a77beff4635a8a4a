"""Coming in by a code: a number or address first, then the code that was sent there."""

import json
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from service.commands import sign_in, verification
from service.domain.errors import FieldsInvalid, JiaoyanError
from service.domain.outgoing import Channel
from service.domain.rate_limits import TooOften
from service.domain.verification import AccountClosed, ChannelClosed, CodeRefused, read_contact
from service.web import identity
from service.web.desk import now, rooms, signed_in
from service.web.errors import status_of
from service.web.public.desk import address, today
from service.web.web_settings import web_settings

pages = Blueprint("public_sign_in", __name__)

_CONTACT, _NEXT = "public-contact", "public-next"
_LONGEST = 320


@pages.get("/public/sign-in")
def show() -> AnyResponse:
    """Ask for a number or address; who has come in already goes on."""
    if (actor := signed_in()) is not None and actor.public:
        return _go_on(_wanted(request.args.get("next", "")))
    session[_NEXT] = _wanted(request.args.get("next", ""))
    return _ask(HTTPStatus.OK)


@pages.post("/public/sign-in")
def send_code() -> AnyResponse:
    """Have a code sent. The answer is the same whether anybody is known by this number."""
    written = request.form.get("contact", "")[:_LONGEST]
    try:
        verification.request_code(
            rooms(),
            written,
            channels=web_settings().channels,
            title=web_settings().title,
            address=address(),
            now=now(),
        )
    except (FieldsInvalid, TooOften, ChannelClosed) as refusal:
        return _waiting(_ask(status_of(refusal), written=written, refusal=refusal), refusal)
    session[_CONTACT] = written
    return redirect(url_for("public_sign_in.show_code"), HTTPStatus.SEE_OTHER)


@pages.get("/public/sign-in/code")
def show_code() -> AnyResponse:
    """Ask for the code that was sent."""
    if _CONTACT not in session:
        return redirect(url_for("public_sign_in.show"))
    return _ask_code(HTTPStatus.OK)


@pages.post("/public/sign-in/code")
def enter() -> AnyResponse:
    """Check the code and open a session; where there is no account yet, there is one then."""
    if _CONTACT not in session:
        return redirect(url_for("public_sign_in.show"))
    wanted = str(session.get(_NEXT, ""))
    try:
        admitted = verification.admit(
            rooms(),
            str(session[_CONTACT]),
            request.form.get("code", "")[:_LONGEST],
            address=address(),
            now=now(),
        )
    except (CodeRefused, TooOften, AccountClosed) as refusal:
        return _waiting(_ask_code(status_of(refusal), refusal=refusal), refusal)
    _end_session()
    response = _go_on(wanted)
    identity.open_session(response, admitted.signed_in.token)
    return response


@pages.post("/public/sign-out")
def leave() -> AnyResponse:
    """End the session."""
    _end_session()
    response = redirect(url_for("public_home.show"), HTTPStatus.SEE_OTHER)
    identity.close_session(response)
    return response


@pages.get("/public/demo-inbox")
def demo_inbox() -> str:
    """The messages that the demonstration does not really send, newest first."""
    folder = web_settings().demo_inbox
    if folder is None:
        raise NotFound
    return render_template("public/demo_inbox.html", messages=_messages(folder))


def _messages(folder: Path) -> list[dict[str, object]]:
    files = sorted(folder.glob("[0-9]*.json"), reverse=True)[:20]
    found = [json.loads(file.read_text("utf-8")) for file in files]
    return [
        one | {"at": datetime.fromisoformat(one["at"]), "channel": Channel(one["channel"])}
        for one in found
    ]


def _ask(status: HTTPStatus, *, written: str = "", refusal: JiaoyanError | None = None) -> Response:
    page = render_template(
        "public/sign_in.html",
        written=written,
        refusal=refusal,
        settings=web_settings(),
        resume=session.get(_NEXT) == _RESUME,
    )
    return make_response(page, status)


def _ask_code(status: HTTPStatus, *, refusal: JiaoyanError | None = None) -> Response:
    contact = read_contact(str(session[_CONTACT]), today=today())
    page = render_template(
        "public/code.html",
        contact=contact,
        written=session[_CONTACT],
        refusal=refusal,
        settings=web_settings(),
    )
    return make_response(page, status)


def _waiting(response: Response, refusal: JiaoyanError) -> Response:
    if seconds := getattr(refusal, "retry_after", None):
        response.headers["Retry-After"] = str(seconds)
    return response


_RESUME = "resume"


def _wanted(path: str) -> str:
    """Where the person wanted to go: a page for the public, nothing that leads elsewhere."""
    if request.args.get("resume") == "1":
        return _RESUME
    own = path.startswith("/public/") and "\\" not in path and "//" not in path
    return path if own and path.isprintable() and not path.startswith("/public/sign-") else ""


def _go_on(wanted: str) -> AnyResponse:
    if wanted == _RESUME:
        return make_response(render_template("public/signed_in_again.html"))
    return redirect(wanted or url_for("public_applications.listing"), HTTPStatus.SEE_OTHER)


def _end_session() -> None:
    if token := identity.session_token():
        with rooms().write() as tools:
            sign_in.sign_out(tools, token=token, address=address(), now=now())
