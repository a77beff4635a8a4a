"""Messages of notifications: by each person's choice, once to a group chat, kept from strangers."""

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import notifications, outbox, personal_data
from service.commands.notifications import Concerned, Happening
from service.commands.outbox import OutgoingForbidden
from service.connectors.senders import Sender
from service.domain.actors import Actor
from service.domain.notifications import NotificationKind
from service.domain.outgoing import Channel, OutgoingMessage, Refused, SendFailed, Unreachable
from service.domain.personal_data import PersonalKind
from service.jobs.runner import JobRunner
from service.queries import outgoing
from service.store.tables import Job, Notification, NotificationChoice, Person, PersonalDatum
from tests.fixtures_commands import Stage


@dataclass(slots=True)
class Post:
    """What was handed over; the next ones fail with `fails`."""

    messages: list[OutgoingMessage] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def send(self, message: OutgoingMessage) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.messages.append(message)


@pytest.fixture
def post() -> Post:
    return Post()


def runner(stage: Stage, sender: Sender, *channels: Channel) -> JobRunner:
    senders = dict.fromkeys(channels or (Channel.MAIL,), sender)
    return JobRunner(stage.rooms, owner="worker-1", senders=senders)


def give(stage: Stage, username: str, kind: PersonalKind, text: str) -> None:
    with stage.rooms.write() as tools:
        personal_data.write(tools, username=username, kind=kind, text=text, now=stage.clock.now)


def choose(
    stage: Stage, username: str, kind: NotificationKind, channel: Channel, *, wanted: bool
) -> None:
    row = {"username": username, "kind": kind, "channel": channel, "wanted": wanted}
    with stage.rooms.write() as tools:
        tools.session.execute(insert(NotificationChoice), [row])


def tell(
    stage: Stage, *people: str, kind: NotificationKind = NotificationKind.CASE_COMPLETED
) -> None:
    happening = Happening(kind, Concerned(people), facts={"process": "请假", "step": "审批"})
    with stage.rooms.write() as tools:
        notifications.notify(tools, happening, now=stage.clock.now)


@pytest.fixture
def mailed(stage: Stage) -> Stage:
    """The officer has a mail address."""
    give(stage, "li.na", PersonalKind.MAIL, "li.na@example.cn")
    return stage


def test_a_mail_leads_to_the_notification(mailed: Stage, post: Post) -> None:
    tell(mailed, "li.na", "zhang.min")
    assert runner(mailed, post).run_due() == 2
    [mail] = post.messages
    key = mailed.key(Notification, username="li.na")
    assert (mail.to, mail.text) == ("li.na@example.cn", "你发起的“请假”已办结。")
    assert (mail.subject, mail.path) == ("我发起的事项办结", f"/notifications/{key}")
    assert mail.key == str(mailed.key(Job, kind="send"))


def test_what_a_mail_says_lies_sealed_and_is_gone_when_it_was_sent(
    mailed: Stage, post: Post
) -> None:
    tell(mailed, "li.na")
    JobRunner(mailed.rooms, owner="worker-1").run_due()
    assert mailed.rows(Job, kind="send") == []  # no channel, no message
    tell(mailed, "li.na")
    post.fails = [SendFailed(reason="later")]
    runner(mailed, post).run_due()
    details = json.dumps(mailed.row(Job, kind="send")["details"])
    assert "li.na" not in details
    mailed.clock.forward(minutes=1)
    runner(mailed, post).run_due()
    assert mailed.row(Job, kind="send")["details"] is None


@pytest.mark.parametrize(
    ("kind", "wanted", "mails"),
    [
        (NotificationKind.CASE_COMPLETED, None, 1),
        (NotificationKind.CASE_COMPLETED, False, 0),
        (NotificationKind.TASK_RELEASED, None, 0),
        (NotificationKind.TASK_RELEASED, True, 1),
    ],
)
def test_a_choice_counts_before_the_default(
    mailed: Stage, post: Post, kind: NotificationKind, wanted: bool | None, mails: int
) -> None:
    if wanted is not None:
        choose(mailed, "li.na", kind, Channel.MAIL, wanted=wanted)
    happening = Happening(
        kind, Concerned(("li.na",)), facts={"process": "请假", "step": "审批", "who": "赵刚"}
    )
    with mailed.rooms.write() as tools:
        notifications.notify(tools, happening, now=mailed.clock.now)
    runner(mailed, post).run_due()
    assert len(post.messages) == mails
    assert len(mailed.rows(Notification)) == 1


