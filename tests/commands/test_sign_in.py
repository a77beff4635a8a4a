"""Signing in, staying in, being locked out, signing out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import URL, func, insert, select, update
from sqlalchemy.orm import Session

from service.commands import accounts
from service.commands.password_check import Limited, Locked, SignInRefused
from service.commands.password_hashing import DECOY, is_outdated
from service.commands.rooms import Rooms
from service.commands.sign_in import (
    session_actor,
    sign_in,
)
from service.domain.actors import SYSTEM
from service.domain.keys import KeySource
from service.store.database import Database
from service.store.tables import Person, SignInAttempt, WebSession
from tests.commands.signing_in import SignIn, enter, fail
from tests.fixtures_store import OFFICE, PASSWORD, PASSWORD_HASH, Book, Cast, CountStatements

MINUTE = timedelta(minutes=1)
NEW_PASSWORD = "青山遮不住-毕竟东流去"

__all__ = ["enter"]


def test_who_signed_in_acts_with_the_groups_of_the_moment(
    database: Database, enter: SignIn, now: datetime
) -> None:
    token = enter().token
    with database.read() as session:
        found = session_actor(session, token=token, now=now)
    assert found is not None
    assert (found.actor.username, found.actor.display_name) == ("li.na", "李娜")
    assert found.actor.groups == {OFFICE}


def test_a_person_of_no_group_acts_too(database: Database, enter: SignIn, now: datetime) -> None:
    token = enter("zhang.min").token
    with database.read() as session:
        found = session_actor(session, token=token, now=now)
    assert found is not None
    assert found.actor.groups == frozenset()


def test_whose_session_it_is_takes_one_statement(
    database: Database, enter: SignIn, now: datetime, count_statements: CountStatements
) -> None:
    token = enter().token
    with database.read() as session, count_statements() as statements:
        session_actor(session, token=token, now=now)
    assert len(statements) == 1


def test_the_token_is_nowhere_in_the_store(database: Database, enter: SignIn) -> None:
    tokens = [enter().token, enter().token]
    with database.read() as session:
        kept = session.scalars(select(WebSession.token_hash)).all()
    assert len(set(tokens)) == 2
    assert not set(tokens) & set(kept)
    assert all(len(token) >= 43 for token in tokens)


def test_spaces_around_the_name_do_not_matter(enter: SignIn) -> None:
    assert enter(" li.na ").username == "li.na"


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("li.na", "wrong"),
        ("li.na", ""),
        ("li.na", PASSWORD + " "),
        ("li.na", PASSWORD * 100),
        ("nobody", PASSWORD),
        ("", ""),
        ("li.na\0", PASSWORD),
        ("x" * 10_000, "\ud800"),
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_anything_else_is_refused_in_the_same_words(
    enter: SignIn, username: str, password: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        enter(username, password)
    assert refused.value.message == SignInRefused().message


def test_an_unknown_name_is_checked_against_a_hash_as_slow_as_the_others() -> None:
    assert not is_outdated(DECOY)


def test_who_has_no_password_cannot_sign_in(database: Database, enter: SignIn) -> None:
    with database.write() as session:
        session.execute(update(Person).values(password_hash=None))
    with pytest.raises(SignInRefused):
        enter(password="")


def test_who_is_deactivated_cannot_sign_in(database: Database, enter: SignIn) -> None:
    with database.write() as session:
        session.execute(update(Person).values(active=False))
    with pytest.raises(SignInRefused):
        enter()


def test_a_hash_of_weaker_parameters_is_replaced_when_its_password_is_given(
    database: Database, enter: SignIn
) -> None:
    enter()
    with database.read() as session:
        kept = session.scalar(select(Person.password_hash).where(Person.username == "li.na"))
    assert kept is not None
    assert kept != PASSWORD_HASH
    assert not is_outdated(kept)
    enter()


class Interrupted(Database):
    """A database on which something happens just before the second transaction that writes."""

    def __init__(self, url: URL, happens: Callable[[Session], object]) -> None:
        super().__init__(url)
        self._happens = happens
        self._writes = 0

    @contextmanager
    def write(self) -> Iterator[Session]:
        self._writes += 1
        if self._writes == 2:
            with super().write() as session:
                self._happens(session)
        with super().write() as session:
            yield session


@pytest.mark.parametrize(
    "happens",
    [
        lambda session: accounts.set_password(
            Book(session, KeySource()),
            username="li.na",
            password=NEW_PASSWORD,
            actor=SYSTEM,
            now=datetime(2026, 3, 2, tzinfo=UTC),
        ),
        lambda session: session.execute(update(Person).values(active=False)),
    ],
    ids=["another password", "deactivated"],
)
def test_a_password_that_was_right_a_moment_ago_opens_nothing(
    database: Database,
    rooms: Rooms,
    cast: Cast,
    now: datetime,
    happens: Callable[[Session], object],
) -> None:
    interrupted = Interrupted(database.url, happens)
    with pytest.raises(SignInRefused):
        sign_in(
            replace(rooms, database=interrupted),
            username="li.na",
            password=PASSWORD,
            address="10.0.0.1",
            now=now,
        )
    interrupted.dispose()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0


class TestLock:
    """Five wrong passwords in a row, by whomever."""

    def test_the_fifth_locks_for_a_quarter_of_an_hour(self, enter: SignIn) -> None:
        refusals = fail(enter, 5)
        assert [type(refusal) for refusal in refusals] == [SignInRefused] * 4 + [Locked]
        assert isinstance(refusals[4], Locked)
        assert refusals[4].retry_after == 15 * 60
        assert "15 分钟" in refusals[4].message

    def test_not_even_the_right_password_counts_then(self, enter: SignIn, now: datetime) -> None:
        fail(enter, 5)
        with pytest.raises(Locked, match="5 分钟"):
            enter(at=now + 10 * MINUTE)

    def test_it_ends_by_itself(self, enter: SignIn, now: datetime) -> None:
        fail(enter, 5)
        assert enter(at=now + 15 * MINUTE).username == "li.na"

    def test_the_next_lock_is_longer(self, enter: SignIn, now: datetime) -> None:
        fail(enter, 5)
        last = fail(enter, 5, at=now + 15 * MINUTE)[-1]
        assert isinstance(last, Locked)
        assert last.retry_after == 30 * 60

    def test_a_right_password_begins_the_count_anew(self, enter: SignIn) -> None:
        fail(enter, 4)
        enter()
        assert not any(isinstance(refusal, Locked) for refusal in fail(enter, 4))

    def test_others_are_not_locked(self, enter: SignIn) -> None:
        fail(enter, 5)
        assert enter("zhang.min").username == "zhang.min"

    def test_a_name_that_nobody_has_locks_alike(self, enter: SignIn, now: datetime) -> None:
        of_nobody = fail(enter, 6, username="nobody")
        of_somebody = fail(enter, 6, username="li.na")
        assert [r.message for r in of_nobody] == [r.message for r in of_somebody]
        later = fail(enter, 1, username="nobody", at=now + 15 * MINUTE)
        assert type(later[0]) is SignInRefused

    def test_tries_at_once_count_as_tries_in_turn(self, database: Database, enter: SignIn) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: fail(enter, 1), range(8)))
        with database.read() as session:
            person = session.get_one(Person, "li.na")
        assert person.failed_sign_ins == 5
        assert person.locked_until is not None


class TestLimit:
    """Twenty failed tries from one address in five minutes, whatever the names."""

    @pytest.fixture(autouse=True)
    def twenty_tries(self, database: Database, keys: KeySource, now: datetime) -> None:
        """From 10.0.0.1, one a second."""
        tries = [
            {
                "key": keys.next(),
                "at": now + timedelta(seconds=number),
                "username": f"guess{number}",
                "address": "10.0.0.1",
                "outcome": "wrong",
            }
            for number in range(20)
        ]
        with database.write() as session:
            session.execute(insert(SignInAttempt), tries)

    def test_then_the_address_has_to_wait(self, enter: SignIn, now: datetime) -> None:
        with pytest.raises(Limited) as limited:
            enter(at=now + MINUTE)
        assert limited.value.retry_after == 4 * 60

    def test_other_addresses_do_not(self, enter: SignIn, now: datetime) -> None:
        assert enter(address="10.0.0.2", at=now + MINUTE).username == "li.na"

    def test_the_wait_ends(self, enter: SignIn, now: datetime) -> None:
        assert enter(at=now + 5 * MINUTE).username == "li.na"

    def test_what_is_refused_then_is_not_written(
        self, database: Database, enter: SignIn, now: datetime
    ) -> None:
        fail(enter, 3, at=now + MINUTE)
        with database.read() as session:
            assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 20


def test_people_who_share_an_address_sign_in_as_often_as_they_like(enter: SignIn) -> None:
    assert {enter().username for _ in range(22)} == {"li.na"}


def test_every_try_is_recorded(database: Database, enter: SignIn) -> None:
    fail(enter, 6)
    enter("zhang.min")
    fail(enter, 1, username="my password, typed in the wrong field")
    with database.read() as session:
        tries = session.execute(
            select(SignInAttempt.username, SignInAttempt.outcome).order_by(SignInAttempt.key)
        ).all()
    assert [tuple(row) for row in tries] == [
        *[("li.na", "wrong")] * 5,
        ("li.na", "locked"),
        ("zhang.min", "ok"),
        ("", "wrong"),
    ]
