"""The bureau put together, its sample people in the store, and who may read the register."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from processes.registers.tables import QUALIFICATIONS
from processes.sample import sample
from service import app
from service.commands.models import ModelCache
from service.commands.post_groups import write_fresh
from service.domain.actors import Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.keys import KeySource
from service.domain.organization import is_post_group
from service.engine import Engine
from service.feel import FeelPool
from service.settings import Settings
from service.store.calendars import calendar_of
from service.store.database import Database
from service.store.post_groups import resolve
from service.store.tables import (
    AuthorizationGrant,
    CandidateGroup,
    Membership,
    OrganizationUnit,
    Person,
    Post,
)
from tests.fixtures_store import OFFICE, PASSWORD_HASH, Cast
from tests.processes.desk import Clock, Desk

GrantRight = Callable[[str, str, ObjectKind, Action], None]
SECRET = "a-secret-of-the-tests-alone-0123456789"


@pytest.fixture
def grant_right(database: Database, keys: KeySource, now: datetime) -> GrantRight:
    """Give a group a right: group, process or register, object, action."""

    def give(group: str, on: str, object: ObjectKind, action: Action) -> None:
        with database.write() as session:
            give_right(session, keys.next(), (group, on, object, action), now)

    return give


@pytest.fixture
def reader(cast: Cast, grant_right: GrantRight) -> Actor:
    """The officer, with the right to read the register."""
    grant_right(OFFICE, QUALIFICATIONS, ObjectKind.REGISTER, Action.READ)
    return cast.officer


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Where the bureau of a test lies."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path,
        audit_key=SECRET,
        secret_key=SECRET,
        https=False,
    )


@pytest.fixture
def desk(
    request: pytest.FixtureRequest, settings: Settings, feel: FeelPool, now: datetime
) -> Iterator[Desk]:
    with open_desk(settings, feel, now, request) as desk:
        yield desk


@dataclass(frozen=True, slots=True)
class SettledBureau:
    """A SQLite file with the sample people and the shipped files, and what was parsed of these."""

    path: Path
    models: ModelCache


@pytest.fixture(scope="session")
def settled_bureau(
    sqlite_template: Path, feel: FeelPool, tmp_path_factory: pytest.TempPathFactory
) -> SettledBureau:
    """Made once in a test run: a module whose `database_url` is `settled_url` copies it."""
    folder = tmp_path_factory.mktemp("settled")
    path = folder / "bureau.db"
    shutil.copyfile(sqlite_template, path)
    settings = Settings(
        database_url=f"sqlite:///{path}", data_dir=folder, audit_key=SECRET, secret_key=SECRET
    )
    with open_desk(settings, feel, datetime(2026, 3, 2, 1, 30, tzinfo=UTC)) as desk:
        models = desk.rooms.models
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return SettledBureau(path, models)


def settled_url(request: pytest.FixtureRequest) -> str:
    """Give the address of a SQLite database in which the bureau is settled."""
    settled: SettledBureau = request.getfixturevalue("settled_bureau")
    copy: Path = request.getfixturevalue("tmp_path") / "jiaoyan.db"
    shutil.copyfile(settled.path, copy)
    return f"sqlite:///{copy}"


@contextmanager
def open_desk(
    settings: Settings,
    feel: FeelPool,
    now: datetime,
    request: pytest.FixtureRequest | None = None,
) -> Iterator[Desk]:
    """Give the rooms, shipped files deployed and sample people settled, on a clock of their own.

    A database that is settled already is taken as it is, with what `request` knows to be parsed.
    """
    with open_house(settings, feel, now) as house:
        if request is not None and _is_settled(house.rooms.database):
            settled: SettledBureau = request.getfixturevalue("settled_bureau")
            yield replace(house, rooms=replace(house.rooms, models=settled.models))
            return
        with house.rooms.database.write() as session:
            settle_sample_people(session, house.rooms.keys, now)
        app.deploy_on_empty(house.rooms)
        yield house


def _is_settled(database: Database) -> bool:
    with database.read() as session:
        return session.scalars(select(OrganizationUnit.id).limit(1)).first() is not None


@contextmanager
def open_house(settings: Settings, feel: FeelPool, now: datetime) -> Iterator[Desk]:
    """Give the rooms of the bureau with nobody and nothing in them, on a clock of their own."""
    clock = Clock(now)
    own = app.assemble(settings, app.discover(), clock=clock)
    counting = feel.with_calendar(partial(calendar_of, own.database))
    yield Desk(replace(own, feel=counting, engine=Engine(counting)), clock)
    own.database.dispose()


def settle_sample_people(session: Session, keys: KeySource, now: datetime) -> None:
    """Put the sample people into the store, with the tests' password, which costs no time."""
    people = [
        {
            "username": account.username,
            "display_name": account.display_name,
            "sort_name": account.username,
            "password_hash": PASSWORD_HASH,
            "active": True,
            "failed_sign_ins": 0,
            "locked_until": None,
            "created_at": now,
        }
        for account in sample.accounts
    ]
    members = [
        {"group_id": group, "username": account.username}
        for account in sample.accounts
        for group in account.groups
    ]
    groups = [{"id": group.id, "name": group.name} for group in sample.groups]
    session.execute(insert(Person), people)
    settle_posts(session, keys, now)
    session.execute(insert(CandidateGroup), groups)
    session.execute(insert(Membership), members)
    resolved = resolve(session, filter(is_post_group, {right.group for right in sample.rights}))
    write_fresh(session, resolved, now)
    for right in sample.rights:
        group = resolved.ids.get(right.group, right.group)
        give_right(session, keys.next(), (group, right.on, right.object, right.action), now)


def settle_posts(session: Session, keys: KeySource, now: datetime) -> None:
    """Put the units into the store, and the posts of those who have an account."""
    units = [
        {
            "id": unit.id,
            "name": unit.name,
            "sort_name": unit.id,
            "kind": unit.kind,
            "position": unit.position,
            "parent_id": unit.parent or None,
            "created_at": now,
        }
        for unit in sample.organization.units
    ]
    accounts = {account.username for account in sample.accounts}
    posts = [
        {
            "key": keys.next(),
            "username": post.username,
            "unit_id": post.unit,
            "title": post.title,
            "scope": " · ".join(post.labels),
            "heads_unit": post.heads_unit,
            "begun_at": now,
            "begun_by": "system",
        }
        for post in sample.organization.posts
        if post.username in accounts
    ]
    session.execute(insert(OrganizationUnit), units)
    session.execute(insert(Post), posts)


def give_right(
    session: Session, key: int, right: tuple[str, str, ObjectKind, Action], now: datetime
) -> None:
    """Give a group a right: group, process or register, object, action."""
    group, on, kind, action = right
    row = {
        "key": key,
        "grantee_kind": "group",
        "grantee": group,
        "process_id": on,
        "object": kind,
        "action": action,
        "granted_at": now,
        "granted_by": "admin",
    }
    session.execute(insert(AuthorizationGrant), [row])