def test_a_chat_gets_one_message_that_names_and_calls_all(stage: Stage, post: Post) -> None:
    give(stage, "li.na", PersonalKind.MOBILE, "13800138000")
    for username in ("li.na", "zhang.min"):
        choose(stage, username, NotificationKind.CASE_COMPLETED, Channel.WECOM, wanted=True)
    tell(stage, "li.na", "zhang.min", "wang.wei")
    runner(stage, post, Channel.WECOM).run_due()
    [message] = post.messages
    assert message.text == "李娜、张敏：你发起的“请假”已办结。"
    assert (message.to, message.mentions) == ("", ("13800138000",))
    assert message.path == "/notifications"


def test_without_a_choice_no_chat_learns_anything(stage: Stage, post: Post) -> None:
    tell(stage, "li.na")
    runner(stage, post, *Channel).run_due()
    assert post.messages == []


@pytest.mark.parametrize(
    ("known", "channel"),
    [
        ({PersonalKind.MAIL: "a@example.cn", PersonalKind.MOBILE: "13800138000"}, Channel.MAIL),
        ({PersonalKind.MOBILE: "13800138000"}, Channel.SMS),
    ],
)
def test_an_applicant_from_outside_gets_a_message_and_no_list(
    stage: Stage, post: Post, known: dict[PersonalKind, str], channel: Channel
) -> None:
    outsider(stage)
    for kind, text in known.items():
        give(stage, "p.one", kind, text)
    tell(stage, "p.one")
    runner(stage, post, Channel.SMS, Channel.MAIL).run_due()
    [message] = post.messages
    assert (message.channel, message.path) == (channel, "/public/applications")
    assert message.text == "你申请的“请假”已办结，请到办事大厅查看结果。"
    assert stage.rows(Notification) == []


def test_an_applicant_from_outside_hears_nothing_of_the_house(stage: Stage, post: Post) -> None:
    outsider(stage)
    give(stage, "p.one", PersonalKind.MOBILE, "13800138000")
    tell(stage, "p.one", kind=NotificationKind.INCIDENT)
    runner(stage, post, Channel.SMS).run_due()
    assert post.messages == []


def test_a_seal_that_cannot_be_opened_keeps_nobody_else_from_their_mail(
    mailed: Stage, post: Post
) -> None:
    give(mailed, "zhang.min", PersonalKind.MAIL, "z@example.cn")
    break_seal(mailed, "zhang.min")
    tell(mailed, "li.na", "zhang.min")
    runner(mailed, post).run_due()
    assert [one.to for one in post.messages] == ["li.na@example.cn"]
    assert len(mailed.rows(Notification)) == 2


def test_a_failure_is_tried_again_and_the_last_one_is_kept_for_the_operator(
    mailed: Stage, post: Post
) -> None:
    tell(mailed, "li.na")
    post.fails = [SendFailed(reason="邮件服务器不收这封邮件（451）") for _ in range(6)]
    sends = runner(mailed, post)
    sends.run_due()
    pauses = []
    while (due := sends.next_due()) is not None:
        pauses.append(due - mailed.clock.now)
        mailed.clock.now = due
        sends.run_due()
    assert [int(one.total_seconds()) for one in pauses] == [60, 600, 3600, 14400, 43200]
    job = mailed.row(Job, kind="send")
    assert (job["state"], job["attempts"], job["type"]) == ("failed", 6, "mail")
    assert "451" in str(job["last_error"])
    assert "li.na" not in str(job["last_error"])
    assert job["details"] is not None


def test_an_address_that_is_refused_is_not_tried_again(mailed: Stage, post: Post) -> None:
    tell(mailed, "li.na")
    post.fails = [Refused(reason="邮件服务器不收这个地址（550）")]
    runner(mailed, post).run_due()
    assert mailed.row(Job, kind="send")["state"] == "failed"


def test_a_channel_that_answers_nobody_rests(mailed: Stage, post: Post) -> None:
    for _ in range(3):
        tell(mailed, "li.na")
    post.fails = [Unreachable(reason="邮件服务器没有回答")]
    sends = runner(mailed, post)
    sends.run_due()
    jobs = mailed.rows(Job, kind="send")
    assert (post.messages, sorted(int(str(job["attempts"])) for job in jobs)) == ([], [0, 0, 1])
    mailed.clock.forward(minutes=2)
    sends.run_due()
    assert len(post.messages) == 3


def test_what_could_not_be_sent_in_three_days_is_not_sent(mailed: Stage, post: Post) -> None:
    tell(mailed, "li.na")
    post.fails = [SendFailed(reason="no")]
    runner(mailed, post).run_due()
    mailed.clock.now += timedelta(days=4)
    runner(mailed, post).run_due()
    assert (post.messages, mailed.row(Job, kind="send")["details"]) == ([], None)


