"""Diagrams that are suspended in tests, and the commands that do it."""

from service.commands import (
    suspension,
)
from service.domain.actors import SYSTEM, Actor
from service.store.tables import (
    Job,
)
from tests.engine.builders import (
    boundary,
    catch,
    declare,
    diagram,
    end,
    flows,
    message,
    on,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_store import OFFICE

_DUE = '<zeebe:taskSchedule dueDate="2026-03-05" followUpDate="2026-03-04" />'
WORK = diagram(
    start(), user("work", assignee="zhang.min", extensions=_DUE), end(),
    boundary("soon", "work", on("timeDuration", "PT2H"), interrupting=False),
    boundary("again", "work", on("timeCycle", "R/PT24H"), interrupting=False),
    boundary("mornings", "work", on("timeCycle", "0 9 * * *"), interrupting=False),
    end("soon_end"), end("again_end"), end("mornings_end"),
    flows("start", "work", "end"), flows("soon", "soon_end"), flows("again", "again_end"),
    flows("mornings", "mornings_end"), process_id="work",
)  # fmt: skip
SHARED = diagram(
    start(),
    user("work", extensions=_DUE),
    end(),
    flows("start", "work", "end"),
    process_id="shared",
).replace(b'assignee="kim"', f'candidateGroups="{OFFICE}"'.encode())
WAITS = diagram(
    start(), catch("paid", on("message", "paid")), catch("term", on("signal", "term")),
    user("after", assignee="zhang.min"), end(), flows("start", "paid", "term", "after", "end"),
    process_id="waits", declared=message("paid") + declare("signal", "term"),
)  # fmt: skip


def suspend(stage: Stage, key: int, by: Actor = SYSTEM, reason: str = "等上级批复") -> None:
    with stage.rooms.write() as tools:
        suspension.suspend(tools, key, reason=reason, actor=by, now=stage.clock.now)


def resume(stage: Stage, key: int, by: Actor = SYSTEM) -> None:
    with stage.rooms.write() as tools:
        suspension.resume(tools, key, actor=by, now=stage.clock.now)


def due_at(stage: Stage, element_id: str) -> object:
    return stage.row(Job, element_id=element_id, state="waiting")["due_at"]
