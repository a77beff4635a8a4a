"""A house in which every address has something behind it, and one person of each role.

Nobody holds more than the role says, so a status tells what the role may do. The officer is in no
group: tasks and rights come by a post.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from service import app
from service.commands import (
    accounts,
    deputies,
    groups,
    password_links,
    personal_data,
    posts,
    rights,
    ties,
    units,
)
from service.commands.handlers import HandlerRegistry
from service.commands.rooms import Rooms
from service.domain.accounts import PUBLIC_APPLICANTS, PersonKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.domain.keys import KeySource
from service.domain.personal_data import PersonalKind
from service.domain.recusal import TieKind
from service.engine import Engine
from service.feel import FeelPool
from service.settings import Settings
from service.store.actors import AT, actor_of, with_groups
from service.store.tables import (
    AuthorizationGrant,
    Deputy,
    Person,
)
from tests.clocks import Clock
from tests.fixtures_commands import (
    Desk,
    Stage,
)
from tests.fixtures_store import CAST, PASSWORD_HASH
from tests.rights.cases import begin_cases, file_papers
from tests.rights.roles import (
    APPLICANT,
    CLOSED_REGISTERS,
    GIVEN,
    MOBILE,
    OF_THE_POST,
    OFFICER,
    OUTSIDER,
    POST_GROUP,
    ROLES,
    STAFF,
)
from tests.rights.running import begin_running
from tests.web.conftest import signed_in

SECRET = "a-secret-of-the-tests-alone-0123456789"


@dataclass(frozen=True, slots=True)
class World:
    """The running house; `objects` are the words that addresses of the table hold in braces."""

    rooms: Rooms
    web: Flask
    objects: Mapping[str, str]
    sessions: Mapping[str, str]
    database: Path
    copy: Path

    def restore(self) -> None:
        """Put the database back to how the world was made, or kept; nothing of a request stays."""
        _copied(self.kept if self.kept.exists() else self.copy, self.database)

    def keep(self) -> None:
        """Let what was changed be what `restore` goes back to, until `forget`."""
        _copied(self.database, self.kept)

    def forget(self) -> None:
        """Go back to how the world was made."""
        self.kept.unlink(missing_ok=True)
        self.restore()

    @property
    def kept(self) -> Path:
        """A copy of the world as a test has changed it; not there else."""
        return self.copy.with_name("kept.db")

    def actor(self, role: str) -> Actor:
        """The person as a request finds them now."""
        someone = ROLES[role]
        assert someone is not None
        person = select(Person.username, Person.display_name, Person.kind)
        statement = with_groups(person.where(Person.username == someone.username))
        with self.rooms.read() as session:
            rows = session.execute(statement, {AT: self.rooms.clock()}).all()
            return actor_of(session, rows, self.rooms.clock())


def _copied(of: Path, to: Path) -> None:
    with closing(sqlite3.connect(of)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


@contextmanager
def open_world(
    template: Path, folder: Path, feel: FeelPool, keys: KeySource, now: datetime
) -> Iterator[World]:
    """Make the world on a copy of an empty, migrated SQLite database."""
    database, copy = folder / "world.db", folder / "copy.db"
    database.write_bytes(template.read_bytes())
    settings = Settings(
        database_url=f"sqlite:///{database}", data_dir=folder, audit_key=SECRET,
        secret_key=SECRET, data_key=SECRET, https=False,
    )  # fmt: skip
    bureau, clock, desk = app.discover(), Clock(now), Desk()
    assembled = app.assemble(settings, bureau, clock=clock)
    handlers = HandlerRegistry()
    handlers.register("work", desk.work)
    rooms = replace(assembled, feel=feel, engine=Engine(feel), handlers=handlers, keys=keys)
    stage = Stage(rooms, clock, CAST)
    objects = _people(rooms, now) | begin_cases(stage, desk)
    objects |= file_papers(stage, objects)
    objects |= begin_running(stage, int(objects["task"]), int(objects["case"]))
    web = app.web_application(settings, bureau, rooms)
    sessions = {role: signed_in(rooms, actor) for role, actor in ROLES.items() if actor is not None}
    _copied(database, copy)
    yield World(rooms, web, objects, sessions, database, copy)
    rooms.database.dispose()


def _people(rooms: Rooms, now: datetime) -> dict[str, str]:
    with rooms.write() as tools:
        for actor in (*filter(None, ROLES.values()), Actor("chen.jie", "陈洁")):
            kind = PersonKind.PUBLIC if actor.public else PersonKind.STAFF
            accounts.create_person(
                tools,
                username=actor.username,
                display_name=actor.display_name,
                kind=kind,
                actor=SYSTEM,
                now=now,
            )
        open_accounts = [actor.username for actor in ROLES.values() if actor is not None]
        tools.session.execute(
            update(Person)
            .where(Person.username.in_(open_accounts))
            .values(password_hash=PASSWORD_HASH)
        )
        units.create_unit(
            tools, unit_id="bureau", name="市教育局", parent_id=None, actor=SYSTEM, now=now
        )
        units.create_unit(
            tools, unit_id="personnel", name="人事科", parent_id="bureau", actor=SYSTEM, now=now
        )
        held = posts.begin_post(
            tools,
            username=OFFICER.username,
            unit_id="personnel",
            title="干事",
            actor=SYSTEM,
            now=now,
        )
        for group_id, name in (("committee", "评审组"), (PUBLIC_APPLICANTS, "公众申请人")):
            groups.create_group(tools, group_id=group_id, name=name, actor=SYSTEM, now=now)
        groups.add_member(tools, group_id="committee", username="chen.jie", actor=SYSTEM, now=now)
        groups.join(
            tools, group_id=PUBLIC_APPLICANTS, username=OUTSIDER.username, actor=SYSTEM, now=now
        )
        for username, held_rights in GIVEN.items():
            for right in held_rights:
                rights.grant(
                    tools, Grant(GranteeKind.PERSON, username, ALL, *right), actor=SYSTEM, now=now
                )
        for right in OF_THE_POST:
            rights.grant(
                tools, Grant(GranteeKind.GROUP, POST_GROUP, ALL, *right), actor=SYSTEM, now=now
            )
        for register, grantee in CLOSED_REGISTERS.items():
            for action in Action:
                named = Grant(*grantee, register, ObjectKind.REGISTER, action)
                rights.grant(tools, named, actor=SYSTEM, now=now)
        starts = (ObjectKind.PROCEDURE, Action.ACT)
        for group_id in (PUBLIC_APPLICANTS, POST_GROUP):
            rights.grant(
                tools, Grant(GranteeKind.GROUP, group_id, ALL, *starts), actor=SYSTEM, now=now
            )
        applies = Grant(GranteeKind.PERSON, APPLICANT.username, ALL, *starts)
        rights.grant(tools, applies, actor=SYSTEM, now=now)
        personal_data.record(
            tools,
            username="chen.jie",
            kind=PersonalKind.MOBILE,
            text=MOBILE,
            actor=SYSTEM,
            now=now,
        )
        link = password_links.make(
            tools, username="chen.jie", expires_at=now + timedelta(days=1), actor=SYSTEM, now=now
        )
        deputies.appoint(
            tools, principal="chen.jie", deputy=STAFF.username, starts_at=now,
            ends_at=now + timedelta(days=9), actor=SYSTEM, now=now,
        )  # fmt: skip
        tie = ties.declare(
            tools,
            username=APPLICANT.username,
            other="chen.jie",
            kind=TieKind.SPOUSE,
            actor=APPLICANT,
            now=now,
        )
        grant = tools.session.scalars(select(AuthorizationGrant.key)).first()
        deputy = tools.session.scalars(select(Deputy.key)).one()
    return {
        "person": "chen.jie", "unit": "personnel", "post": str(held), "group": "committee",
        "grant": str(grant), "token": link.token, "deputy": str(deputy), "tie": str(tie),
        "personal": "mobile",
    }  # fmt: skip