def test_a_worker_that_dies_between_sending_and_writing_sends_again_with_the_same_key(
    mailed: Stage, post: Post
) -> None:
    class Killed(BaseException):
        pass

    class Dying(Post):
        def send(self, message: OutgoingMessage) -> None:
            post.send(message)
            raise Killed

    tell(mailed, "li.na")
    with pytest.raises(Killed):
        runner(mailed, Dying()).run_due()
    assert runner(mailed, post).run_due() == 0  # held until the lock expires
    mailed.clock.forward(minutes=6)
    assert runner(mailed, post).run_due() == 1
    first, second = post.messages
    assert first == second
    assert mailed.row(Job, kind="send")["state"] == "done"
    assert len(mailed.rows(Notification)) == 1


@pytest.fixture
def failed(mailed: Stage, post: Post) -> Stage:
    """A mail that the server has refused for good."""
    tell(mailed, "li.na")
    post.fails = [Refused(reason="邮件服务器不收这个地址（550）")]
    runner(mailed, post).run_due()
    return mailed


def test_an_operator_sees_what_failed_and_has_it_sent_again(
    failed: Stage, post: Post, operator: Actor
) -> None:
    failed.clock.forward(days=9)
    with failed.rooms.read() as session:
        [unsent] = outgoing.unsent(session, actor=operator)
    assert (unsent.channel, unsent.failed, unsent.waiting) == (Channel.MAIL, 1, 0)
    assert "550" in unsent.error
    with failed.rooms.write() as tools:
        retried = outbox.retry_failed(tools, Channel.MAIL, actor=operator, now=failed.clock.now)
    assert retried == 1
    runner(failed, post).run_due()
    assert [one.to for one in post.messages] == ["li.na@example.cn"]
    with failed.rooms.read() as session:
        assert outgoing.unsent(session, actor=operator) == ()


def test_what_waits_for_another_try_is_seen_too(mailed: Stage, post: Post, operator: Actor) -> None:
    tell(mailed, "li.na")
    post.fails = [Unreachable(reason="邮件服务器没有回答（TimeoutError）")]
    runner(mailed, post).run_due()
    with mailed.rooms.read() as session:
        [unsent] = outgoing.unsent(session, actor=operator)
    assert (unsent.failed, unsent.waiting) == (0, 1)


def test_nobody_else_sees_it_or_has_it_sent(failed: Stage, post: Post) -> None:
    officer = failed.cast.officer
    with failed.rooms.read() as session:
        assert outgoing.unsent(session, actor=officer) == ()
    with failed.rooms.write() as tools, pytest.raises(OutgoingForbidden):
        outbox.retry_failed(tools, Channel.MAIL, actor=officer, now=failed.clock.now)
    assert failed.row(Job, kind="send")["state"] == "failed"


def test_what_nobody_had_sent_again_is_forgotten_after_a_month(failed: Stage) -> None:
    for days, forgotten in ((29, 0), (2, 1)):
        failed.clock.forward(days=days)
        with failed.rooms.write() as tools:
            assert outbox.clean_up(tools, now=failed.clock.now) == forgotten
    assert failed.row(Job, kind="send")["details"] is None


@pytest.mark.parametrize(("read", "days"), [(True, 90), (False, 365)])
def test_the_list_forgets_what_is_old(stage: Stage, read: bool, days: int) -> None:
    tell(stage, "li.na")
    JobRunner(stage.rooms, owner="worker-1").run_due()
    if read:
        with stage.rooms.write() as tools:
            key, now = stage.key(Notification), stage.clock.now
            notifications.read(tools, key, actor=stage.cast.officer, now=now)
    for ahead, forgotten in ((days, 0), (1, 1)):
        stage.clock.forward(days=ahead)
        with stage.rooms.write() as tools:
            assert notifications.clean_up(tools, now=stage.clock.now) == forgotten


def outsider(stage: Stage) -> None:
    row = {
        "username": "p.one",
        "display_name": "138****8000",
        "sort_name": "p",
        "password_hash": None,
        "active": True,
        "failed_sign_ins": 0,
        "locked_until": None,
        "created_at": stage.clock.now,
        "kind": "public",
    }
    with stage.rooms.write() as tools:
        tools.session.execute(insert(Person), [row])


def break_seal(stage: Stage, username: str) -> None:
    with stage.rooms.write() as tools:
        tools.session.execute(
            update(PersonalDatum).where(PersonalDatum.username == username).values(sealed="x")
        )
