"""Messages that wait while the data key changes: sealed anew, sent with the new key alone."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import insert

from service.commands import outbox
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.outgoing import Channel, OutgoingMessage, Refused
from service.jobs.runner import JobRunner
from service.queries import outgoing
from service.store.sealing import DataKeys
from service.store.tables import Job
from tests.commands.test_notification_messages import Post, post, runner
from tests.fixtures_commands import DATA_KEY, Stage

__all__ = ["post"]

NEW_KEY = "8c1f0a5d7e3b94268c1f0a5d7e3b9426"


def with_keys(stage: Stage, *keys: str) -> Rooms:
    return replace(stage.rooms, data_keys=DataKeys(keys))


def write(rooms: Rooms, *receivers: str, kept: bool = True) -> None:
    now = rooms.clock()
    with rooms.write() as tools:
        for to in receivers:
            message = OutgoingMessage(Channel.MAIL, to, "有新任务", subject="提醒")
            row = outbox.message_row(
                tools, message, now=now, expires_at=now + timedelta(days=1), kept=kept
            )
            tools.session.execute(insert(Job), [row])


def test_what_waits_and_what_is_kept_is_sealed_anew(stage: Stage, post: Post) -> None:
    write(stage.rooms, "sent@example.cn")
    runner(stage, Post()).run_due()
    write(stage.rooms, "failed@example.cn")
    post.fails = [Refused(reason="550")]
    runner(stage, post).run_due()
    write(stage.rooms, "waits@example.cn")
    both, new = with_keys(stage, NEW_KEY, DATA_KEY), with_keys(stage, NEW_KEY)

    assert outbox.rotate_key(both) == 2
    assert outbox.rotate_key(both) == 0

    with new.write() as tools:
        outbox.retry_failed(tools, Channel.MAIL, actor=SYSTEM, now=stage.clock.now)
    JobRunner(new, owner="w", senders={Channel.MAIL: post}).run_due()
    assert sorted(one.to for one in post.messages) == ["failed@example.cn", "waits@example.cn"]


def test_one_that_no_key_opens_keeps_no_other_from_it(stage: Stage, post: Post) -> None:
    write(with_keys(stage, "a key that was lost"), "lost@example.cn")
    write(stage.rooms, "waits@example.cn")
    assert outbox.rotate_key(with_keys(stage, NEW_KEY, DATA_KEY)) == 1
    new = with_keys(stage, NEW_KEY)
    JobRunner(new, owner="w", senders={Channel.MAIL: post}).run_due()
    assert [one.to for one in post.messages] == ["waits@example.cn"]


def test_what_failed_and_is_not_kept_is_no_more_to_be_sent(
    stage: Stage, post: Post, operator: Actor
) -> None:
    write(stage.rooms, "code@example.cn", kept=False)
    post.fails = [Refused(reason="550")]
    runner(stage, post).run_due()
    with stage.rooms.read() as session:
        assert outgoing.unsent(session, actor=operator) == ()
    with stage.rooms.write() as tools:
        now = stage.clock.now
        assert outbox.retry_failed(tools, Channel.MAIL, actor=operator, now=now) == 0
