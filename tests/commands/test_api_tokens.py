"""Tokens with which programs act for a person."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from service.commands.accounts import AccountsForbidden, PersonNotFound
from service.commands.api_tokens import (
    NewToken,
    TokenNameInvalid,
    TokenNotFound,
    TokenOver,
    create_token,
    revoke_token,
    token_actor,
)
from service.domain.actors import SYSTEM, Actor
from service.store.database import Database
from service.store.tables import ApiToken
from tests.fixtures_store import CAST, OFFICE, Cast, CountStatements, Write


@pytest.fixture
def token(database: Database, cast: Cast, write: Write, now: datetime) -> NewToken:
    """The officer's."""
    with write() as tools:
        return create_token(
            tools,
            username="li.na",
            name="夜间报表",
            actor=cast.officer,
            now=now,
            expires_at=now + timedelta(days=1),
        )


def actor_of(database: Database, plain: str, at: datetime) -> Actor | None:
    with database.read() as session:
        return token_actor(session, token=plain, now=at)


def test_it_speaks_for_its_person(database: Database, token: NewToken, now: datetime) -> None:
    assert actor_of(database, token.plain, now) == Actor("li.na", "李娜", frozenset({OFFICE}))


def test_that_takes_one_statement(
    database: Database, token: NewToken, now: datetime, count_statements: CountStatements
) -> None:
    with count_statements() as statements:
        actor_of(database, token.plain, now)
    assert len(statements) == 1


def test_only_its_hash_is_kept(database: Database, token: NewToken) -> None:
    with database.read() as session:
        row = session.execute(select(ApiToken)).scalar_one()
    assert token.plain not in {row.token_hash, row.name}
    assert len(token.plain) >= 43


def test_it_ends_when_it_was_to(database: Database, token: NewToken, now: datetime) -> None:
    assert actor_of(database, token.plain, now + timedelta(hours=23)) is not None
    assert actor_of(database, token.plain, now + timedelta(days=1)) is None


def test_one_without_an_end_stays(
    database: Database, cast: Cast, write: Write, now: datetime
) -> None:
    with write() as tools:
        made = create_token(tools, username="li.na", name="长期", actor=SYSTEM, now=now)
    assert actor_of(database, made.plain, now + timedelta(days=999)) is not None


@pytest.mark.parametrize("who", [CAST.officer, SYSTEM], ids=["owner", "administrator"])
def test_revoked_it_is_worthless_at_once(
    database: Database, write: Write, token: NewToken, now: datetime, who: Actor
) -> None:
    with write() as tools:
        revoke_token(tools, key=token.key, actor=who, now=now)
    assert actor_of(database, token.plain, now) is None


def test_a_stranger_neither_makes_nor_revokes_it(
    database: Database, token: NewToken, write: Write, now: datetime
) -> None:
    stranger = CAST.stranger
    with write() as tools:
        with pytest.raises(AccountsForbidden):
            create_token(tools, username="li.na", name="x", actor=stranger, now=now)
        with pytest.raises(AccountsForbidden):
            revoke_token(tools, key=token.key, actor=stranger, now=now)
        with pytest.raises(TokenNotFound):
            revoke_token(tools, key=token.key + 1, actor=stranger, now=now)
    assert actor_of(database, token.plain, now) is not None


def test_it_needs_a_person_a_purpose_and_a_future(
    database: Database, cast: Cast, write: Write, now: datetime
) -> None:
    with write() as tools:
        with pytest.raises(PersonNotFound):
            create_token(tools, username="nobody", name="x", actor=SYSTEM, now=now)
        with pytest.raises(TokenNameInvalid):
            create_token(tools, username="li.na", name=" ", actor=SYSTEM, now=now)
        with pytest.raises(TokenOver):
            create_token(tools, username="li.na", name="x", actor=SYSTEM, now=now, expires_at=now)


@pytest.mark.parametrize("text", ["", "jiaoyan_", "\ud800", "x" * 100_000])
def test_no_other_text_is_a_token(
    database: Database, token: NewToken, now: datetime, text: str
) -> None:
    assert actor_of(database, text, now) is None
