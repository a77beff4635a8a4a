"""The daily summary: once a day to who wants it, with the numbers of what waits."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import notification_choices, notifications, personal_data
from service.commands.notifications import Concerned, Happening
from service.domain.notifications import DIGEST, DIGEST_ON_DAYS_OFF, NotificationKind
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.jobs import digest
from service.jobs.calendar import NIGHTLY, with_digest
from service.jobs.runner import JobRunner
from service.store.tables import InboxEntry, Job, NotificationDigest
from tests.commands.test_notification_messages import Post
from tests.fixtures_commands import PARALLEL, REVIEW, Deploy, Stage


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def busy(stage: Stage, deploy: Deploy) -> Stage:
    """The officer has a mail address, two tasks to do, one of them late, and one to claim."""
    give_mail(stage, "li.na")
    deploy(*PARALLEL, *REVIEW)
    keys = [stage.task(stage.start("parallel").instance_key, "right") for _ in range(2)]
    stage.start("review", variables={"姓名": "王小明"})
    late = stage.clock.now - timedelta(hours=1)
    with stage.rooms.write() as tools:
        tools.session.execute(
            update(InboxEntry).where(InboxEntry.task_key == keys[0]).values(due_at=late)
        )
    return stage


def give_mail(stage: Stage, username: str) -> None:
    kind, text = PersonalKind.MAIL, f"{username}@example.cn"
    with stage.rooms.write() as tools:
        personal_data.write(tools, username=username, kind=kind, text=text, now=stage.clock.now)


def send(stage: Stage, post: Post) -> list[str]:
    """Let the summaries of this moment go out; return what they say."""
    digest.send(stage.rooms, frozenset({Channel.MAIL}), stage.clock.now)
    before = len(post.messages)
    JobRunner(stage.rooms, owner="w", senders={Channel.MAIL: post}).run_due()
    return [one.text for one in post.messages[before:] if one.subject == "每日汇总"]


def test_it_says_what_waits(busy: Stage, post: Post) -> None:
    assert send(busy, post) == ["你有待办 2 件，其中 1 件已逾期；待签收 1 件。"]
    assert post.messages[0].to == "li.na@example.cn"


def test_it_counts_what_is_unread(stage: Stage, post: Post) -> None:
    give_mail(stage, "li.na")
    with stage.rooms.write() as tools:
        to = Concerned(people=("li.na",))
        happening = Happening(
            NotificationKind.TASK_RELEASED, to, facts={"who": "赵刚", "process": "请", "step": "办"}
        )
        notifications.notify(tools, happening, now=stage.clock.now)
    JobRunner(stage.rooms, owner="w").run_due()
    assert send(stage, post) == ["你有未读提醒 1 条。"]


def test_it_comes_once_a_day_however_often_it_is_run(busy: Stage, post: Post) -> None:
    assert [len(send(busy, post)) for _ in range(2)] == [1, 0]
    busy.clock.forward(days=1)
    assert len(send(busy, post)) == 1


def test_nobody_is_told_that_nothing_waits(stage: Stage, post: Post) -> None:
    give_mail(stage, "wang.wei")
    assert send(stage, post) == []
    assert stage.rows(NotificationDigest) == []


def test_who_does_not_want_it_gets_none(busy: Stage, post: Post) -> None:
    with busy.rooms.write() as tools:
        choice = {(DIGEST, Channel.MAIL): False}
        notification_choices.choose(tools, choice, actor=busy.cast.officer)
    assert send(busy, post) == []


@pytest.mark.parametrize(
    ("moment", "comes"),
    [
        (datetime(2026, 2, 28, 1, tzinfo=UTC), True),  # a Saturday that is worked in exchange
        (datetime(2026, 4, 6, 1, tzinfo=UTC), False),  # a Monday that is off: 清明节
        (datetime(2026, 4, 7, 1, tzinfo=UTC), True),
    ],
)
def test_it_comes_on_working_days(busy: Stage, post: Post, moment: datetime, comes: bool) -> None:
    busy.clock.now = moment
    assert bool(send(busy, post)) is comes


def test_who_has_chosen_so_gets_it_on_days_off(busy: Stage, post: Post) -> None:
    with busy.rooms.write() as tools:
        choice = {(DIGEST_ON_DAYS_OFF, Channel.MAIL): True}
        notification_choices.choose(tools, choice, actor=busy.cast.officer)
    busy.clock.now = datetime(2026, 4, 6, 1, tzinfo=UTC)
    assert len(send(busy, post)) == 1


def test_none_comes_at_the_weekend_nor_without_mail(busy: Stage, post: Post) -> None:
    digest.send(busy.rooms, frozenset({Channel.WECOM}), busy.clock.now)
    assert busy.rows(NotificationDigest) == []
    busy.clock.now = datetime(2026, 3, 7, 1, tzinfo=UTC)
    assert send(busy, post) == []


def test_who_has_had_it_from_another_worker_gets_no_second_one(busy: Stage, post: Post) -> None:
    row = {"username": "li.na", "day": busy.clock.now.date()}
    with busy.rooms.write() as tools:
        tools.session.execute(insert(NotificationDigest), [row])
    assert send(busy, post) == []
    assert busy.rows(Job, kind="send") == []


def test_it_is_calendar_work_at_its_hour() -> None:
    works = with_digest(8, frozenset({Channel.MAIL}))
    assert works[:-1] == NIGHTLY
    now = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert works[-1].next_time(now) == datetime(2026, 3, 3, 0, tzinfo=UTC)
    assert len({one.key for one in works}) == len({one.name for one in works}) == len(works)
