"""A 公示 keeps the terms by which objections against it are checked (R-OBJECT)."""

from collections.abc import Iterator
from datetime import date, datetime

import pytest

from processes.recruitment.rules import settings
from processes.registers import set_values
from processes.registers.days import bureau_day
from processes.registers.settings import Setting
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import object_to, tasks
from tests.processes.recruitment.noticing import check, post


def set_days(desk: Desk, setting: Setting, days: int) -> None:
    with desk.rooms.write() as tools:
        revision = set_values.values_on(tools.session, date(2030, 1, 1)).revision
        set_values.set_value(
            tools, setting, str(days), register="recruitment-rules",
            effective_from=desk.clock().date(), reason="局党组会议决定", revision=revision,
            actor=OFFICER, now=desk.clock(),
        )  # fmt: skip


def due_on(desk: Desk, case: int) -> date:
    (task,) = tasks(desk, case, "check_objection")
    assert task.due_at is not None
    return bureau_day(task.due_at)


@pytest.fixture
def monday(bureau: Desk) -> Iterator[Desk]:
    """The bureau of the session, which has the default terms again afterwards."""
    bureau.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
    yield bureau
    for setting in (settings.CHECK_DAYS, settings.CHECK_MORE_DAYS):
        set_days(bureau, setting, int(setting.default))


def test_terms_changed_behind_the_posting_move_no_objection(monday: Desk) -> None:
    bureau = monday
    case = post(bureau)
    set_days(bureau, settings.CHECK_DAYS, 3)
    set_days(bureau, settings.CHECK_MORE_DAYS, 4)
    object_to(bureau, case)
    assert due_on(bureau, case) == date(2026, 3, 16)
    check(bureau, case, "extend")
    assert due_on(bureau, case) == date(2026, 3, 30)
    later = post(bureau)
    object_to(bureau, later)
    assert due_on(bureau, later) == date(2026, 3, 5)
