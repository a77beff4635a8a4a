"""The bureau put together, its sample people in the store, and who may read the register."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from tests.databases import EmptiedDatabase, ReplacedFile, kept_database
from tests.fixtures_store import OFFICE, PASSWORD_HASH, Cast
from tests.processes.desk import Clock, Desk
from tests.processes.stages import Stages

GrantRight = Callable[[str, str, ObjectKind, Action], None]
SECRET = "a-secret-of-the-tests-alone-0123456789"
MOMENT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


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


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages(tmp_path_factory.mktemp("stages"))


@dataclass(frozen=True, slots=True)
class SettledBureau:
    """The sample people and the shipped files, kept to be copied, and what was parsed of these."""

    bring: Callable[[], None]
    models: ModelCache
    path: Path | None = None
    """The file, where there is one."""


@pytest.fixture(scope="session")
def settled_sqlite(
    sqlite_template: Path,
    sqlite_file: ReplacedFile,
    feel: FeelPool,
    tmp_path_factory: pytest.TempPathFactory,
) -> SettledBureau:
    """Settled once in a test run, in a file of its own."""
    path = tmp_path_factory.mktemp("settled") / "bureau.db"
    shutil.copyfile(sqlite_template, path)
    models = _settle(f"sqlite:///{path}", feel, path.parent)
    return SettledBureau(lambda: sqlite_file.fill(path), models, path)


@pytest.fixture(scope="session")
def settled_postgresql(
    postgresql_database: EmptiedDatabase, feel: FeelPool, tmp_path_factory: pytest.TempPathFactory
) -> SettledBureau:
    """Settled once in a test run, before the first test that is to find it; then kept aside."""
    models = _settle(postgresql_database.url, feel, tmp_path_factory.mktemp("settled"))
    postgresql_database.keep_rows()
    postgresql_database.clean()
    return SettledBureau(postgresql_database.bring_rows, models)


def _settle(url: str, feel: FeelPool, folder: Path) -> ModelCache:
    settings = Settings(database_url=url, data_dir=folder, audit_key=SECRET, secret_key=SECRET)
    with open_desk(settings, feel, MOMENT) as desk:
        return desk.rooms.models


@contextmanager
def open_desk(
    settings: Settings,
    feel: FeelPool,
    now: datetime,
    request: pytest.FixtureRequest | None = None,
) -> Iterator[Desk]:
    """Give the rooms, shipped files deployed and sample people settled, on a clock of their own.

    With the `request` of a test whose database of either kind is empty, its rows are copied from a
    bureau that was settled once at the same moment under the same key; else they are made.
    """
    settled = _settled(request, settings, now) if request is not None else None
    with open_house(settings, feel, now) as house:
        if settled is not None:
            yield replace(house, rooms=replace(house.rooms, models=settled.models))
            return
        with house.rooms.database.write() as session:
            settle_sample_people(session, house.rooms.keys, now)
        app.deploy_on_empty(house.rooms)
        yield house


def _settled(
    request: pytest.FixtureRequest, settings: Settings, now: datetime
) -> SettledBureau | None:
    database = kept_database(settings.database_url)
    with database.read() as session:
        empty = session.scalars(select(Person.username).limit(1)).first() is None
    if (empty, settings.audit_key, now) != (True, SECRET, MOMENT):
        return None
    settled: SettledBureau = request.getfixturevalue(f"settled_{database.dialect}")
    settled.bring()
    return settled


@contextmanager
def open_copy(settled: SettledBureau, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    """Give a bureau that was settled, as a file of its own: for many tests of one module."""
    assert settled.path is not None
    copy = Path(shutil.copyfile(settled.path, folder / "jiaoyan.db"))
    settings = Settings(
        database_url=f"sqlite:///{copy}", data_dir=folder, audit_key=SECRET, secret_key=SECRET,
        https=False,
    )  # fmt: skip
    with open_house(settings, feel, MOMENT) as house:
        yield replace(house, rooms=replace(house.rooms, models=settled.models))


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
