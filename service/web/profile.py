"""My account: who I am here, my groups, my password."""

from http import HTTPStatus

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands.password_check import SignInRefused
from service.domain.errors import Invalid, JiaoyanError
from service.queries import organization
from service.queries.groups import group_names
from service.web.catalogue import _
from service.web.desk import current_actor, rooms
from service.web.errors import status_of
from service.web.passwords import change_own

pages = Blueprint("profile", __name__)


@pages.get("/profile")
def show() -> AnyResponse:
    """My account."""
    return _page(HTTPStatus.OK)


@pages.post("/profile/password")
def change_password() -> AnyResponse:
    """Change my own password; my other sessions end."""
    try:
        change_own()
    except (Invalid, SignInRefused) as refusal:
        return _page(status_of(refusal), refusal)
    flash(_("密码已修改；在其他地方的登录已退出。"))
    return redirect(url_for("profile.show"))


def _page(status: HTTPStatus, refusal: JiaoyanError | None = None) -> AnyResponse:
    actor = current_actor()
    with rooms().read() as session:
        groups = group_names(session, sorted(actor.groups))
        posts = organization.posts_of(session, actor=actor, username=actor.username)
    text = render_template("profile.html", actor=actor, groups=groups, posts=posts, refusal=refusal)
    return make_response(text, status)
