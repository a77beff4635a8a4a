"""Coming in from outside: codes that count once, for a while, and not for who guesses."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from service.commands import personal_data, sign_in, verification
from service.domain.accounts import PUBLIC_APPLICANTS
from service.domain.errors import JiaoyanError
from service.domain.outgoing import Channel, SendFailed
from service.domain.rate_limits import TooOften
from service.domain.verification import (
    CODE_LIFE,
    CODE_TRIES,
    PER_ADDRESS,
    PER_CONTACT,
    AccountClosed,
    ChannelClosed,
    CodeRefused,
    ContactInvalid,
    read_contact,
)
from service.store.database import Database
from service.store.tables import (
    AccessEvent,
    Job,
    Membership,
    Person,
    PersonalDatum,
    VerificationCode,
    WebSession,
)
from tests.commands.coming_in import NUMBER, Pocket, ask, come_in, deliver, enter, wrong
from tests.fixtures_commands import Stage


@pytest.fixture
def pocket() -> Pocket:
    return Pocket()


@pytest.fixture
def sent(stage: Stage, pocket: Pocket) -> Pocket:
    """A code was asked for and has arrived."""
    ask(stage)
    deliver(stage, pocket)
    return pocket


def test_a_right_code_makes_an_account_and_opens_a_session(stage: Stage, sent: Pocket) -> None:
    admitted = enter(stage, sent.code, "+86 138-0013-8000")
    assert admitted.is_new
    with stage.rooms.read() as session:
        found = sign_in.session_actor(session, token=admitted.signed_in.token, now=stage.clock.now)
    assert found is not None
    assert found.actor.public
    assert found.actor.groups == {PUBLIC_APPLICANTS}
    assert found.actor.display_name == "138****8000"


def test_who_comes_again_has_the_same_account(stage: Stage) -> None:
    first = come_in(stage)
    stage.clock.forward(minutes=2)
    again = come_in(stage)
    assert again.signed_in.username == first.signed_in.username
    assert not again.is_new
    assert len(stage.rows(Membership)) == 2  # one of them is the officer's


def test_a_mail_address_serves_as_well(stage: Stage, pocket: Pocket) -> None:
    ask(stage, "Min.Zhang@Example.com")
    deliver(stage, pocket)
    assert pocket.messages[0].to == "min.zhang@example.com"
    assert enter(stage, pocket.code, "min.zhang@EXAMPLE.com").is_new


def test_a_code_counts_once(stage: Stage, sent: Pocket) -> None:
    enter(stage, sent.code)
    with pytest.raises(CodeRefused):
        enter(stage, sent.code)


def test_a_code_that_is_ten_minutes_old_counts_no_more(stage: Stage, sent: Pocket) -> None:
    stage.clock.now += CODE_LIFE
    with pytest.raises(CodeRefused):
        enter(stage, sent.code)


def test_a_new_code_replaces_the_one_before(stage: Stage, sent: Pocket) -> None:
    first = sent.code
    stage.clock.forward(minutes=1)
    ask(stage)
    deliver(stage, sent)
    if first != sent.code:
        with pytest.raises(CodeRefused):
            enter(stage, first)
    assert enter(stage, sent.code).is_new


def test_a_code_of_another_number_does_not_count(stage: Stage, sent: Pocket) -> None:
    ask(stage, "13900139000")
    with pytest.raises(CodeRefused):
        enter(stage, sent.code, "13900139000")


def test_after_five_wrong_tries_the_right_code_is_dead_too(stage: Stage, sent: Pocket) -> None:
    for _ in range(CODE_TRIES):
        with pytest.raises(CodeRefused):
            enter(stage, wrong(sent.code))
    with pytest.raises(CodeRefused):
        enter(stage, sent.code)


def test_a_thousand_tries_from_two_processes_and_after_a_restart_find_nothing(
    stage: Stage, sent: Pocket, database_url: str
) -> None:
    other = Database(database_url)
    processes = [stage, replace(stage, rooms=replace(stage.rooms, database=other))]
    tries = 1000 if database_url.startswith("postgresql") else 200  # SQLite syncs each of them
    codes = [code for n in range(tries) if (code := f"{n:06}") != sent.code]

    def refused(number: int, code: str) -> bool:
        try:
            enter(processes[number % 2], code, address=f"10.0.{number % 250}.1")
        except (CodeRefused, TooOften):
            return True
        return False

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(refused, range(len(codes)), codes))
    assert stage.row(VerificationCode)["tries"] == CODE_TRIES
    other.dispose()
    restarted = Database(database_url)
    with pytest.raises(CodeRefused):
        enter(replace(stage, rooms=replace(stage.rooms, database=restarted)), sent.code)
    restarted.dispose()
    assert stage.rows(WebSession) == []


def test_who_tries_many_numbers_from_one_address_must_wait(stage: Stage, sent: Pocket) -> None:
    for number in range(30):
        with pytest.raises(CodeRefused):
            enter(stage, "000000", f"139{number:08}", address="10.9.9.9")
    with pytest.raises(TooOften) as refused:
        enter(stage, sent.code, address="10.9.9.9")
    assert refused.value.retry_after <= 600
    assert enter(stage, sent.code, address="10.1.1.2").is_new


def test_one_number_is_not_pestered(stage: Stage) -> None:
    ask(stage, address="10.0.0.1")
    with pytest.raises(TooOften) as refused:
        ask(stage, address="10.0.0.2")
    assert refused.value.retry_after == 60
    per_hour = PER_CONTACT[1].most
    for number in range(1, per_hour):
        stage.clock.forward(minutes=2)
        ask(stage, address=f"10.0.1.{number}")
    stage.clock.forward(minutes=2)
    with pytest.raises(TooOften):
        ask(stage, address="10.0.2.1")
    assert len(stage.rows(Job)) == per_hour


def test_numbers_guessed_from_one_address_are_stopped(stage: Stage) -> None:
    [limit] = PER_ADDRESS
    for number in range(limit.most):
        ask(stage, f"139{number:08}")
    with pytest.raises(TooOften):
        ask(stage, "13700137000")
    ask(stage, "13700137000", address="10.1.1.2")


def test_a_known_number_is_answered_and_kept_like_an_unknown_one(
    stage: Stage, pocket: Pocket
) -> None:
    come_in(stage)
    stage.clock.forward(minutes=2)
    known, unknown = ask(stage), ask(stage, "13900139000")
    assert (known.channel, len(known.masked)) == (unknown.channel, len(unknown.masked))
    for number in (NUMBER, "13900139000"):
        with pytest.raises(CodeRefused) as refused:
            enter(stage, "12345", number)
        assert refused.value.message == CodeRefused().message
    rows = stage.rows(VerificationCode)
    assert {row["tries"] for row in rows} == {1}


def test_neither_number_nor_code_lies_open_in_the_database(stage: Stage, pocket: Pocket) -> None:
    ask(stage)
    [job] = stage.rows(Job)
    [code] = stage.rows(VerificationCode)
    deliver(stage, pocket)
    kept = f"{job} {code} {stage.rows(AccessEvent)}"
    assert "13800138000" not in kept
    assert pocket.code not in f"{job['details']} {code}"
    enter(stage, pocket.code)
    assert "13800138000" not in f"{stage.rows(PersonalDatum)} {stage.rows(Person)}"
    assert stage.row(Job)["details"] is None


def test_a_closed_account_is_told_so_by_who_has_the_code(stage: Stage, pocket: Pocket) -> None:
    username = come_in(stage).signed_in.username
    with stage.rooms.write() as tools:
        tools.session.execute(
            update(Person).where(Person.username == username).values(active=False)
        )
    stage.clock.forward(minutes=2)
    with pytest.raises(AccountClosed):
        come_in(stage)


def test_a_number_of_staff_makes_another_account_outside(stage: Stage) -> None:
    with stage.rooms.write() as tools:
        personal_data.write(
            tools,
            username=stage.cast.officer.username,
            kind=read_contact(NUMBER, today=stage.clock.now.date()).kind,
            text=NUMBER,
            now=stage.clock.now,
        )
    assert come_in(stage).signed_in.username != stage.cast.officer.username


@pytest.mark.parametrize("written", ["", "12345", "23800138000", "a@b", "138\x0000138000", "@" * 9])
def test_what_is_no_number_and_no_address_is_refused(stage: Stage, written: str) -> None:
    with pytest.raises(ContactInvalid):
        ask(stage, written)
    assert stage.rows(Job) == []


@pytest.mark.parametrize("code", ["", "１２３４５６", "12345a", "1" * 5000, "000000\x00"])
def test_what_is_no_code_is_refused_like_a_wrong_one(stage: Stage, sent: Pocket, code: str) -> None:
    with pytest.raises(CodeRefused):
        enter(stage, code)


def test_a_channel_that_the_bureau_does_not_have_is_named(stage: Stage) -> None:
    with pytest.raises(ChannelClosed, match="改用邮箱"):
        verification.request_code(
            stage.rooms,
            NUMBER,
            channels=[Channel.MAIL],
            title="教研",
            address="10.1.1.1",
            now=stage.clock.now,
        )


def test_a_gateway_that_is_away_is_asked_again(stage: Stage, pocket: Pocket) -> None:
    ask(stage)
    pocket.fails = [SendFailed(reason="网关没有回答"), OSError("no route")]
    assert deliver(stage, pocket) == 1
    assert stage.row(Job)["last_error"] == "消息没有送出：网关没有回答。"
    for _ in range(2):
        stage.clock.forward(minutes=1)
        deliver(stage, pocket)
    assert enter(stage, pocket.code).is_new


def test_a_message_that_comes_too_late_is_not_sent(stage: Stage, pocket: Pocket) -> None:
    ask(stage)
    stage.clock.now += CODE_LIFE
    deliver(stage, pocket)
    job = stage.row(Job)
    assert (pocket.messages, job["state"], job["details"]) == ([], "failed", None)


def test_codes_that_count_no_more_are_forgotten(stage: Stage, sent: Pocket) -> None:
    stage.clock.now += CODE_LIFE
    with stage.rooms.write() as tools:
        verification.clean_up(tools, now=stage.clock.now)
    assert stage.rows(VerificationCode) == []


def test_sending_holds_no_transaction_open(stage: Stage, pocket: Pocket) -> None:
    ask(stage)

    class Asks:
        def send(self, _message: object) -> None:
            with stage.rooms.write() as tools:  # on SQLite nobody else may be writing
                tools.session.execute(select(Job.key))

    from service.jobs.runner import JobRunner

    runner = JobRunner(stage.rooms, owner="worker-1", senders={Channel.SMS: Asks()})
    began = time.monotonic()
    assert runner.run_due() == 1
    assert time.monotonic() - began < 5
    assert stage.row(Job)["state"] == "done"


def test_a_code_is_worth_one_account_however_often_it_is_sent_at_once(
    stage: Stage, sent: Pocket
) -> None:
    def came_in(_: int) -> bool:
        try:
            enter(stage, sent.code)
        except JiaoyanError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(came_in, range(8))) == 1
