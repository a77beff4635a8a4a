"""What the page after a submission says: that it was accepted, and what to do next."""

from dataclasses import dataclass
from typing import Self

from flask import get_flashed_messages, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from service.domain.actors import Actor
from service.domain.user_tasks import TaskNotFound
from service.queries import inbox_summary, tasks
from service.web.catalogue import _

SUBMITTED = "submitted"
"""Category of the message that one page leaves for the next."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A task that was just completed, and one that arose for the same person by that."""

    task_key: int
    next_key: int | None

    def kept(self) -> str:
        """As text, for the cookie that carries it to the next page."""
        return f"{self.task_key} {self.next_key or ''}"

    @classmethod
    def read(cls, kept: str) -> Self:
        """The same again."""
        task_key, _space, next_key = kept.partition(" ")
        return cls(int(task_key), int(next_key) if next_key else None)


def notices(session: Session, *, actor: Actor) -> list[Markup]:
    """Return what to say about the submissions since the last page, usually one."""
    kept = get_flashed_messages(category_filter=[SUBMITTED])
    return [_notice(session, actor, Submitted.read(str(one))) for one in kept]


def _notice(session: Session, actor: Actor, submitted: Submitted) -> Markup:
    try:
        name = tasks.get(session, actor=actor, key=submitted.task_key).name
        said = _("已提交「%(name)s」。", name=name)
    except TaskNotFound:
        said = _("已提交。")
    if again := _again(session, actor, submitted.next_key):
        return Markup("{} {}").format(said, again)
    following = inbox_summary.first_todo(session, actor=actor)
    if following is None:
        return Markup("{}").format(said)
    return Markup("{} {}").format(said, _link(following, _("办理下一件")))


def _again(session: Session, actor: Actor, key: int | None) -> Markup | None:
    """Say that the case waits for the same person again: it may have come straight back."""
    if key is None:
        return None
    try:
        task = tasks.get(session, actor=actor, key=key)
    except TaskNotFound:
        return None
    if not (task.may_complete or task.may_claim):
        return None
    return Markup("{}{}").format(_("这件事项又到了你这里："), _link(key, task.name))


def _link(key: int, text: str) -> Markup:
    return Markup('<a class="alert-link" href="{}">{}</a>').format(
        url_for("tasks.show", key=key), text
    )
