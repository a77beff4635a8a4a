"""A name and a password with each request."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from service.commands import account_states, accounts
from service.commands.basic_authentication import CheckedPasswords, basic_actor
from service.commands.password_check import Limited, Locked, SignInRefused
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.keys import KeySource
from service.store.database import Database
from service.store.tables import Person, SignInAttempt
from tests.fixtures_store import OFFICE, PASSWORD, Cast, CountStatements, Write
from tests.overtaken import before_writing

MINUTE = timedelta(minutes=1)
NEW_PASSWORD = "青山遮不住-毕竟东流去"

Ask = Callable[..., Actor]


@pytest.fixture
def ask(rooms: Rooms, cast: Cast, now: datetime) -> Ask:
    """Ask as the officer, of one process with one memory."""
    checked = CheckedPasswords()

    def asking(
        username: str = "li.na",
        password: str = PASSWORD,
        address: str = "10.0.0.1",
        at: datetime = now,
    ) -> Actor:
        return basic_actor(
            rooms,
            checked,
            username=username,
            password=password,
            address=address,
            now=at,
        )

    return asking


def test_the_right_password_gives_the_person(ask: Ask) -> None:
    assert ask() == Actor("li.na", "李娜", frozenset({OFFICE}))


@pytest.mark.parametrize(
    ("username", "password"),
    [("li.na", "wrong"), ("nobody", PASSWORD), ("", ""), ("li.na\0", PASSWORD), ("\ud800", "x")],
)
def test_anything_else_is_refused(ask: Ask, username: str, password: str) -> None:
    ask()
    with pytest.raises(SignInRefused):
        ask(username, password)


def test_a_password_that_was_right_takes_one_statement(
    ask: Ask, count_statements: CountStatements
) -> None:
    ask()
    with count_statements() as statements:
        ask()
    assert (len(statements), statements.commits) == (1, 0)


def test_it_is_remembered_for_five_minutes(
    ask: Ask, now: datetime, count_statements: CountStatements
) -> None:
    ask()
    with count_statements() as statements:
        ask(at=now + 5 * MINUTE - timedelta(seconds=1))
    assert len(statements) == 1
    with count_statements() as statements:
        ask(at=now + 5 * MINUTE)
    assert len(statements) > 1


def test_another_password_makes_what_is_remembered_worthless(
    write: Write, ask: Ask, now: datetime
) -> None:
    ask()
    with write() as tools:
        accounts.set_password(tools, username="li.na", password=NEW_PASSWORD, actor=SYSTEM, now=now)
    with pytest.raises(SignInRefused):
        ask()
    assert ask(password=NEW_PASSWORD).username == "li.na"


def test_a_locked_person_is_out_at_once(write: Write, ask: Ask, now: datetime) -> None:
    ask()
    with write() as tools:
        account_states.lock(tools, username="li.na", reason="手机丢失", actor=SYSTEM, now=now)
    with pytest.raises(SignInRefused):
        ask()


def test_a_group_that_was_left_is_left_at_once(database: Database, ask: Ask) -> None:
    ask()
    with database.write() as session:
        session.execute(update(Person).values(display_name="李娜娜"))
    assert ask().display_name == "李娜娜"


def test_wrong_passwords_lock_out_what_is_remembered_too(ask: Ask) -> None:
    ask()
    for _ in range(5):
        with pytest.raises(SignInRefused):
            ask(password="wrong", address="10.9.9.9")
    with pytest.raises(Locked):
        ask()


def test_the_limit_of_an_address_holds(
    database: Database, ask: Ask, keys: KeySource, now: datetime
) -> None:
    one = {"at": now, "username": "guess", "address": "10.0.0.1", "outcome": "wrong"}
    with database.write() as session:
        session.execute(insert(SignInAttempt), [{**one, "key": keys.next()} for _ in range(20)])
    with pytest.raises(Limited):
        ask()


def test_only_so_many_are_remembered(now: datetime) -> None:
    checked = CheckedPasswords()
    for number in range(1001):
        checked.remember(f"person{number}", "hash", "password", now)
    known = [checked.knows(f"person{number}", "hash", "password", now) for number in (0, 1, 1000)]
    assert known == [False, True, True]


def test_what_is_remembered_cannot_be_mixed_up(now: datetime) -> None:
    checked = CheckedPasswords()
    checked.remember("li", "na", "x", now)
    assert not checked.knows("l", "ina", "x", now)
    assert not checked.knows("li", "na", "X", now)


def test_two_first_tries_at_once_are_both_let_in(rooms: Rooms, cast: Cast, now: datetime) -> None:
    """Each finds the hash outdated and makes a new one; the second finds the first's."""

    def enter(rooms: Rooms) -> Actor:
        return basic_actor(
            rooms, CheckedPasswords(), username="li.na", password=PASSWORD, address="", now=now
        )

    first: list[Actor] = []
    second = enter(before_writing(rooms, lambda: first.append(enter(rooms))))

    assert [one.username for one in (*first, second)] == ["li.na", "li.na"]
    with rooms.read() as session:
        outcomes = session.scalars(select(SignInAttempt.outcome)).all()
        person = session.get_one(Person, "li.na")
    assert outcomes == ["ok", "ok"]
    assert person.failed_sign_ins == 0
