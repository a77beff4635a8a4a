"""Giving oneself a password: by a one-time link, and where somebody else knows the one there is."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import password_links, sign_in
from service.commands.password_check import SignInRefused
from service.commands.password_links import OfferedLink
from service.domain.errors import Invalid, JiaoyanError
from service.web.catalogue import _
from service.web.desk import current_actor, now, password_change_due, rooms
from service.web.errors import status_of
from service.web.identity import session_token
from service.web.sign_in import end_session, wanted_page

pages = Blueprint("passwords", __name__)

_LONGEST_FIELD = 512


class PasswordsDiffer(Invalid):
    """两次输入的新密码不一样，密码没有修改。请重新输入。"""

    code = "profile.passwords-differ"


class PasswordWrong(Invalid):
    """当前密码不正确，密码没有修改。请重新输入。"""

    code = "profile.password-wrong"


@pages.get("/password")
def show() -> AnyResponse:
    """The page that somebody sees first whose password is known to others."""
    if not password_change_due():
        return redirect(url_for("profile.show"))
    return _change_page(HTTPStatus.OK)


@pages.post("/password")
def change() -> AnyResponse:
    """Give oneself another password, and go on to what one wanted."""
    try:
        change_own()
    except (Invalid, SignInRefused) as refusal:
        return _change_page(status_of(refusal), refusal)
    flash(_("密码已换好，以后请用新密码登录。"))
    return redirect(wanted_page() or url_for("inbox.home"))


@pages.get("/password/<token>")
def offer(token: str) -> AnyResponse:
    """The page behind a link; looking at it does not use the link up."""
    return _link_page(_offered(token), HTTPStatus.OK)


@pages.post("/password/<token>")
def accept(token: str) -> AnyResponse:
    """Set the password; whoever was signed in in this browser is so no longer."""
    link = _offered(token)
    new, again = (request.form.get(name, "")[:_LONGEST_FIELD] for name in ("new", "again"))
    try:
        if new != again:
            raise PasswordsDiffer
        username = password_links.accept(
            rooms(), token=token, password=new, address=request.remote_addr or "", now=now()
        )
    except Invalid as refusal:
        return _link_page(link, status_of(refusal), refusal)
    response = redirect(url_for("sign_in.show", username=username))
    end_session(response)
    flash(_("密码已设置好，请用它登录。"))
    return response


def change_own() -> None:
    """Change the signed-in person's password to what the form says.

    Raises PasswordsDiffer, PasswordWrong, PasswordUnfit; Locked and Limited as for a sign-in.
    """
    current, new, again = (
        request.form.get(name, "")[:_LONGEST_FIELD] for name in ("current", "new", "again")
    )
    if new != again:
        raise PasswordsDiffer
    try:
        sign_in.change_password(
            rooms(),
            username=current_actor().username,
            current=current,
            new=new,
            token=session_token(),
            address=request.remote_addr or "",
            now=now(),
        )
    except SignInRefused as refusal:
        # It says what to do about a forgotten name; here only the password can be wrong.
        if type(refusal) is SignInRefused:
            raise PasswordWrong from None
        raise


def _offered(token: str) -> OfferedLink:
    with rooms().read() as session:
        return password_links.offered(session, token=token, now=now())


def _change_page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    text = render_template(
        "password_change.html", actor=current_actor(), refusal=refusal, wanted=wanted_page()
    )
    return make_response(text, status)


def _link_page(
    link: OfferedLink, status: HTTPStatus, refusal: JiaoyanError | None = None
) -> AnyResponse:
    return make_response(render_template("password_link.html", link=link, refusal=refusal), status)
