"""Signing in and out, and what a page that was left open asks about its session."""

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from service.commands import sign_in
from service.commands.password_check import SignInRefused
from service.domain.accounts import is_username
from service.web import identity
from service.web.desk import current_actor, now, rooms, signed_in
from service.web.errors import status_of
from service.web.web_settings import web_settings

pages = Blueprint("sign_in", __name__)

_LONGEST_FIELD = 512


@pages.get("/sign-in")
def show() -> AnyResponse:
    """The sign-in page; who is signed in already goes on to where they wanted to go.

    Not who came in from outside: nothing in the house is theirs.
    """
    actor = signed_in()
    if actor is not None and not actor.public:
        return _go_on()
    username = request.args.get("username", "")
    return _form(HTTPStatus.OK, username=username if is_username(username) else "")


@pages.post("/sign-in")
def enter() -> AnyResponse:
    """Check name and password and open a session."""
    username = request.form.get("username", "")[:_LONGEST_FIELD].strip()
    password = request.form.get("password", "")[:_LONGEST_FIELD]
    try:
        opened = sign_in.sign_in(
            rooms(),
            username=username,
            password=password,
            address=request.remote_addr or "",
            now=now(),
        )
    except SignInRefused as refusal:
        shown = _form(status_of(refusal), username=username, refusal=refusal)
        if seconds := getattr(refusal, "retry_after", None):
            shown.headers["Retry-After"] = str(seconds)
        return shown
    # Whoever was signed in in this browser before is so no longer.
    end_session()
    response = _go_on()
    identity.open_session(response, opened.token)
    return response


@pages.post("/sign-out")
def leave() -> AnyResponse:
    """End the session."""
    response = redirect(url_for("sign_in.show"))
    end_session(response)
    return response


@pages.get("/session")
def session() -> Response:
    """Tell a page who is signed in now, with a token by which it may go on."""
    return jsonify(username=current_actor().username, csrfToken=generate_csrf())


def end_session(response: AnyResponse | None = None) -> None:
    """End the session of this browser, and take it out of the browser with this response."""
    if token := identity.session_token():
        with rooms().write() as tools:
            sign_in.sign_out(tools, token=token, address=request.remote_addr or "", now=now())
    if response is not None:
        identity.close_session(response)


def _form(
    status: HTTPStatus, *, username: str = "", refusal: SignInRefused | None = None
) -> Response:
    return make_response(
        render_template(
            "sign_in.html",
            username=username,
            refusal=refusal,
            wanted=wanted_page(),
            resume=_resumes(),
            settings=web_settings(),
        ),
        status,
    )


def _go_on() -> AnyResponse:
    if _resumes():
        return make_response(render_template("signed_in_again.html"))
    return redirect(wanted_page() or url_for("inbox.home"))


def _resumes() -> bool:
    return request.values.get("resume") == "1"


def wanted_page() -> str:
    """Return where the person wanted to go: a path of ours, nothing that leads elsewhere."""
    wanted = request.values.get("next", "")
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/sign-"))
    return wanted if own and wanted.isprintable() else ""
