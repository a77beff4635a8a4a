"""The yearly query at work: what the office does, in short form."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select, update

from processes.records import procedure
from processes.registers import changes
from processes.registers.staffing.rosters import RESEARCHER_ROSTER
from processes.registers.staffing.tables import RecordsQuery, Researcher
from processes.sample import registers
from service.domain.actors import Actor
from service.domain.values import Json
from service.jobs.runner import JobRunner
from service.store.tables import UserTask
from tests.processes.desk import COLLEAGUE, OFFICER, Desk

LOOK_UP, DISMISS = "look_up", "dismiss"
PART_TIMER = "teacher493"
WHO = (*(f"researcher{number:02}" for number in range(2, 15)), "researcher25", PART_TIMER)
"""Those whose query is due in these tests; the others' is made as far as they go."""
DISTRICT_OFFICE = "@ haibowan-personnel"
DISTRICT_ONE, DISTRICT_TWO = (
    Actor(f"haibowan{number}", f"区人事股0{number}", frozenset({DISTRICT_OFFICE}))
    for number in (1, 2)
)
"""Of the personnel office that this one of the districts has set up."""
LATE = (*registers.QUERY_OVERDUE, *registers.DISTRICT_OVERDUE)


def ask(desk: Desk, day: str) -> None:
    """Do the day's work of this day, twice: the second time nothing is left to do."""
    desk.clock.now = datetime.fromisoformat(f"{day}T06:50+08:00")
    (work,) = procedure.daily
    for _ in range(2):
        with desk.rooms.write() as tools:
            work.run(tools, desk.clock())
    JobRunner(desk.rooms, owner="worker-1").run_due()


def looked_up_last(desk: Desk, username: str, on: date | None) -> None:
    """Say when somebody's records were queried last."""
    with desk.rooms.database.write() as session:
        session.execute(
            update(Researcher).where(Researcher.username == username).values(records_on=on)
        )


def entry(desk: Desk, username: str) -> Researcher:
    """What the researchers' register says of somebody."""
    with desk.rooms.read() as session:
        return session.scalars(select(Researcher).where(Researcher.username == username)).one()


def queries(desk: Desk, username: str) -> list[RecordsQuery]:
    """What was asked for of somebody, the oldest first."""
    wanted = (
        select(RecordsQuery)
        .join(Researcher, Researcher.key == RecordsQuery.researcher_key)
        .where(Researcher.username == username)
        .order_by(RecordsQuery.due_on)
    )
    with desk.rooms.read() as session:
        return list(session.scalars(wanted))


def case_of(desk: Desk, username: str) -> int:
    """The case of the newest query of somebody."""
    return queries(desk, username)[-1].instance_key or 0


def only(desk: Desk, case: int) -> UserTask:
    """The one open task of a case."""
    (task,) = desk.open_tasks(case)
    return task


def answer(
    desk: Desk,
    case: int,
    result: str = "没有记录",
    *,
    actor: Actor = OFFICER,
    changes: Mapping[str, Json] | None = None,
) -> None:
    """Enter what the organ answered."""
    task = only(desk, case)
    assert task.element_id == LOOK_UP
    filled: dict[str, Json] = {
        "query_result": result,
        "query_on": desk.clock().date().isoformat(),
        "query_organ": "海勃湾区人民检察院",
        "query_document": desk.upload(task.key, "query_document", actor),
        "query_note": "" if result == "没有记录" else "检察院书面答复，已核对身份",
    }
    desk.complete(task, "submit", filled | dict(changes or {}), actor=actor)


def settle(
    desk: Desk, case: int, outcome: str = "left", *, actor: Actor = COLLEAGUE, **changes: Json
) -> None:
    """Enter what became of somebody of whom a record was found."""
    task = only(desk, case)
    assert task.element_id == DISMISS
    filled: dict[str, Json] = {
        "dismissal_how": "解除聘用合同" if outcome == "left" else None,
        "dismissal_on": desk.clock().date().isoformat(),
        "dismissal_number": "乌海教解聘〔2026〕1号",
        "dismissal_document": desk.upload(task.key, "dismissal_document", actor),
    }
    desk.complete(task, outcome, filled | changes, actor=actor)


def asked(desk: Desk) -> list[str]:
    """Of whom a query was ever asked for."""
    wanted = select(Researcher.username).join(
        RecordsQuery, RecordsQuery.researcher_key == Researcher.key
    )
    with desk.rooms.read() as session:
        return sorted(session.scalars(wanted))


def soundness(desk: Desk, username: str) -> str:
    """What stands against somebody's entry and its chained history; empty for nothing."""
    one = entry(desk, username)
    with desk.rooms.read() as session:
        return changes.soundness(
            RESEARCHER_ROSTER, one, changes.history(session, RESEARCHER_ROSTER, one.key)
        )
