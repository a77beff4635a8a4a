"""Due dates, reminders and escalation of tasks, as the one job of each does them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from service.commands import calendars, provisional_dates, suspension, ties, user_tasks
from service.commands.calendar_estimates import bring_up_to_date
from service.domain.actors import SYSTEM, Actor
from service.domain.recusal import TieKind
from service.domain.user_tasks import TaskNotFound, TaskNotYours
from service.jobs.runner import JobRunner
from service.store.tables import (
    CandidateGroup,
    InboxEntry,
    Job,
    Membership,
    Notification,
    Person,
    UserTask,
)
from tests.commands.test_provisional_dates import FIFTH_WORKED
from tests.engine.builders import (
    boundary,
    diagram,
    end,
    flows,
    on,
    properties,
    start,
    user,
)
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, begin_with
from tests.fixtures_organization import Bureau
from tests.fixtures_store import Statements

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


@pytest.fixture
def headed(stage: Stage, bureau: Bureau) -> Bureau:
    """Li heads the office in which Wang works; Sun and Qian are above."""
    people(stage, "sun.li", "qian.jin")
    bureau.begin("wang.wei", "haibowan-office")
    bureau.begin("li.na", "haibowan-office", "主任", heads_unit=True)
    bureau.begin("sun.li", "haibowan", "主任", heads_unit=True)
    bureau.begin("qian.jin", "bureau", "局长", heads_unit=True)
    return bureau


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


def test_the_due_date_is_counted_and_in_the_inbox(stage: Stage, bring: Bring) -> None:
    begin(stage, bring, dated())
    due = bureau_time(4, 17, 30)
    assert stage.row(UserTask)["due_at"] == stage.row(InboxEntry)["due_at"] == due
    assert job(stage) == bureau_time(3)


def test_a_late_step_reminds_then_goes_up_level_by_level(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated(process=properties(owner="zhang.min")))
    days = []
    while (due := job(stage)) is not None:
        days.append(f"{due + timedelta(hours=8):%m-%d}")
        work(stage, due)
    assert days == ["03-03", "03-05", "03-06", "03-09", "03-10"]
    assert told(stage) == [
        ("wang.wei", "due-soon"),
        ("wang.wei", "overdue"),
        ("wang.wei", "overdue"),
        ("li.na", "escalated"),
        ("wang.wei", "overdue"),
        ("sun.li", "escalated"),
    ]
    assert deadline_acts(stage, key) == [
        "deadline.reminded",
        "deadline.reminded",
        "deadline.reminded",
        "deadline.escalated",
        "deadline.reminded",
        "deadline.escalated",
        "deadline.escalated",
    ]
    # The owner is who started the case: they are passed over, and operators are told instead.
    value = stage.value(key, "deadline.escalated")
    assert (value["level"], value["people"], value["instead"]) == (3, [], "operators")
    assert value["skipped"] == [{"who": "zhang.min", "why": "initiator"}]
    assert stage.row(UserTask)["state"] == "CREATED"  # overdue never means agreed


def test_a_day_off_duty_is_one_reminder_and_each_level_once(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated())
    work(stage, bureau_time(9, 12))
    assert told(stage) == [
        ("wang.wei", "overdue"),
        ("li.na", "escalated"),
        ("sun.li", "escalated"),
    ]
    assert stage.value(key, "deadline.reminded") == {
        "name": "work", "kind": "overdue", "missed": 3,
    }  # fmt: skip
    work(stage)
    assert len(told(stage)) == 3


def test_the_superior_sees_and_hands_on_but_never_decides(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    begin(stage, bring, dated())
    work(stage, bureau_time(6, 12))
    task = stage.key(UserTask, element_id="work")
    superior = stage.cast.officer
    assert open_entries(stage, "superior") == ["li.na"]
    acts: tuple[Callable[[], object], ...] = (
        lambda: stage.complete(task, superior),
        lambda: stage.assign(task, "li.na", superior),
        lambda: claim(stage, task),
    )
    for act in acts:
        with pytest.raises(TaskNotYours):
            act()
    stage.assign(task, "qian.jin", superior)
    assert stage.row(UserTask)["assignee"] == "qian.jin"
    stage.complete(task, Actor("qian.jin", "钱进"))
    assert open_entries(stage, "superior") == []
    with pytest.raises(TaskNotFound):
        stage.assign(task, "wang.wei", superior)


def claim(stage: Stage, task: int) -> None:
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)


def test_who_must_keep_out_is_passed_over_upward(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    with stage.rooms.write() as tools:
        ties.declare(
            tools, username="li.na", other="zhang.min", kind=TieKind.SPOUSE,
            actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip
    key = begin(stage, bring, dated(recuse_from="=[initiator]"))
    work(stage, bureau_time(6, 12))
    assert open_entries(stage, "superior") == ["sun.li"]
    assert stage.value(key, "deadline.escalated")["skipped"] == [{"who": "li.na", "why": "barred"}]


def test_a_tie_that_is_declared_later_takes_the_task_away_from_the_superior(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    begin(stage, bring, dated(recuse_from="=[initiator]"))
    work(stage, bureau_time(6, 12))
    task = stage.key(UserTask, element_id="work")
    with stage.rooms.write() as tools:
        ties.declare(
            tools, username="li.na", other="zhang.min", kind=TieKind.SPOUSE,
            actor=SYSTEM, now=stage.clock.now,
        )  # fmt: skip
    with pytest.raises(TaskNotFound):
        stage.assign(task, "qian.jin", stage.cast.officer)


def test_heads_who_hold_it_and_empty_places_are_passed_over(
    stage: Stage, bring: Bring, bureau: Bureau
) -> None:
    people(stage, "qian.jin")
    bureau.begin("wang.wei", "haibowan-office", "主任", heads_unit=True)
    bureau.begin("qian.jin", "bureau", "局长", heads_unit=True)
    key = begin(stage, bring, dated())
    work(stage, bureau_time(6, 12))
    value = stage.value(key, "deadline.escalated")
    assert value["people"] == ["qian.jin"]
    assert value["skipped"] == [
        {"who": "wang.wei", "why": "holder"},
        {"who": "海勃湾区教研室", "why": "vacant"},
    ]


def test_without_any_superior_the_owner_is_told_then_the_operators(
    stage: Stage, bring: Bring, bureau: Bureau, operator: object
) -> None:
    people(stage, "qian.jin")
    key = begin(stage, bring, dated(process=properties(owner="qian.jin")))
    work(stage, bureau_time(6, 12))
    value = stage.value(key, "deadline.escalated")
    assert (value["people"], value["to"], value["instead"]) == (["qian.jin"], "superior", "owner")
    work(stage, bureau_time(9, 12))
    assert stage.value(key, "deadline.escalated")["instead"] == "operators"
    assert ("zhao.gang", "deadline-stuck") in told(stage)


def test_a_group_and_posts_may_be_told(stage: Stage, bring: Bring, headed: Bureau) -> None:
    with stage.rooms.write() as tools:
        tools.session.execute(
            insert(CandidateGroup),
            [{"id": "council", "name": "督查组", "sort_name": "d", "created_at": stage.clock.now}],
        )
        tools.session.execute(insert(Membership), [{"group_id": "council", "username": "qian.jin"}])
    said = {"escalate_after": "1, 2", "escalate_to": "group:council, 负责人 @ 海勃湾区教研室"}
    begin(stage, bring, dated(**said))
    work(stage, bureau_time(6, 12))
    assert open_entries(stage, "superior") == ["qian.jin", "sun.li"]


def test_a_task_of_a_group_reminds_its_members_and_goes_up_from_its_unit(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    source = dated().replace(
        b'assignee="wang.wei"', 'candidateGroups="教研员 @ haibowan-office"'.encode()
    )
    begin(stage, bring, source)
    work(stage, bureau_time(5, 12))
    work(stage, bureau_time(6, 12))
    assert told(stage) == [
        ("wang.wei", "overdue"), ("wang.wei", "overdue"), ("li.na", "escalated"),
    ]  # fmt: skip


def test_reminders_end_with_the_task(stage: Stage, bring: Bring) -> None:
    key = begin(stage, bring, dated())
    stage.complete(stage.task(key, "work"), stage.cast.stranger)
    assert job(stage) is None
    assert stage.row(Job, kind="deadline")["state"] == "cancelled"


def test_and_with_the_case_or_an_event_at_the_border(stage: Stage, bring: Bring) -> None:
    source = diagram(
        start(), user("work", assignee="wang.wei", extensions=properties(**LEVELS)), end(),
        boundary("out", "work", on("timeDuration", "PT1H")), end("out_end"),
        flows("start", "work", "end"), flows("out", "out_end"), process_id="dated",
    )  # fmt: skip
    begin(stage, bring, source)
    stage.clock.forward(hours=2)
    work(stage)
    assert job(stage) is None
    key = begin_with(stage, "dated")
    assert job(stage) is not None
    stage.cancel(key, SYSTEM)
    assert job(stage) is None


def test_a_suspended_case_stands_still_and_repeats_nothing(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated())
    work(stage, bureau_time(6, 12))
    before = told(stage)
    with stage.rooms.write() as tools:
        suspension.suspend(tools, key, reason="等", actor=SYSTEM, now=stage.clock.now)
    work(stage, bureau_time(10, 12))
    assert told(stage) == before
    with stage.rooms.write() as tools:
        suspension.resume(tools, key, actor=SYSTEM, now=stage.clock.now)
    work(stage)
    assert told(stage) == before
    # Due on Sunday 8 now: the third reminder and the second level are the third day behind.
    assert job(stage) == bureau_time(11)
    work(stage, bureau_time(11))
    assert told(stage)[len(before) :] == [("wang.wei", "overdue"), ("sun.li", "escalated")]


def test_a_due_date_before_the_start_is_bounded_and_said(stage: Stage, bring: Bring) -> None:
    late = '<zeebe:taskSchedule dueDate="=date(&quot;2026-01-05&quot;)" />'
    key = begin(stage, bring, dated(due_working_days="none", more=late))
    assert stage.value(key, "deadline.doubtful") == {"name": "work", "why": "passed"}
    assert job(stage) == bureau_time(3)  # lateness counts from the arrival
    assert stage.open_tasks(key) == ["work"]


def test_a_due_date_in_the_year_9999_is_bounded_and_said(stage: Stage, bring: Bring) -> None:
    far = '<zeebe:taskSchedule dueDate="9999-12-31" />'
    key = begin(stage, bring, dated(due_working_days="none", more=far))
    assert stage.value(key, "deadline.doubtful")["why"] == "far"
    assert job(stage) is not None


def test_days_beyond_the_calendar_leave_the_step_without_a_date_and_tell_the_operators(
    stage: Stage, bring: Bring, operator: object
) -> None:
    key = begin(stage, bring, dated(due_working_days="250"))
    assert stage.row(UserTask)["due_at"] is None
    assert "工作日历只有" in str(stage.value(key, "deadline.failed")["message"])
    work(stage)
    assert told(stage) == [("zhao.gang", "deadline-stuck")]


def test_a_provisional_due_date_moves_with_its_reminders(stage: Stage, bring: Bring) -> None:
    stage.clock.now = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
    bring_up_to_date(stage.rooms, now=stage.clock.now)
    key = begin(stage, bring, dated(due_working_days="5"))
    row = stage.row(UserTask)
    assert row["due_provisional"]
    before = job(stage)
    with stage.rooms.write() as tools:
        calendars.import_year(
            tools, year=2027, days=FIFTH_WORKED, confirmed=True, actor=SYSTEM,
            now=stage.clock.now,
        )  # fmt: skip
    provisional_dates.settle(stage.rooms, now=stage.clock.now)
    assert "date.moved" in stage.acts(key)
    moved = job(stage)
    assert before is not None
    assert moved is not None
    assert moved == before + timedelta(days=1)


def test_a_holder_who_is_reminded_submits_the_page_they_have_open(
    stage: Stage, bring: Bring, headed: Bureau
) -> None:
    key = begin(stage, bring, dated())
    task = stage.task(key, "work")
    revision = stage.row(UserTask, key=task)["revision"]
    assert isinstance(revision, int)
    work(stage, bureau_time(6, 12))
    stage.complete(task, stage.cast.stranger, revision=revision)
    assert stage.open_tasks(key) == ["next"]
    assert open_entries(stage, "superior") == []


@pytest.mark.parametrize("said", [{}, {"due_working_days": "none"}])
def test_what_it_costs(
    stage: Stage,
    bring: Bring,
    count_statements: Callable[[], AbstractContextManager[Statements]],
    said: dict[str, str],
) -> None:
    """A step with a due date behind one that had none, and one that ends: at most 15 each."""
    bring(
        diagram(
            start(), user("first", assignee="zhang.min"),
            user("work", assignee="wang.wei", extensions=properties(**{**LEVELS, **said})),
            user("last", assignee="zhang.min"), end(),
            flows("start", "first", "work", "last", "end"), process_id="dated",
        )
    )  # fmt: skip
    key = begin_with(stage, "dated")
    for element, actor in (("first", stage.cast.applicant), ("work", stage.cast.stranger)):
        task = stage.task(key, element)
        with count_statements() as statements:
            stage.complete(task, actor)
        assert len(statements) + 1 <= 15, statements.texts
