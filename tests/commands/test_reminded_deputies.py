"""Who stands in for the holder of a task is reminded too: of what they may do, as they choose."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.domain.notifications import NotificationKind
from service.domain.outgoing import Channel
from service.domain.personal_data import PersonalKind
from service.store.tables import Notification, Person
from tests.commands.late_steps import begin, dated, people, told, work
from tests.commands.test_deputies import appoint
from tests.commands.test_notification_messages import Post, choose, give, post, runner
from tests.commands.test_urging import urge, urged
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring

__all__ = ["post"]

LATER = timedelta(days=60)
HOLDER, DEPUTY = "wang.wei", "li.na"


@pytest.fixture
def key(stage: Stage, bring: Bring) -> int:
    return begin(stage, bring, dated())


def reminded(stage: Stage, days: int = 1) -> dict[object, object]:
    """Let a worker run so many days later; whom it has told what."""
    work(stage, stage.clock.now + timedelta(days=days))
    kinds = ("due-soon", "overdue", "urged")
    return {
        row["username"]: row["text"] for row in stage.rows(Notification) if row["kind"] in kinds
    }


def test_a_deputy_is_reminded_by_name_of_the_holder(stage: Stage, key: int) -> None:
    appoint(stage, HOLDER, DEPUTY, last=LATER)
    said = reminded(stage)
    assert set(said) == {HOLDER, DEPUTY}
    assert said[DEPUTY] == f"你代理王伟办理的任务：{said[HOLDER]}"
    assert said[DEPUTY] != said[HOLDER]


def test_a_deputy_is_urged_too(stage: Stage, key: int) -> None:
    appoint(stage, HOLDER, DEPUTY)
    urge(stage, stage.task(key, "work"), stage.cast.applicant)
    work(stage)
    assert sorted(map(str, urged(stage))) == [DEPUTY, HOLDER]


def test_so_is_the_deputy_of_the_deputy(stage: Stage, key: int) -> None:
    people(stage, "sun.li")
    appoint(stage, HOLDER, DEPUTY, last=LATER)
    appoint(stage, DEPUTY, "sun.li", last=LATER)
    assert set(reminded(stage)) == {HOLDER, DEPUTY, "sun.li"}


@pytest.mark.parametrize("case", ["over", "elsewhere", "later-tasks", "own-case", "closed"])
def test_who_may_not_do_the_task_is_told_nothing(stage: Stage, key: int, case: str) -> None:
    match case:
        case "over":
            appoint(stage, HOLDER, DEPUTY, last=timedelta(hours=1))
        case "elsewhere":
            appoint(stage, HOLDER, DEPUTY, last=LATER, processes=("review",))
        case "later-tasks":
            stage.clock.forward(hours=1)
            appoint(stage, HOLDER, DEPUTY, first=timedelta(), last=LATER, covers_open=False)
        case "own-case":
            appoint(stage, HOLDER, "zhang.min", last=LATER)
        case "closed":
            appoint(stage, HOLDER, DEPUTY, last=LATER)
            with stage.rooms.write() as tools:
                tools.session.execute(
                    update(Person).where(Person.username == DEPUTY).values(active=False)
                )
    assert set(reminded(stage)) == {HOLDER}


def test_at_a_step_that_forbids_deputies_the_holder_alone(stage: Stage, bring: Bring) -> None:
    begin(stage, bring, dated(no_deputy="true"))
    appoint(stage, HOLDER, DEPUTY, last=LATER)
    assert set(reminded(stage)) == {HOLDER}


def test_the_deputys_own_choice_counts(stage: Stage, key: int, post: Post) -> None:
    for username in (HOLDER, DEPUTY):
        give(stage, username, PersonalKind.MAIL, f"{username}@example.cn")
    choose(stage, DEPUTY, NotificationKind.DUE_SOON, Channel.MAIL, wanted=False)
    appoint(stage, HOLDER, DEPUTY, last=LATER)
    stage.clock.forward(days=1)
    runner(stage, post).run_due()
    assert {one for one, _kind in told(stage)} == {HOLDER, DEPUTY}
    reminders = [mail.to for mail in post.messages if mail.subject == "我的任务快到期"]
    assert reminders == [f"{HOLDER}@example.cn"]
