"""A process that discloses something, offers to apply for it, and people outside.

`DISCLOSES`  waits with a task, opens a disclosure, takes objections, closes it
`bureau_publishes`  gives the officer NOTICE and OBJECTION rights, the public the right to start
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from service.commands import groups, rights
from service.commands.handlers import TaskContext
from service.commands.publications import close_disclosure, open_disclosure
from service.commands.rooms import Rooms
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.disclosures import DisclosureItem, DisclosureText
from service.domain.values import Variables
from tests.engine.builders import (
    boundary,
    declare,
    diagram,
    end,
    flows,
    message,
    on,
    service,
    start,
    user,
)
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import Bring, begin_with
from tests.fixtures_store import OFFICE

OBJECTION = "公示异议"

_ASSIGNEE = {"assignee": "zhang.min"}

DISCLOSES = diagram(
    start(), service("open"), user("wait", **_ASSIGNEE),
    boundary("objected", "wait", on("message", OBJECTION), interrupting=False),
    user("check", **_ASSIGNEE), end("checked"),
    service("close"), end(),
    boundary("held", "close", on("error", "disclosure-objections-open")),
    user("settle", **_ASSIGNEE),
    flows("start", "open", "wait", "close", "end"), flows("objected", "check", "checked"),
    flows("held", "settle", "close"),
    process_id="discloses",
    declared=message(OBJECTION, "=disclosure_key") + declare("error", "disclosure-objections-open"),
)  # fmt: skip

FIRST = date(2026, 3, 2)
TEXT = DisclosureText(
    title="拟准入人员公示",
    content="经审核，拟准予下列人员登记。",
    begins_on=FIRST,
    ends_on=FIRST + timedelta(days=6),
    items=(DisclosureItem("教师甲", "小学语文", "示例小学01"),),
)


def opens(
    text: DisclosureText = TEXT, *, heard: bool = True, concerns: Sequence[str] = ()
) -> Callable[[TaskContext], Variables]:
    """An act of the desk that opens a disclosure; `heard`: its process is told of objections."""

    def act(context: TaskContext) -> Variables:
        name = OBJECTION if heard else ""
        opened = open_disclosure(context, text, message_name=name, concerns=concerns)
        return {"disclosure_key": opened.key, "slug": opened.slug}

    return act


def closes(context: TaskContext) -> None:
    """An act of the desk that closes it."""
    key = context.variables["disclosure_key"]
    assert isinstance(key, str)
    close_disclosure(context, key, conclusion="公示无异议。")


def disclose(
    stage: Stage,
    bring: Bring,
    desk: Desk,
    text: DisclosureText = TEXT,
    *,
    heard: bool = False,
    concerns: Sequence[str] = (),
) -> tuple[int, str]:
    """Open a disclosure by a process; returns the instance's key and the slug."""
    desk.acts = [opens(text, heard=heard, concerns=concerns)]
    bring(DISCLOSES)
    key = begin_with(stage, "discloses")
    slug = stage.variables(key)["slug"]
    assert isinstance(slug, str)
    return key, slug


def let_public_start(rooms: Rooms, process_id: str) -> None:
    """Give the public the right to start this process."""
    _grant(rooms, PUBLIC_APPLICANTS, process_id, (ObjectKind.PROCEDURE, Action.ACT))


def let_office_publish(rooms: Rooms, process_id: str = ALL) -> None:
    """Give the officer's group notices and objections of this process."""
    for right in (
        (ObjectKind.NOTICE, Action.ACT),
        (ObjectKind.OBJECTION, Action.READ),
        (ObjectKind.OBJECTION, Action.ACT),
    ):
        _grant(rooms, OFFICE, process_id, right)


def _grant(rooms: Rooms, group: str, process_id: str, right: tuple[ObjectKind, Action]) -> None:
    with rooms.write() as tools:
        if group == PUBLIC_APPLICANTS:
            groups.create_group(
                tools, group_id=group, name="公众申请人", actor=SYSTEM, now=rooms.clock()
            )
        grant = Grant(GranteeKind.GROUP, group, process_id, *right)
        rights.grant(tools, grant, actor=SYSTEM, now=rooms.clock())
