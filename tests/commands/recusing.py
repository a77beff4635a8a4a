"""Short forms for tests of recusal: cases, ties, lists."""

from collections.abc import Sequence

from service.commands import process_instances, ties, user_tasks
from service.domain.actors import Actor
from service.domain.recusal import TieKind
from service.queries.inbox import page
from service.queries.inbox_filter import InboxFilter
from service.queries.inbox_order import Box
from tests.fixtures_commands import Stage

STRANGER = "wang.wei"


def start(stage: Stage, judge: str | None = None, judges: Sequence[str] = ()) -> int:
    with stage.rooms.write() as tools:
        return process_instances.start(
            tools,
            process_id="recusing",
            variables={"judge": judge, "judges": list(judges)},
            through_form=False,
            actor=stage.cast.applicant,
            now=stage.clock.now,
        ).instance_key


def tie(
    stage: Stage,
    username: str = "li.na",
    other: str = "zhang.min",
    kind: TieKind = TieKind.SPOUSE,
) -> int:
    actor = Actor(username)
    with stage.rooms.write() as tools:
        return ties.declare(
            tools, username=username, other=other, kind=kind, actor=actor, now=stage.clock.now
        )


def end(stage: Stage, key: int, actor: Actor, why: str = "已离婚") -> None:
    with stage.rooms.write() as tools:
        ties.end(tools, key=key, why=why, actor=actor, now=stage.clock.now)


def claim(stage: Stage, task: int, actor: Actor) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=actor, now=stage.clock.now)


def listed(stage: Stage, actor: Actor, box: Box = Box.CLAIMABLE) -> list[str]:
    with stage.rooms.read() as session:
        return [
            row.steps[0]
            for row in page(
                session, actor=actor, box=box, wanted=InboxFilter(), now=stage.clock.now
            ).rows
        ]
