"""我的提醒: what I was told, what it leads to, and by which channels I want to be told."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from service.commands import notification_choices
from service.commands import notifications as commands
from service.domain.errors import JiaoyanError
from service.domain.notifications import NotificationKind
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.queries import notifications
from service.queries.notifications import MOST_COUNTED, NotificationRow
from service.web.catalogue import _
from service.web.desk import current_actor, now, password_change_due, rooms, signed_in
from service.web.limits import parse_key
from service.web.web_settings import web_settings

pages = Blueprint("notifications", __name__)

_PLACES = {
    NotificationKind.DEPUTY_APPOINTED: "deputies.show",
    NotificationKind.INCIDENT: "operations.show",
    NotificationKind.TASKS_HANDED_OVER: "inbox.home",
}
"""Where a notification leads that is about no task of one's own."""


def install(app: Flask) -> None:
    """Give the head of each page the number of what is unread: a function, asked once a page."""

    @app.context_processor
    def unread() -> dict[str, object]:
        return {"unread_notifications": _unread}


def _unread() -> str:
    actor = signed_in()
    if actor is None or actor.public or password_change_due():
        return ""
    with rooms().read() as session:
        count = notifications.unread(session, actor=actor)
    if not count:
        return ""
    return str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"


@pages.get("/notifications")
def show() -> str:
    """What I was told, newest first."""
    after = request.args.get("after")
    with rooms().read() as session:
        page = notifications.page(session, actor=current_actor(), after=after)
    return render_template(
        "notifications.html",
        page=page,
        first=after is None,
        demo_inbox=web_settings().demo_inbox,
    )


@pages.get("/notifications/<key:key>")
def open_one(key: int) -> AnyResponse | str:
    """Mark it as read and lead to what it is about, or say that this is no longer mine."""
    actor = current_actor()
    with rooms().read() as session:
        row = notifications.get(session, actor=actor, key=key)
    if not row.is_read:
        with rooms().write() as tools:
            commands.read(tools, key, actor=actor, now=now())
    place = _place(row)
    return render_template("notification.html", row=row) if place is None else redirect(place)


@pages.post("/notifications/<key:key>/read")
def read(key: int) -> AnyResponse:
    """Mark one as read and stay here."""
    with rooms().write() as tools:
        commands.read(tools, key, actor=current_actor(), now=now())
    return redirect(url_for("notifications.show", after=request.form.get("after") or None))


@pages.post("/notifications/read")
def read_all() -> AnyResponse:
    """Mark as read what there was when the page was shown."""
    up_to = parse_key(request.form.get("up_to", ""))
    if up_to is not None:
        with rooms().write() as tools:
            commands.read_all(tools, up_to=up_to, actor=current_actor(), now=now())
        flash(_("已全部标为已读。"))
    return redirect(url_for("notifications.show"))


@pages.get("/profile/notifications")
def choose() -> str:
    """Which kinds I want by which channel."""
    actor = current_actor()
    with rooms().read() as session:
        rows = notifications.choices(session, actor=actor, channels=web_settings().channels)
        try:
            addresses = notifications.own_addresses(session, rooms().data_keys, actor=actor)
        except JiaoyanError:
            # They cannot be opened now; the choices can be made all the same.
            addresses = {}
    channels = list(dict.fromkeys(channel for row in rows for channel in row.channels))
    return render_template(
        "notification_choices.html",
        rows=rows,
        channels=sorted(channels, key=list(Channel).index),
        mail=addresses.get(PersonalKind.MAIL),
        calls=any(channel.is_shared for channel in channels),
    )


@pages.post("/profile/notifications")
def save() -> AnyResponse:
    """Keep my choices; a box that is not ticked is not sent."""
    actor = current_actor()
    ticked = set(request.form.getlist("wanted"))
    with rooms().write() as tools:
        shown = notifications.choices(tools.session, actor=actor, channels=web_settings().channels)
        wanted = {
            (row.kind, channel): f"{row.kind}/{channel}" in ticked
            for row in shown
            for channel in row.channels
        }
        notification_choices.choose(tools, wanted, actor=actor)
    flash(_("提醒方式已保存。"))
    return redirect(url_for("notifications.choose"))


def _place(row: NotificationRow) -> str | None:
    if row.kind in _PLACES:
        return url_for(_PLACES[row.kind])
    if row.task_key is not None:
        return url_for("tasks.show", key=row.task_key)
    if row.instance_key is not None:
        return url_for("instances.show", key=row.instance_key)
    return row.page or None
