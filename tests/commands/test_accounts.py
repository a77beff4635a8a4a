"""Making accounts, giving passwords, names, groups and rights."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from service.commands import accounts, groups, rights, sign_in
from service.commands.password_hashing import matches
from service.commands.tokens import token_hash
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.passwords import DEMONSTRATION, PasswordUnfit
from service.store.authorization import holds
from service.store.database import Database
from service.store.tables import CandidateGroup, Person, WebSession
from tests.fixtures_store import OFFICE, PASSWORD_HASH, Book, Cast, Write

PASSWORD = "青山遮不住-毕竟东流去"


def create(tools: Book, now: datetime, username: str = "chen.jing", **more: object) -> None:
    fields = {"display_name": "陈静", "password": None, "actor": SYSTEM, **more}
    accounts.create_person(tools, username=username, now=now, **fields)  # type: ignore[arg-type]


def person(database: Database, username: str) -> Person:
    with database.read() as session:
        return session.get_one(Person, username)


def browser(session: Session, username: str, now: datetime) -> str:
    """A session in some browser, signed in a moment ago."""
    token = f"token of {username}"
    session.execute(
        insert(WebSession).values(
            token_hash=token_hash(token), username=username, created_at=now, seen_at=now
        )
    )
    return token


def test_an_empty_database_knows_nobody(write: Write, now: datetime) -> None:
    with write() as tools:
        assert not accounts.anybody(tools.session)
        create(tools, now)
        assert accounts.anybody(tools.session)


def test_a_new_account_has_its_password_as_a_hash_only(
    database: Database, write: Write, now: datetime
) -> None:
    with write() as tools:
        create(tools, now, password=PASSWORD)
    made = person(database, "chen.jing")
    assert (made.display_name, made.active) == ("陈静", True)
    assert made.password_hash is not None
    assert PASSWORD not in made.password_hash
    assert matches(made.password_hash, PASSWORD)


def test_two_people_never_share_a_name(write: Write, cast: Cast, now: datetime) -> None:
    with write() as tools, pytest.raises(accounts.UsernameTaken, match="已经有人使用"):
        create(tools, now, "zhang.min")


def test_of_two_who_take_a_name_at_once_one_is_refused(
    write: Write, cast: Cast, now: datetime
) -> None:
    ready = Barrier(2)

    def make(name: str) -> bool:
        ready.wait()
        try:
            with write() as tools:
                create(tools, now, "he.li", display_name=name)
        except accounts.UsernameTaken:
            return False
        return True

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(make, ["何丽", "何莉"])) == [False, True]


@pytest.mark.parametrize("username", ["", "a b", "../../etc", "<b>x</b>", "system", "x" * 65])
def test_an_odd_user_name_is_refused(write: Write, now: datetime, username: str) -> None:
    with write() as tools, pytest.raises(accounts.UsernameInvalid):
        create(tools, now, username)


@pytest.mark.parametrize("name", ["", "  ", "陈\n静", "静" * 101, "a\0b"])
def test_an_odd_name_is_refused(write: Write, now: datetime, name: str) -> None:
    with write() as tools, pytest.raises(accounts.DisplayNameInvalid):
        create(tools, now, display_name=name)


def test_an_easy_password_is_refused(write: Write, now: datetime) -> None:
    with write() as tools, pytest.raises(PasswordUnfit):
        create(tools, now, password="1234567890")


def test_the_demonstrations_password_is_for_its_seeding_alone(
    write: Write, cast: Cast, now: datetime
) -> None:
    with write() as tools:
        with pytest.raises(PasswordUnfit):
            accounts.set_password(
                tools, username="li.na", password=DEMONSTRATION, actor=SYSTEM, now=now
            )
        accounts.set_password(
            tools,
            username="li.na",
            password=DEMONSTRATION,
            actor=SYSTEM,
            now=now,
            demonstration=True,
        )


def test_another_password_signs_out_and_unlocks(
    database: Database, write: Write, cast: Cast, now: datetime
) -> None:
    with write() as tools:
        token = browser(tools.session, "zhang.min", now)
        tools.session.get_one(Person, "zhang.min").locked_until = now
    with write() as tools:
        accounts.set_password(tools, username="zhang.min", password=PASSWORD, actor=SYSTEM, now=now)
    with database.read() as session:
        assert sign_in.session_actor(session, token=token, now=now) is None
    changed = person(database, "zhang.min")
    assert (changed.locked_until, changed.failed_sign_ins) == (None, 0)
    assert changed.password_hash != PASSWORD_HASH


def test_a_renamed_person_is_sorted_by_the_new_name(
    database: Database, write: Write, cast: Cast, now: datetime
) -> None:
    before = person(database, "zhang.min").sort_name
    with write() as tools:
        accounts.rename_person(
            tools, username="zhang.min", display_name="白敏", actor=SYSTEM, now=now
        )
    after = person(database, "zhang.min")
    assert (after.display_name, after.sort_name != before) == ("白敏", True)


def test_nobody_can_be_changed_who_is_not_there(write: Write, now: datetime) -> None:
    with write() as tools, pytest.raises(accounts.PersonNotFound, match="nobody"):
        accounts.rename_person(tools, username="nobody", display_name="x", actor=SYSTEM, now=now)


def test_a_member_comes_and_goes(write: Write, cast: Cast, now: datetime) -> None:
    with write() as tools:
        token = browser(tools.session, "zhang.min", now)
        for _ in range(2):
            groups.add_member(tools, group_id=OFFICE, username="zhang.min", actor=SYSTEM, now=now)
        joined = sign_in.session_actor(tools.session, token=token, now=now)
        for _ in range(2):
            groups.remove_member(
                tools, group_id=OFFICE, username="zhang.min", actor=SYSTEM, now=now
            )
        left = sign_in.session_actor(tools.session, token=token, now=now)
    assert joined is not None
    assert left is not None
    assert (joined.actor.groups, left.actor.groups) == (frozenset({OFFICE}), frozenset())


def test_a_group_that_is_there_gets_the_new_name(
    database: Database, write: Write, cast: Cast, now: datetime
) -> None:
    with write() as tools:
        groups.create_group(tools, group_id=OFFICE, name="组织人事科", actor=SYSTEM, now=now)
    with database.read() as session:
        names = [group.name for group in session.query(CandidateGroup)]
    assert names == ["组织人事科"]


def test_a_group_needs_a_sound_id_and_a_name(write: Write, now: datetime) -> None:
    with write() as tools, pytest.raises(groups.GroupInvalid):
        groups.create_group(tools, group_id="a b", name="人事科", actor=SYSTEM, now=now)


def test_nobody_joins_a_group_that_is_not_there(write: Write, cast: Cast, now: datetime) -> None:
    with write() as tools, pytest.raises(groups.GroupNotFound, match="nowhere"):
        groups.add_member(tools, group_id="nowhere", username="zhang.min", actor=SYSTEM, now=now)


CASES = Grant(GranteeKind.GROUP, OFFICE, "admission", ObjectKind.CASE, Action.READ)


def test_a_right_is_given_once_and_taken_back(write: Write, cast: Cast, now: datetime) -> None:
    question = (cast.officer, ObjectKind.CASE, Action.READ, "admission")
    with write() as tools:
        for _ in range(2):
            rights.grant(tools, CASES, actor=SYSTEM, now=now)
        assert holds(tools.session, *question)
        rights.revoke(tools, CASES, actor=SYSTEM, now=now)
        assert not holds(tools.session, *question)


@pytest.mark.parametrize(
    "right",
    [
        Grant(GranteeKind.PERSON, "nobody", "*", ObjectKind.CASE, Action.READ),
        Grant(GranteeKind.GROUP, "nowhere", "*", ObjectKind.CASE, Action.READ),
        Grant(GranteeKind.EVERYONE, "li.na", "*", ObjectKind.CASE, Action.READ),
        Grant(GranteeKind.EVERYONE, "*", " ", ObjectKind.CASE, Action.READ),
    ],
)
def test_a_right_that_means_nobody_is_refused(
    write: Write, cast: Cast, now: datetime, right: Grant
) -> None:
    refused = (rights.GrantInvalid, accounts.PersonNotFound, groups.GroupNotFound)
    with write() as tools, pytest.raises(refused):
        rights.grant(tools, right, actor=SYSTEM, now=now)


class TestWithoutTheRight:
    """Each command, by somebody who may not administer accounts, leaves all as it was."""

    def test_people_and_passwords(self, write: Write, cast: Cast, now: datetime) -> None:
        with write() as tools:
            with pytest.raises(accounts.AccountsForbidden):
                create(tools, now, actor=cast.stranger)
            with pytest.raises(accounts.AccountsForbidden):
                accounts.set_password(
                    tools, username="li.na", password=PASSWORD, actor=cast.stranger, now=now
                )
            with pytest.raises(accounts.AccountsForbidden):
                accounts.rename_person(
                    tools, username="li.na", display_name="x", actor=cast.stranger, now=now
                )

    def test_groups_and_rights(self, write: Write, cast: Cast, now: datetime) -> None:
        who: Actor = cast.stranger
        with write() as tools:
            with pytest.raises(accounts.AccountsForbidden):
                groups.create_group(tools, group_id="mine", name="x", actor=who, now=now)
            with pytest.raises(accounts.AccountsForbidden):
                groups.add_member(tools, group_id=OFFICE, username=who.username, actor=who, now=now)
            with pytest.raises(accounts.AccountsForbidden):
                groups.remove_member(tools, group_id=OFFICE, username="li.na", actor=who, now=now)
            with pytest.raises(accounts.AccountsForbidden):
                rights.grant(tools, CASES, actor=who, now=now)
            with pytest.raises(accounts.AccountsForbidden):
                rights.revoke(tools, CASES, actor=who, now=now)


def test_an_administrator_of_accounts_may(write: Write, cast: Cast, now: datetime) -> None:
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.ACT)
    with write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=now)
        create(tools, now, actor=cast.stranger)
        assert tools.session.get(Person, "chen.jing") is not None
