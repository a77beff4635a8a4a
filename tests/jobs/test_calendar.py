"""What is done each night: planned once, done by one worker, again the next night."""

import io
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from service.app import Bureau, daily_works, discover
from service.commands import calendar_jobs, calendars, messages
from service.commands.notifications import Concerned, Happening, notify
from service.commands.rooms import Rooms
from service.commands.toolbox import Toolbox
from service.domain.actors import SYSTEM
from service.domain.notifications import NotificationKind
from service.jobs.calendar import HOLD, NIGHTLY, CalendarRunner, CalendarWork, with_digest
from service.jobs.runner import PAUSE_AFTER_FAULT, JobRunner
from service.jobs.scheduler import JobScheduler
from service.procedure import DailyWork, Procedure
from service.store.tables import Job, Message
from tests.fixtures_commands import Stage

SOON = 20.0
NIGHT = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)
"""Half past two in Shanghai, after everything of that night was due."""

CLEANING = tuple(one for one in NIGHTLY if not one.at_once)
"""What waits for its hour."""


class Chore:
    """Calendar work that counts its runs and fails when it is told to."""

    def __init__(self) -> None:
        self.runs: list[datetime] = []
        self.done = threading.Event()
        self.faults: list[Exception] = []

    def run(self, _rooms: Rooms, now: datetime) -> int:
        self.runs.append(now)
        if self.faults:
            raise self.faults.pop()
        self.done.set()
        return 1

    @property
    def work(self) -> CalendarWork:
        return CalendarWork(7, "test.chore", time(2, 10), self.run)


@pytest.fixture
def chore() -> Chore:
    return Chore()


def runner(stage: Stage, *works: CalendarWork, owner: str = "worker-1") -> CalendarRunner:
    return CalendarRunner(stage.rooms, owner=owner, works=works or CLEANING)


def due(stage: Stage) -> object:
    """When the only piece of work comes next."""
    return stage.row(Job)["due_at"]


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (datetime(2026, 3, 2, 18, 9, tzinfo=UTC), datetime(2026, 3, 2, 18, 10, tzinfo=UTC)),
        (datetime(2026, 3, 2, 18, 10, tzinfo=UTC), datetime(2026, 3, 3, 18, 10, tzinfo=UTC)),
        (datetime(2026, 3, 2, 15, 59, tzinfo=UTC), datetime(2026, 3, 2, 18, 10, tzinfo=UTC)),
        (datetime(2026, 3, 2, 16, 1, tzinfo=UTC), datetime(2026, 3, 2, 18, 10, tzinfo=UTC)),
    ],
)
def test_it_comes_at_its_time_of_the_bureau_s_day(
    chore: Chore, now: datetime, at: datetime
) -> None:
    assert chore.work.next_time(now) == at


def test_numbers_and_names_are_each_s_own() -> None:
    works = with_digest(8, frozenset())
    assert len({one.key for one in works}) == len({one.name for one in works}) == len(works)


def test_what_a_procedure_does_each_day_is_done_in_a_transaction(
    stage: Stage, now: datetime
) -> None:
    # given a procedure with a piece of daily work that writes
    def work(tools: Toolbox, moment: datetime) -> None:
        happening = Happening(
            NotificationKind.ENTRY_EXPIRES,
            Concerned(people=(stage.cast.applicant.username,)),
            facts={"register": "某名册", "until": "2026年3月9日"},
        )
        notify(tools, happening, now=moment)

    bureau = Bureau((Procedure("p", "某事", daily=(DailyWork(101, "p.tell", time(7), work),)),))
    (own,) = daily_works(bureau)
    assert (own.key, own.name, own.at) == (101, "p.tell", time(7))
    # when it is due
    own.run(stage.rooms, now)
    # then what it wrote is there
    assert [row["kind"] for row in stage.rows(Job)] == ["notify"]


def test_the_bureau_s_own_works_have_numbers_and_names_of_their_own() -> None:
    works = (*with_digest(8, frozenset()), *daily_works(discover()))
    assert len({one.key for one in works}) == len({one.name for one in works}) == len(works)


def test_it_is_planned_once_however_many_begin(stage: Stage) -> None:
    for owner in ("worker-1", "worker-2"):
        runner(stage, owner=owner).run_due()

    assert sorted(str(row["type"]) for row in stage.rows(Job)) == [
        "access-log.clean-up",
        "documents.clean-up",
        "messages.clean-up",
        "notifications.clean-up",
        "verification-codes.clean-up",
    ]


def test_the_calendar_is_brought_up_to_date_as_soon_as_somebody_works(stage: Stage) -> None:
    one = CalendarRunner(stage.rooms, owner="worker-1", works=NIGHTLY)
    assert one.run_due() == 1
    with stage.rooms.read() as session:
        assert calendars.table_of_days(session).last == 2036
    assert one.run_due() == 0
    stage.clock.now = NIGHT + timedelta(hours=1)
    assert one.run_due() == len(NIGHTLY)


