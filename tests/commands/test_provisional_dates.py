"""Dates that rest on a year not announced: noted, moved when it arrives, or left to a person."""

from datetime import UTC, date, datetime, timedelta

import pytest

from service.commands import calendars, instance_lock, provisional_dates, provisional_notes, rights
from service.commands.calendar_estimates import bring_up_to_date
from service.commands.process_instances import Started
from service.commands.provisional_dates import (
    DateNotFound,
    DateUnclear,
    Settled,
)
from service.commands.provisional_notes import Subject
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.working_days import AddedDays, SpecialDay, SpecialKind
from service.store.tables import InboxEntry, Job, ProvisionalDate, UserTask
from service.store.tables.calendars import DateKind
from tests.clocks import Clock
from tests.commands.test_calendars import NEXT_YEAR
from tests.fixtures_commands import (
    Deploy,
    Stage,
)
from tests.fixtures_store import CountStatements

DECEMBER = datetime(2026, 12, 28, 1, 0, tzinfo=UTC)
"""A Monday; 1 January 2027 is a Friday, and by the estimate the next working day is the fourth."""

FIFTH_WORKED = (
    *NEXT_YEAR,
    SpecialDay(date(2027, 1, 4), SpecialKind.HOLIDAY, "元旦"),
    SpecialDay(date(2027, 1, 9), SpecialKind.SWAPPED, "元旦"),
)
"""Announced otherwise than estimated: the fourth of January is off as well."""


@pytest.fixture
def clock(clock: Clock) -> Clock:
    clock.now = DECEMBER
    return clock


@pytest.fixture
def started(stage: Stage, deploy: Deploy) -> Started:
    bring_up_to_date(stage.rooms, now=DECEMBER)
    deploy("dated.bpmn")
    return stage.start("dated")


def announce_year(stage: Stage, days: tuple[SpecialDay, ...] = FIFTH_WORKED) -> Settled:
    with stage.rooms.write() as tools:
        calendars.import_year(
            tools, year=2027, days=days, confirmed=True, actor=SYSTEM, now=stage.clock.now
        )
    return provisional_dates.settle(stage.rooms, now=stage.clock.now)


def moment(month: int, day: int, hour: int = 23, minute: int = 59, second: int = 59) -> datetime:
    """A moment of 2027 at the bureau, in UTC."""
    local = datetime(2027, month, day, hour, minute, second, tzinfo=UTC)
    return local - timedelta(hours=8)


def dates(stage: Stage) -> dict[str, object]:
    """The dates of the task as they stand, and those of its inbox entry and timer."""
    task = stage.row(UserTask, element_id="work")
    entry = stage.row(InboxEntry, task_key=task["key"])
    timer = stage.row(Job, kind="timer")
    return {
        "due": task["due_at"],
        "follow-up": task["follow_up_at"],
        "inbox": entry["due_at"],
        "timer": timer["due_at"],
        "provisional": task["due_provisional"],
    }


def test_dates_over_a_year_not_announced_are_noted(stage: Stage, started: Started) -> None:
    noted = {row["kind"]: row for row in stage.rows(ProvisionalDate)}
    assert set(noted) == {"task-due"}  # the other dates lie in 2026
    assert noted["task-due"]["begins_on"] == date(2026, 12, 28)
    assert noted["task-due"]["days"] == 5
    assert dates(stage) == {
        "due": moment(1, 5),
        "follow-up": datetime(2026, 12, 29, 16, 0, tzinfo=UTC),
        "inbox": moment(1, 5),
        "timer": datetime(2026, 12, 30, 16, 0, tzinfo=UTC),
        "provisional": True,
    }


def test_the_year_arrives_and_the_dates_move(stage: Stage, started: Started) -> None:
    settled = announce_year(stage)
    assert settled == Settled(moved=1)
    found = dates(stage)
    assert (found["due"], found["inbox"]) == (moment(1, 6), moment(1, 6))
    assert not found["provisional"]
    assert stage.acts(started.instance_key)[-1] == "date.moved"
    assert stage.value(started.instance_key, "date.moved") == {
        "name": "审核",
        "from": "2027年1月5日 23:59",
        "to": "2027年1月6日 23:59",
    }
    assert provisional_dates.settle(stage.rooms, now=stage.clock.now) == Settled()


def test_where_nothing_changes_the_date_is_merely_certain(stage: Stage, started: Started) -> None:
    assert announce_year(stage, NEXT_YEAR) == Settled(kept=1)
    assert dates(stage)["due"] == moment(1, 5)
    assert not dates(stage)["provisional"]
    assert "date.moved" not in stage.acts(started.instance_key)


