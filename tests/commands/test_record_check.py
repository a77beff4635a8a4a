"""What gives people power, or keeps them out, agrees with the record, unless made by hand."""

from datetime import datetime, timedelta
from typing import TypedDict

import pytest
from sqlalchemy import Delete, Insert, Update, delete, insert, select, update
from sqlalchemy.orm import Session

from service.commands import (
    account_states,
    accounts,
    api_tokens,
    deputies,
    password_links,
    posts,
    rights,
    sign_in,
    ties,
    units,
)
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.recusal import TieKind
from service.domain.soundness import Fault
from service.store import record_check
from service.store.base import Base
from service.store.tables import (
    ApiToken,
    Deputy,
    Membership,
    Person,
    PersonalTie,
    Post,
    PostGroup,
    PostGroupLabel,
    PostLabel,
)
from tests.commands.coming_in import come_in
from tests.fixtures_commands import Stage
from tests.fixtures_store import PASSWORD
from tests.recorded import record_cast
from tests.tampering import let_everything_be_written, other

NEW_PASSWORD = "青山遮不住-毕竟东流去"

NOT_TOLD: dict[type[Base], frozenset[str]] = {
    Person: frozenset(
        {"display_name", "sort_name", "failed_sign_ins", "locked_until", "created_at"}
        | {"must_change_password"}
    ),
    PostGroup: frozenset({"created_at"}),
    PersonalTie: frozenset({"other_name", "number_kind", "number_sealed", "note", "end_reason"}),
    ApiToken: frozenset({"name", "created_at"}),
}
"""What the record does not tell: see docs/store.md."""


TABLES = (
    *(Person, Membership, Post, PostLabel, PostGroup, PostGroupLabel),
    *(Deputy, PersonalTie, ApiToken),
)


class Act(TypedDict):
    """Who acts, and when."""

    actor: Actor
    now: datetime


@pytest.fixture
def house(stage: Stage) -> Stage:
    """Somebody who left, one who is locked, posts, deputies, ties and tokens, some of them over."""
    now = stage.clock.now
    week = timedelta(days=7)
    with stage.rooms.write() as tools:
        record_cast(tools, now)
        act: Act = {"actor": SYSTEM, "now": now}
        for username in ("gone", "back", "locked"):
            accounts.create_person(
                tools, username=username, display_name="某人", password=PASSWORD, **act
            )
        units.create_unit(tools, unit_id="city", name="市教研机构", **act)
        changed = posts.begin_post(
            tools, username="li.na", unit_id="city", title="教研员", labels=["数学"], **act
        )
        posts.change_post(
            tools, key=changed, title="教研员", labels=["数学", "小学"], heads_unit=True, **act
        )
        posts.begin_post(tools, username="gone", unit_id="city", title="科员", **act)
        mathematics = Grant(
            GranteeKind.GROUP, "教研员 · 数学 @ city", "*", ObjectKind.CASE, Action.READ
        )
        rights.grant(tools, mathematics, **act)
        _, dismissed = (
            deputies.appoint(
                tools,
                principal="li.na",
                deputy="wang.wei",
                starts_at=now,
                ends_at=now + week,
                process_ids=[process_id],
                **act,
            )
            for process_id in ("review", "errand")
        )
        deputies.dismiss(tools, key=dismissed, **act)
        ties.declare(tools, username="li.na", other="wang.wei", kind=TieKind.SPOUSE, **act)
        over = ties.declare(tools, username="gone", other="back", kind=TieKind.SPOUSE, **act)
        ties.end(tools, key=over, why="登记有误", **act)
        api_tokens.create_token(tools, username="li.na", name="报表", expires_at=now + week, **act)
        for username in ("gone", "back"):
            api_tokens.create_token(tools, username=username, name="报表", **act)
            account_states.leave(tools, username=username, **act)
        account_states.reactivate(tools, username="back", **act)
        account_states.lock(tools, username="locked", reason="长期不在岗", **act)
    return stage


