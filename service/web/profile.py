"""My account: who I am here, my groups, my password."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import sign_in
from service.commands.password_check import SignInRefused
from service.domain.errors import Invalid, JiaoyanError
from service.queries.groups import group_names
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of
from service.web.identity import session_token

pages = Blueprint("profile", __name__)

_LONGEST_FIELD = 512


class PasswordsDiffer(Invalid):
    """两次输入的新密码不一样，密码没有修改。请重新输入。"""

    code = "profile.passwords-differ"


class PasswordWrong(Invalid):
    """当前密码不正确，密码没有修改。请重新输入。"""

    code = "profile.password-wrong"


@pages.get("/profile")
def show() -> AnyResponse:
    """My account."""
    return _page(HTTPStatus.OK)


@pages.post("/profile/password")
def change_password() -> AnyResponse:
    """Change my own password; my other sessions end."""
    current, new, again = (
        request.form.get(name, "")[:_LONGEST_FIELD] for name in ("current", "new", "again")
    )
    try:
        if new != again:
            raise PasswordsDiffer
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
        shown = PasswordWrong() if type(refusal) is SignInRefused else refusal
        return _page(status_of(shown), shown)
    except Invalid as refusal:
        return _page(status_of(refusal), refusal)
    flash(_("密码已修改；在其他地方的登录已退出。"))
    return redirect(url_for("profile.show"))


def _page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        groups = group_names(session, sorted(actor.groups))
    text = render_template("profile.html", actor=actor, groups=groups, refusal=refusal)
    return make_response(text, status)
