"""Steps with due dates, and what was done about them, for the tests of deadlines."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from service.jobs.runner import JobRunner
from service.store.tables import (
    InboxEntry,
    Job,
    Notification,
    Person,
)
from tests.engine.builders import (
    diagram,
    end,
    flows,
    properties,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, begin_with
from tests.fixtures_organization import Bureau

LEVELS = {
    "due_working_days": "2",
    "remind_before": "1",
    "remind_after": "1",
    "remind_every": "1",
    "remind_limit": "3",
    "escalate_after": "2, 3, 4",
    "escalate_to": "superior, superior, owner",
}
"""The test's clock begins on Monday 2026-03-02, 09:30 in the bureau."""


def dated(assignee: str = "wang.wei", *, process: str = "", more: str = "", **said: str) -> bytes:
    """One task with a deadline; behind it another one."""
    return diagram(
        start(),
        user("work", assignee=assignee, extensions=properties(**{**LEVELS, **said}) + more),
        user("next", assignee="zhang.min"),
        end(),
        flows("start", "work", "next", "end"),
        process_id="dated",
        extensions=process,
    )


def begin(stage: Stage, bring: Bring, source: bytes) -> int:
    bring(source)
    return begin_with(stage, "dated")


def bureau_time(day: int, hour: int = 9, minute: int = 0, month: int = 3) -> datetime:
    """A moment of 2026 in the bureau."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def work(stage: Stage, moment: datetime | None = None) -> None:
    """Let a worker do all that is due, at this moment."""
    if moment is not None:
        stage.clock.now = moment
    JobRunner(stage.rooms, owner="w").run_due()


def job(stage: Stage) -> datetime | None:
    """When the task's one job is due."""
    rows = stage.rows(Job, kind="deadline", state="waiting")
    assert len(rows) <= 1
    if not rows:
        return None
    due = rows[0]["due_at"]
    assert isinstance(due, datetime)
    return due


def told(stage: Stage) -> list[tuple[object, object]]:
    """Who was told what, of deadlines."""
    kinds = ("due-soon", "overdue", "escalated", "deadline-stuck")
    rows = sorted(stage.rows(Notification), key=lambda row: int(str(row["key"])))
    return [(row["username"], row["kind"]) for row in rows if row["kind"] in kinds]


def deadline_acts(stage: Stage, key: int) -> list[str]:
    return [act for act in stage.acts(key) if act.startswith("deadline.")]


def open_entries(stage: Stage, kind: str) -> list[str]:
    return sorted(str(r["holder"]) for r in stage.rows(InboxEntry, holder_kind=kind, state="open"))


def people(stage: Stage, *usernames: str, active: bool = True) -> None:
    rows = [
        {
            "username": one, "display_name": one, "sort_name": one, "password_hash": None,
            "active": active, "failed_sign_ins": 0, "locked_until": None,
            "created_at": stage.clock.now,
        }
        for one in usernames
    ]  # fmt: skip
    with stage.rooms.write() as tools:
        tools.session.execute(insert(Person), rows)


@pytest.fixture
def headed(stage: Stage, bureau: Bureau) -> Bureau:
    """Li heads the office in which Wang works; Sun and Qian are above."""
    people(stage, "sun.li", "qian.jin")
    bureau.begin("wang.wei", "haibowan-office")
    bureau.begin("li.na", "haibowan-office", "主任", heads_unit=True)
    bureau.begin("sun.li", "haibowan", "主任", heads_unit=True)
    bureau.begin("qian.jin", "bureau", "局长", heads_unit=True)
    return bureau
