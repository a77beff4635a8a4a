"""The menu of every page: the service's own lines and those of the procedures."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, request

from service.domain.actors import Actor
from service.domain.authorization import ObjectKind
from service.queries import (
    access_log,
    administration,
    designs,
    disclosures,
    notices,
    rights,
    ties,
)
from service.web.catalogue import _
from service.web.desk import password_change_due, rooms, signed_in

_OVERSEEN = frozenset({ObjectKind.RUNNING, ObjectKind.TASK})


def _everybody(_actor: Actor) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A line of the menu, for whom `visible_for` says: asked at each page, so it must be cheap.

    `about`: nobody is asked who has no right about objects of this kind.
    """

    label: str
    url: str
    visible_for: Callable[[Actor], bool] = _everybody
    about: ObjectKind | None = None


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A line as this page shows it."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands in the head of a page, and what 更多 opens for want of room."""

    shown: Sequence[MenuLine]
    more: Sequence[MenuLine]


_ROOM = 590
"""Pixels between the name of the system and whoever is signed in, on a screen 1,280 wide."""

_WIDE, _NARROW = 16, 9
_AROUND = 33
"""Pixels of a character of Chinese and of Latin, and around a line: see `page.css`."""


def arranged(lines: Sequence[MenuLine]) -> Menu:
    """Put as many lines into the head as stand beside each other there, in their order."""
    widths = [_width(line.label) for line in lines]
    if sum(widths) <= _ROOM:
        return Menu(lines, ())
    room, count = _ROOM - _width(_("更多")), 0
    while widths[count] <= room:
        room -= widths[count]
        count += 1
    return Menu(lines[:count], lines[count:])


def _width(label: str) -> int:
    wide = sum(unicodedata.east_asian_width(one) in "WF" for one in label)
    return wide * _WIDE + (len(label) - wide) * _NARROW + _AROUND


def install(app: Flask, entries: Sequence[MenuEntry]) -> None:
    """Give the templates `menu`, a function: the head of a page asks it, a fragment does not."""

    @app.context_processor
    def menu() -> dict[str, object]:
        return {"menu": lambda: arranged(lines(entries))}


def lines(entries: Sequence[MenuEntry]) -> list[MenuLine]:
    """Return the lines the signed-in person sees; none for who may open none of the pages.

    One statement, and one more for each line about a kind of object of which they have a right.
    """
    actor = signed_in()
    if actor is None or actor.public or password_change_due():
        return []
    with rooms().read() as session:
        kinds = rights.kinds_held(session, actor=actor)
        starts = ObjectKind.PROCEDURE in kinds and rights.starts(session, actor=actor)
        designer = ObjectKind.DEPLOYMENT in kinds and designs.may_design(session, actor=actor)
        oversees = bool(kinds & _OVERSEEN) and rights.oversees(session, actor=actor)
        audits = ObjectKind.AUDIT in kinds and access_log.may_read(session, actor)
        administers = ObjectKind.ACCOUNT in kinds and administration.may_read(session, actor=actor)
        publishes = ObjectKind.NOTICE in kinds and notices.publishes(session, actor=actor)
        objections = ObjectKind.OBJECTION in kinds and disclosures.reads_objections(
            session, actor=actor
        )
        recuses = ObjectKind.RECUSAL in kinds and ties.may_read_all(session, actor=actor)
    named = [(_("工作台"), "/")]
    if starts:
        named.append((_("发起申请"), "/start"))
    named += [
        (entry.label, entry.url)
        for entry in entries
        if (entry.about is None or entry.about in kinds) and entry.visible_for(actor)
    ]
    if publishes:
        named.append((_("公告"), "/notices"))
    if objections:
        named.append((_("公示异议"), "/objections"))
    if designer:
        named.append((_("流程设计"), "/designer"))
    if oversees:
        named.append((_("运行监控"), "/operations"))
    if recuses:
        named.append((_("回避管理"), "/recusal"))
    if audits:
        named.append((_("审计"), "/audit"))
    if administers:
        named.append((_("系统管理"), "/admin"))
    return [MenuLine(label, url, _is_current(url)) for label, url in named]


def _is_current(url: str) -> bool:
    if url == "/":
        return request.path == "/" or request.path.startswith(("/inbox", "/cases"))
    return request.path == url or request.path.startswith(f"{url}/")