def test_a_timer_moves_with_its_job(stage: Stage, deploy: Deploy) -> None:
    stage.clock.forward(days=2)
    bring_up_to_date(stage.rooms, now=stage.clock.now)
    deploy("dated.bpmn")
    stage.start("dated")
    assert dates(stage)["timer"] == moment(1, 5, 0, 0, 0)
    announce_year(stage)
    assert dates(stage)["timer"] == moment(1, 6, 0, 0, 0)
    job = stage.row(Job, kind="timer")
    assert "2027-01-05T16:00:00" in str(job["details"])


def test_what_was_announced_or_served_is_left_to_a_person(
    stage: Stage, started: Started, operator: Actor
) -> None:
    task = stage.task(started.instance_key, "work")
    with stage.rooms.write() as tools:
        provisional_notes.announce(tools, subject_key=task, now=stage.clock.now)
    assert announce_year(stage).flagged == 1
    assert dates(stage)["due"] == moment(1, 5)
    key = stage.key(ProvisionalDate, kind="task-due", state="flagged")
    with pytest.raises(DateNotFound), stage.rooms.write() as tools:
        provisional_dates.decide(
            tools, key, move=True, actor=stage.cast.stranger, now=stage.clock.now
        )
    with stage.rooms.write() as tools:
        provisional_dates.decide(tools, key, move=True, actor=operator, now=stage.clock.now)
    assert dates(stage)["due"] == moment(1, 6)
    with pytest.raises(DateNotFound), stage.rooms.write() as tools:
        provisional_dates.decide(tools, key, move=True, actor=operator, now=stage.clock.now)


def test_a_person_may_leave_the_date_where_it_is(
    stage: Stage, started: Started, operator: Actor
) -> None:
    task = stage.task(started.instance_key, "work")
    with stage.rooms.write() as tools:
        provisional_notes.announce(tools, subject_key=task, now=stage.clock.now)
    announce_year(stage)
    key = stage.key(ProvisionalDate, state="flagged")
    with stage.rooms.write() as tools:
        provisional_dates.decide(tools, key, move=False, actor=operator, now=stage.clock.now)
    assert dates(stage)["due"] == moment(1, 5)
    assert not dates(stage)["provisional"]
    assert stage.acts(started.instance_key)[-1] == "date.kept"


def test_a_date_of_which_nobody_knows_how_it_came_is_left_to_a_person(
    stage: Stage, started: Started, operator: Actor
) -> None:
    stage.complete(stage.task(started.instance_key, "work"), stage.cast.applicant)
    row = stage.row(ProvisionalDate, element_id="read")
    assert row["begins_on"] is None
    settled = announce_year(stage)
    assert settled.flagged == 1
    with pytest.raises(DateUnclear), stage.rooms.write() as tools:
        provisional_dates.decide(
            tools, stage.key(ProvisionalDate, state="flagged"), move=True,
            actor=operator, now=stage.clock.now,
        )  # fmt: skip


def test_what_is_over_is_settled_in_silence(stage: Stage, started: Started) -> None:
    stage.complete(stage.task(started.instance_key, "work"), stage.cast.applicant)
    stage.cancel(started.instance_key, _canceller(stage))
    before = stage.acts(started.instance_key)
    assert announce_year(stage) == Settled()
    assert stage.acts(started.instance_key) == before
    assert not stage.rows(ProvisionalDate, state="open")


def _canceller(stage: Stage) -> Actor:
    with stage.rooms.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.RUNNING, action)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return stage.cast.stranger


def test_who_sets_a_date_otherwise_notes_it_anew(stage: Stage, started: Started) -> None:
    task = stage.task(started.instance_key, "work")
    subject = Subject(DateKind.TASK_DUE, task, "work")
    far = AddedDays(date(2026, 12, 28), 6, date(2027, 1, 6))
    near = AddedDays(date(2026, 12, 28), 1, date(2026, 12, 29))
    for basis, provisional in ((far, True), (near, False)):
        with stage.rooms.write() as tools:
            instance = instance_lock.lock(tools.session, started.instance_key)
            noted = provisional_notes.note(
                tools, instance, subject, due_at=moment(1, 6), basis=basis, now=DECEMBER
            )
        assert noted is provisional
        assert dates(stage)["provisional"] is provisional
        assert len(stage.rows(ProvisionalDate, kind="task-due")) == provisional


def test_a_date_within_announced_years_costs_no_row(
    stage: Stage, started: Started, count_statements: CountStatements
) -> None:
    """One statement for each look: two round trips of expressions, and the notes."""
    stage.clock.now = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    with count_statements() as statements:
        stage.start("dated")
    assert not any("provisional_date" in text for text in statements.texts)
    assert sum("calendar_state" in text for text in statements.texts) == 3