def test_many_that_begin_at_once_plan_it_once(stage: Stage) -> None:
    threads = [threading.Thread(target=runner(stage).run_due) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(SOON)

    assert len(stage.rows(Job)) == len(CLEANING)


def test_what_was_planned_before_keeps_its_time(stage: Stage) -> None:
    runner(stage).run_due()
    before = [row["due_at"] for row in stage.rows(Job)]
    stage.clock.forward(hours=3)

    runner(stage).run_due()

    assert [row["due_at"] for row in stage.rows(Job)] == before


def test_each_night_it_is_done_once_and_planned_for_the_next(stage: Stage, chore: Chore) -> None:
    one, other = runner(stage, chore.work), runner(stage, chore.work, owner="worker-2")
    one.run_due()
    assert one.run_due() == 0
    stage.clock.now = NIGHT

    assert [one.run_due(), other.run_due()] == [1, 0]
    assert due(stage) == NIGHT + timedelta(hours=23, minutes=40)
    stage.clock.forward(days=1)
    assert other.run_due() == 1
    assert len(chore.runs) == 2


def test_nights_without_a_worker_are_made_up_for_once(stage: Stage, chore: Chore) -> None:
    runner(stage, chore.work).run_due()
    stage.clock.now = NIGHT
    stage.clock.forward(days=5)

    assert runner(stage, chore.work).run_due() == 1
    assert len(chore.runs) == 1


def test_one_that_fails_is_tried_again_and_then_the_next_night(stage: Stage, chore: Chore) -> None:
    one = runner(stage, chore.work)
    one.run_due()
    stage.clock.now = NIGHT
    chore.faults = [OSError("磁盘已满") for _ in range(3)]

    for pause in (timedelta(minutes=1), timedelta(minutes=5)):
        assert one.run_due() == 0
        assert due(stage) == stage.clock.now + pause
        stage.clock.forward(seconds=pause.total_seconds())
    assert one.run_due() == 0

    job = stage.row(Job)
    assert (job["state"], job["last_error"], job["attempts"]) == ("waiting", "OSError", 0)
    assert due(stage) == NIGHT + timedelta(hours=23, minutes=40)


def test_one_that_fails_keeps_no_other_waiting(stage: Stage, chore: Chore) -> None:
    other = Chore()
    works = (chore.work, CalendarWork(8, "test.other", time(2, 15), other.run))
    one = runner(stage, *works)
    one.run_due()
    stage.clock.now = NIGHT
    chore.faults = [OSError("磁盘已满")]

    assert one.run_due() == 1

    assert other.done.is_set()


def test_a_dead_worker_s_work_is_taken_over(stage: Stage, chore: Chore) -> None:
    one = runner(stage, chore.work)
    one.run_due()
    stage.clock.now = NIGHT
    with stage.rooms.write() as tools:
        calendar_jobs.claim(tools.session, owner="dead", now=NIGHT, hold=HOLD)
    assert one.run_due() == 0

    stage.clock.forward(seconds=HOLD.total_seconds())

    assert one.run_due() == 1


def test_the_runner_of_jobs_leaves_it_alone(stage: Stage, chore: Chore) -> None:
    runner(stage, chore.work).run_due()
    stage.clock.now = NIGHT
    jobs = JobRunner(stage.rooms, owner="worker-1")

    assert jobs.next_due() is None
    assert jobs.run_due() == 0
    assert chore.runs == []


def test_work_of_a_newer_program_is_left_to_it(stage: Stage, chore: Chore) -> None:
    runner(stage, chore.work).run_due()
    stage.clock.now = NIGHT

    assert runner(stage).run_due() == 0

    job = stage.row(Job, type="test.chore")
    assert (job["state"], job["attempts"]) == ("waiting", 0)
    assert job["due_at"] == NIGHT + PAUSE_AFTER_FAULT


def test_the_night_s_clean_up_takes_away_what_is_over(stage: Stage) -> None:
    """Messages that have expired, and a file that no row names: older than a day by then."""
    one = runner(stage)
    one.run_due()
    stage.rooms.files.receive(io.BytesIO(b"%PDF-1.7 "), file_name="没有记录.pdf")
    stage.clock.forward(days=20 * 365)
    with stage.rooms.write() as tools:
        for days in (0, 30):
            messages.publish(
                tools,
                "paid",
                time_to_live=timedelta(days=days, hours=1),
                variables={},
                actor=SYSTEM,
                now=stage.clock.now,
            )
    stage.clock.forward(days=1)

    assert one.run_due() == len(CLEANING)

    assert len(stage.rows(Message)) == 1
    assert list(stage.rooms.files.names(older_than=stage.clock.now.timestamp())) == []


@pytest.fixture
def scheduler(stage: Stage, chore: Chore) -> Iterator[JobScheduler]:
    begun = JobScheduler(stage.rooms, poll=timedelta(milliseconds=50), calendar=(chore.work,))
    begun.start()
    yield begun
    begun.stop()


def test_the_scheduler_does_it_at_its_time(
    stage: Stage, chore: Chore, scheduler: JobScheduler
) -> None:
    assert not chore.done.wait(0.3)

    stage.clock.now = NIGHT

    assert chore.done.wait(SOON)
