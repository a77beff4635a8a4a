"""One-time links: whoever has one gives the account its password, once, while it lasts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from service.commands import password_links, sign_in
from service.commands.accounts import AccountsForbidden, PersonNotFound
from service.commands.password_hashing import matches
from service.commands.password_links import LinkForClosedAccount, LinkForOutsider, NewLink
from service.commands.tokens import token_hash
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.password_links import LinkExpired, LinkPurpose, LinkUnknown, LinkUsed
from service.domain.passwords import PasswordUnfit
from service.store.tables import PasswordLink, Person, WebSession
from tests.commands.administering import administrator_of, events_about
from tests.fixtures_commands import Stage
from tests.fixtures_store import PASSWORD, PASSWORD_HASH

NEW = "青山遮不住-毕竟东流去"
VALID = timedelta(hours=72)


@pytest.fixture
def admin(stage: Stage) -> Actor:
    return administrator_of(stage.rooms, stage.clock.now)


def link(stage: Stage, actor: Actor, username: str = "li.na") -> NewLink:
    with stage.rooms.write() as tools:
        return password_links.make(
            tools,
            username=username,
            expires_at=stage.clock.now + VALID,
            actor=actor,
            now=stage.clock.now,
        )


def accept(stage: Stage, token: str, password: str = NEW) -> str:
    return password_links.accept(
        stage.rooms, token=token, password=password, address="10.1.2.3", now=stage.clock.now
    )


def password_hash(stage: Stage, username: str = "li.na") -> str | None:
    with stage.rooms.read() as session:
        return session.get_one(Person, username).password_hash


def without_password(stage: Stage, username: str = "li.na") -> None:
    with stage.rooms.write() as tools:
        its = update(Person).where(Person.username == username)
        tools.session.execute(its.values(password_hash=None))


def test_who_has_no_password_yet_is_invited(stage: Stage, admin: Actor) -> None:
    without_password(stage)
    made = link(stage, admin)
    assert (made.purpose, len(made.token)) == (LinkPurpose.INVITATION, 43)
    with stage.rooms.read() as session:
        offered = password_links.offered(session, token=made.token, now=stage.clock.now)
    assert (offered.username, offered.display_name) == ("li.na", "李娜")
    assert accept(stage, made.token) == "li.na"
    assert matches(password_hash(stage), NEW)


def test_the_store_holds_no_token(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)
    (row,) = stage.rows(PasswordLink)
    assert made.token not in str(row)
    assert row["token_hash"] == token_hash(made.token)
    assert made.token not in str(events_about(stage.rooms, "li.na"))


def test_until_a_reset_is_used_the_old_password_serves(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)
    assert made.purpose is LinkPurpose.RESET
    assert password_hash(stage) == PASSWORD_HASH
    accept(stage, made.token)
    assert not matches(password_hash(stage), PASSWORD)


def test_whoever_was_in_the_account_is_out(stage: Stage, admin: Actor) -> None:
    opened = {"token_hash": "x", "username": "li.na", "created_at": stage.clock.now}
    with stage.rooms.write() as tools:
        tools.session.execute(insert(WebSession), [{**opened, "seen_at": stage.clock.now}])
        locked = {"failed_sign_ins": 5, "locked_until": stage.clock.now + VALID}
        its = update(Person).where(Person.username == "li.na")
        tools.session.execute(its.values(**locked, must_change_password=True))
    accept(stage, link(stage, admin).token)
    assert stage.rows(WebSession) == []
    row = stage.row(Person, username="li.na")
    assert (row["locked_until"], row["must_change_password"]) == (None, False)
    signed_in = sign_in.sign_in(
        stage.rooms,
        username="li.na",
        password=NEW,
        address="10.1.2.3",
        now=stage.clock.now,
    )
    assert signed_in.username == "li.na"


def test_a_link_serves_once(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)
    accept(stage, made.token)
    with pytest.raises(LinkUsed, match="请直接登录"):
        accept(stage, made.token, "另一个很长的密码")
    assert matches(password_hash(stage), NEW)


def test_of_two_who_use_it_at_once_one_sets_the_password(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)

    def use(password: str) -> str | None:
        try:
            accept(stage, made.token, password)
        except JiaoyanError:
            return None
        return password

    with ThreadPoolExecutor(2) as both:
        used = [p for p in both.map(use, [NEW, "明月几时有-把酒问青天"]) if p is not None]
    assert len(used) == 1
    assert matches(password_hash(stage), used[0])


def test_the_newest_link_counts_alone(stage: Stage, admin: Actor) -> None:
    first, second = link(stage, admin), link(stage, admin)
    with pytest.raises(LinkUnknown):
        accept(stage, first.token)
    accept(stage, second.token)


def test_a_link_ends_with_its_time(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)
    stage.clock.forward(hours=72)
    with pytest.raises(LinkExpired, match="重新发一个链接"):
        accept(stage, made.token)


@pytest.mark.parametrize("token", ["", "x", "\udcff", "x" * 10_000])
def test_anything_else_is_no_link(stage: Stage, admin: Actor, token: str) -> None:
    link(stage, admin)
    with pytest.raises(LinkUnknown):
        accept(stage, token)


def test_an_easy_password_leaves_the_link_unused(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)
    with pytest.raises(PasswordUnfit):
        accept(stage, made.token, "1234567890")
    accept(stage, made.token)


def test_an_account_closed_meanwhile_takes_no_password(stage: Stage, admin: Actor) -> None:
    made = link(stage, admin)
    with stage.rooms.write() as tools:
        its = update(Person).where(Person.username == "li.na")
        tools.session.execute(its.values(active=False))
    with pytest.raises(LinkUnknown):
        accept(stage, made.token)
    with pytest.raises(LinkForClosedAccount):
        link(stage, admin)


def test_people_from_outside_have_no_link(stage: Stage, admin: Actor) -> None:
    with stage.rooms.write() as tools:
        its = update(Person).where(Person.username == "li.na")
        tools.session.execute(its.values(kind="public"))
    with pytest.raises(LinkForOutsider):
        link(stage, admin)


def test_a_link_is_made_by_an_administrator_for_a_person(stage: Stage, admin: Actor) -> None:
    with pytest.raises(AccountsForbidden):
        link(stage, stage.cast.stranger)
    with pytest.raises(PersonNotFound):
        link(stage, admin, "nobody")


def test_making_and_using_are_recorded(stage: Stage, admin: Actor) -> None:
    accept(stage, link(stage, admin).token)
    (who, kind, made), used = events_about(stage.rooms, "li.na")
    assert (who, kind, made["change"]) == ("guan.li", "account_changed", "password-link-reset")
    by, changed, details = used
    assert (by, changed, details["by"]) == ("li.na", "password_changed", "password-link-reset")
    assert details["seal"]
