"""Accounts are for those whose work they are: a list that can be narrowed, and one with all."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import personal_data, rights
from service.commands.rooms import Rooms
from service.domain.accounts import AccountState, PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.errors import NotFound
from service.domain.personal_data import PersonalKind
from service.queries import administration, held_tasks, people
from service.queries.cursor import BadCursor
from service.queries.people import PeopleFilter
from service.store.tables import Person, SignInAttempt
from tests.fixtures_store import OFFICE, Cast


@pytest.fixture
def reader(rooms: Rooms, cast: Cast) -> Actor:
    """Somebody who may see accounts and not change them."""
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.READ)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    return cast.stranger


def change(rooms: Rooms, username: str, **values: object) -> None:
    with rooms.write() as tools:
        its = update(Person).where(Person.username == username)
        tools.session.execute(its.values(**values))


def names(rooms: Rooms, actor: Actor, **wanted: object) -> list[str]:
    with rooms.read() as session:
        found = people.page(
            session,
            actor=actor,
            now=rooms.clock(),
            wanted=PeopleFilter(**wanted),  # type: ignore[arg-type]
        )
    return [row.username for row in found.rows]


def test_outsiders_learn_nothing(rooms: Rooms, cast: Cast) -> None:
    with rooms.read() as session:
        with pytest.raises(NotFound):
            people.page(session, actor=cast.officer, now=rooms.clock())
        with pytest.raises(NotFound):
            people.person(
                session, rooms.data_keys, actor=cast.officer, username="li.na", now=rooms.clock()
            )
        with pytest.raises(NotFound):
            people.groups(session, actor=cast.officer)
        with pytest.raises(NotFound):
            held_tasks.of_person(session, actor=cast.officer, username="li.na")
        assert not administration.may_read(session, actor=cast.officer)


def test_reading_is_not_administering(rooms: Rooms, reader: Actor) -> None:
    with rooms.read() as session:
        assert administration.may_read(session, actor=reader)
        assert not administration.may_act(session, actor=reader)


def test_pages_follow_the_names_and_each_account_comes_once(rooms: Rooms, reader: Actor) -> None:
    seen: list[str] = []
    after: str | None = None
    with rooms.read() as session:
        while True:
            page = people.page(session, actor=reader, now=rooms.clock(), after=after, limit=2)
            seen += [row.username for row in page.rows]
            if (after := page.next) is None:
                break
    assert seen == ["li.na", "wang.wei", "zhang.min"]
    with rooms.read() as session, pytest.raises(BadCursor):
        people.page(session, actor=reader, now=rooms.clock(), after="x")


def test_the_list_is_narrowed(rooms: Rooms, reader: Actor) -> None:
    change(rooms, "zhang.min", active=False, kind=PersonKind.PUBLIC)
    assert names(rooms, reader, q="娜") == ["li.na"]
    assert names(rooms, reader, q="ZHANG") == ["zhang.min"]
    assert names(rooms, reader, q="%") == []
    assert names(rooms, reader, q="a\0b") == []
    assert names(rooms, reader, state=AccountState.LOCKED) == ["zhang.min"]
    assert names(rooms, reader, kind=PersonKind.STAFF) == ["li.na", "wang.wei"]
    assert names(rooms, reader, group_id=OFFICE) == ["li.na"]


@pytest.mark.parametrize(
    ("values", "state"),
    [
        ({}, AccountState.OPEN),
        ({"password_hash": None}, AccountState.INVITED),
        ({"password_hash": None, "kind": "public"}, AccountState.OPEN),
        ({"locked_until": timedelta(minutes=1)}, AccountState.PAUSED),
        ({"locked_until": timedelta(0)}, AccountState.OPEN),
        ({"active": False, "locked_until": timedelta(minutes=1)}, AccountState.LOCKED),
        ({"active": False, "left_at": timedelta(0)}, AccountState.LEFT),
    ],
)
def test_an_account_says_what_keeps_its_person_out(
    rooms: Rooms, reader: Actor, values: dict[str, object], state: AccountState, now: datetime
) -> None:
    moments = {name: now + v if isinstance(v, timedelta) else v for name, v in values.items()}
    change(rooms, "li.na", **{"active": True, **moments})
    with rooms.read() as session:
        found = people.person(
            session, rooms.data_keys, actor=reader, username="li.na", now=rooms.clock()
        )
    assert found.row.state is state
    assert names(rooms, reader, state=state, q="li.na") == ["li.na"]


def test_one_account_with_all_that_is_known_of_it(
    rooms: Rooms, reader: Actor, now: datetime
) -> None:
    tries = [
        {"key": n, "at": now - timedelta(minutes=n), "username": "li.na", "address": "10.0.0.1",
         "outcome": "wrong"}
        for n in range(1, 13)
    ]  # fmt: skip
    with rooms.write() as tools:
        tools.session.execute(insert(SignInAttempt), tries)
        personal_data.record(
            tools,
            username="li.na",
            kind=PersonalKind.MOBILE,
            text="13812345678",
            actor=SYSTEM,
            now=now,
        )
    with rooms.read() as session:
        found = people.person(
            session, rooms.data_keys, actor=reader, username="li.na", now=rooms.clock()
        )
    assert [group.id for group in found.groups] == [OFFICE]
    assert found.personal_data == {PersonalKind.MOBILE: "138****5678"}
    assert [one.at for one in found.tries] == [now - timedelta(minutes=n) for n in range(1, 11)]
    assert (found.link, found.tokens) == (None, 0)


@pytest.mark.parametrize("username", ["nobody", "a\0b", "", "x" * 500])
def test_nobody_is_found_who_is_not_there(rooms: Rooms, reader: Actor, username: str) -> None:
    with rooms.read() as session, pytest.raises(NotFound):
        people.person(session, rooms.data_keys, actor=reader, username=username, now=rooms.clock())
