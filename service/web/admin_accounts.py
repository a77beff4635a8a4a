"""What an administrator does with one account: each a form of its page."""

from collections.abc import Callable
from http import HTTPStatus

from flask import request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from service.commands import account_states, accounts, groups, personal_data
from service.commands.toolbox import Toolbox
from service.domain.actors import Actor
from service.domain.errors import Conflict, Invalid, JiaoyanError
from service.domain.personal_data import PersonalKind
from service.web.admin_frame import act, admin_pages
from service.web.admin_people import link_page, make_link, person_page
from service.web.catalogue import _
from service.web.desk import current_actor, now, rooms
from service.web.errors import status_of

pages = admin_pages("admin_accounts")

_LONGEST_FIELD = 300

Change = Callable[[Toolbox, Actor], object]


@pages.post("/people/<username>/link")
def link(username: str) -> AnyResponse:
    """Make a link to set the password, and show it once."""
    try:
        return link_page(username, make_link(username))
    except (Invalid, Conflict) as refusal:
        return person_page(username, status_of(refusal), refusal)


@pages.post("/people/<username>/rename")
def rename(username: str) -> AnyResponse:
    """Change the name that is shown."""

    def change(tools: Toolbox, actor: Actor) -> None:
        accounts.rename_person(
            tools, username=username, display_name=_sent("name"), actor=actor, now=now()
        )

    return _change(username, "rename", change, _("姓名已修改。"))


@pages.post("/people/<username>/lock")
def lock(username: str) -> AnyResponse:
    """Lock the account, with a reason."""

    def change(tools: Toolbox, actor: Actor) -> None:
        account_states.lock(
            tools, username=username, reason=_sent("reason"), actor=actor, now=now()
        )

    return _change(username, "lock", change, _("账号已锁定，这个人在各处的登录已退出。"))


@pages.post("/people/<username>/unlock")
def unlock(username: str) -> AnyResponse:
    """Open a locked account."""

    def change(tools: Toolbox, actor: Actor) -> None:
        account_states.unlock(tools, username=username, actor=actor, now=now())

    return _change(username, "unlock", change, _("账号已解锁，可以登录了。"))


@pages.post("/people/<username>/reactivate")
def reactivate(username: str) -> AnyResponse:
    """Open the account of somebody who comes back."""

    def change(tools: Toolbox, actor: Actor) -> None:
        account_states.reactivate(tools, username=username, actor=actor, now=now())

    said = _("账号已重新启用。请发链接让本人设置密码，并重新安排岗位、用户组和授权。")
    return _change(username, "reactivate", change, said)


@pages.post("/people/<username>/groups")
def join(username: str) -> AnyResponse:
    """Put the person into a group."""

    def change(tools: Toolbox, actor: Actor) -> None:
        groups.add_member(tools, group_id=_sent("group"), username=username, actor=actor, now=now())

    return _change(username, "groups", change, _("已加入用户组。"))


@pages.post("/people/<username>/groups/leave")
def leave_group(username: str) -> AnyResponse:
    """Take the person out of a group."""

    def change(tools: Toolbox, actor: Actor) -> None:
        groups.remove_member(
            tools, group_id=_sent("group"), username=username, actor=actor, now=now()
        )

    return _change(username, "groups", change, _("已移出用户组。"))


@pages.post("/people/<username>/personal/<kind>")
def record(username: str, kind: str) -> AnyResponse:
    """Record a personal value, or remove it."""
    which = _kind(kind)
    text = _sent("value")

    def change(tools: Toolbox, actor: Actor) -> None:
        personal_data.record(
            tools, username=username, kind=which, text=text, actor=actor, now=now()
        )

    said = (
        _("%(what)s已登记。", what=which.label) if text else _("%(what)s已删除。", what=which.label)
    )
    return _change(username, f"record-{which}", change, said)


@pages.post("/people/<username>/personal/<kind>/reveal")
def reveal(username: str, kind: str) -> AnyResponse:
    """Show a personal value in clear, this once, with a reason that is recorded."""
    which = _kind(kind)
    try:
        with rooms().write() as tools:
            value = personal_data.reveal(
                tools,
                username=username,
                kind=which,
                reason=_sent("reason"),
                actor=current_actor(),
                now=now(),
            )
    except (Invalid, Conflict) as refusal:
        return person_page(username, status_of(refusal), refusal, act=f"reveal-{which}")
    return person_page(username, HTTPStatus.OK, revealed=(which, value))


def _change(username: str, form: str, change: Change, said: str) -> AnyResponse:
    """Do it in one transaction, and come back to the account's page."""

    def run() -> str:
        with rooms().write() as tools:
            change(tools, current_actor())
        return said

    def refused(status: HTTPStatus, refusal: JiaoyanError) -> AnyResponse:
        return person_page(username, status, refusal, act=form)

    leads_to = url_for("admin_people.show", username=username)
    return act(run, leads_to=leads_to, refused=refused)


def _kind(text: str) -> PersonalKind:
    try:
        return PersonalKind(text)
    except ValueError:
        raise NotFound from None


def _sent(name: str) -> str:
    return request.form.get(name, "")[:_LONGEST_FIELD].strip()
