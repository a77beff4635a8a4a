"""公示 as the tests of it use it: posted, checked, ended."""

from itertools import count

from sqlalchemy import delete

from processes.recruitment.rules.channel import Channel
from service.commands import objection_answers, user_tasks
from service.commands.disclosures import objections_to
from service.domain.actors import SYSTEM, Actor
from service.domain.disclosures import ObjectionState
from service.domain.values import Json
from service.store.tables import Job, UserTask
from service.store.tables.work import JobKind
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import (
    about,
    disclosure_of,
    record_decision,
    run_jobs,
    start,
    tasks,
    wait_until,
)

NOTICE = "public_notice"
CHECKED: dict[str, Json] = {
    "check_record": "查阅档案，向学校核实。",
    "objection_answer": "经核查，任教满六年。",
}
_numbers = count(1)


def person() -> str:
    return f"教师人选{next(_numbers)}"


def post(desk: Desk, *, channel: Channel = Channel.SELECTION, name: str = "", **more: str) -> int:
    """Post the 公示 of somebody on whom the Party group has decided; return the case."""
    name = name or person()
    item = record_decision(desk, about(name))
    return show(desk, name, str(item), channel=channel, **more)


def show(
    desk: Desk, name: str, item: str, *, channel: Channel = Channel.SELECTION, **more: str
) -> int:
    content: dict[str, Json] = {
        "name": name, "unit": "市第一小学", "post": "小学语文教研员", **more
    }  # fmt: skip
    case = start(
        desk, NOTICE, actor=SYSTEM, channel=channel.value, content=content, committee_item=item
    )
    run_jobs(desk)
    return case


def check(desk: Desk, case: int, outcome: str, *, actor: Actor = OFFICER, **changes: Json) -> None:
    (task, *_) = tasks(desk, case, "check_objection")
    desk.complete(task, outcome, CHECKED | changes, actor=actor, comment="需要外地函调")
    run_jobs(desk)


def end_days(desk: Desk, case: int) -> None:
    wait_until(desk, str(desk.variables(case)["notice_over_at"]))


def forget_messages(desk: Desk) -> None:
    """As if the days ended before the message was delivered."""
    with desk.rooms.database.write() as session:
        session.execute(delete(Job).where(Job.kind == JobKind.MESSAGE))


def settle_on_its_page(
    desk: Desk, case: int, state: ObjectionState, *, actor: Actor = OFFICER
) -> None:
    """Answer the one objection under 公示异议."""
    key = disclosure_of(desk, case).key
    with desk.rooms.write() as tools:
        (one,) = objections_to(tools.session, key)
        objection_answers.answer(
            tools,
            one.key,
            state=state,
            record="函调。",
            text="函调属实。",
            actor=actor,
            now=desk.clock(),
        )


def take(desk: Desk, case: int, element: str, *, actor: Actor = OFFICER) -> UserTask:
    """Claim the one open task of this step."""
    (task,) = tasks(desk, case, element)
    with desk.rooms.write() as tools:
        user_tasks.claim(tools, task.key, actor=actor, now=desk.clock())
    (task,) = tasks(desk, case, element)
    return task


def ended_as(desk: Desk, case: int) -> str | None:
    return desk.instance(case).end_event