def faults(session: Session) -> set[Fault]:
    return {finding.fault for finding in record_check.verify(session)}


def tampered(session: Session, statement: Update | Delete | Insert) -> set[Fault]:
    """What is found after this; it is undone again."""
    with session.begin_nested() as savepoint:
        session.execute(statement)
        found = faults(session)
        savepoint.rollback()
    return found


def test_what_the_commands_make_agrees_with_the_record(house: Stage) -> None:
    with house.rooms.read() as session:
        assert record_check.verify(session) == []
        assert all(session.execute(select(one)).first() is not None for one in TABLES)


def test_passwords_that_their_owners_give_agree_too(house: Stage) -> None:
    now = house.clock.now
    with house.rooms.write() as tools:
        link = password_links.make(
            tools, username="back", expires_at=now + timedelta(days=1), actor=SYSTEM, now=now
        )
    password_links.accept(
        house.rooms, token=link.token, password=PASSWORD, address="10.0.0.1", now=now
    )
    # The cast's hash has weak parameters: signing in makes it anew.
    signed_in = sign_in.sign_in(
        house.rooms, username="li.na", password=PASSWORD, address="10.0.0.1", now=now
    )
    sign_in.change_password(
        house.rooms,
        username="li.na",
        current=PASSWORD,
        new=NEW_PASSWORD,
        token=signed_in.token,
        address="10.0.0.1",
        now=now,
    )
    with house.rooms.read() as session:
        assert record_check.verify(session) == []


def test_who_comes_from_outside_is_recorded_with_their_group(house: Stage) -> None:
    come_in(house)
    with house.rooms.read() as session:
        assert record_check.verify(session) == []


@pytest.mark.parametrize("entity", TABLES)
def test_each_column_of_each_row_tells_when_it_was_changed(
    house: Stage, entity: type[Base]
) -> None:
    columns = [
        column
        for column in entity.__table__.columns
        if column.name not in NOT_TOLD.get(entity, frozenset())
    ]
    with house.rooms.write() as tools:
        session = tools.session
        let_everything_be_written(session)
        for row in session.execute(select(entity.__table__)).mappings().all():
            its = [key == row[key.name] for key in entity.__table__.primary_key]
            for column in columns:
                changed = {column.name: other(column, row[column.name])}
                assert tampered(session, update(entity).where(*its).values(changed)), (row, changed)
        assert record_check.verify(session) == []


@pytest.mark.parametrize("entity", [one for one in TABLES if one is not PostGroup])
def test_each_row_tells_when_it_was_removed(house: Stage, entity: type[Base]) -> None:
    """But a post group's: it is written again when a task names it."""
    with house.rooms.write() as tools:
        let_everything_be_written(tools.session)
        for row in tools.session.execute(select(entity.__table__)).mappings().all():
            its = [key == row[key.name] for key in entity.__table__.primary_key]
            assert tampered(tools.session, delete(entity).where(*its)), row


def test_a_post_and_an_account_made_by_hand_are_found(house: Stage) -> None:
    post = {
        "key": 1, "username": "wang.wei", "unit_id": "city", "title": "教研员", "scope": "数学",
        "heads_unit": False, "begun_at": house.clock.now, "begun_by": "system",
    }  # fmt: skip
    person = {
        "username": "nobody", "display_name": "无名", "sort_name": "", "active": True,
        "failed_sign_ins": 0, "created_at": house.clock.now,
    }  # fmt: skip
    with house.rooms.write() as tools:
        assert tampered(tools.session, insert(Post).values(post)) == {Fault.NOT_RECORDED}
        assert tampered(tools.session, insert(Person).values(person)) == {Fault.NOT_RECORDED}
        wider = delete(PostGroupLabel).where(PostGroupLabel.label == "数学")
        assert tampered(tools.session, wider) == {Fault.NOT_AS_NAMED}
