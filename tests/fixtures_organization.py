"""An organisation for tests: a bureau, its office, a research centre, two districts.

`bureau`  the units, made by the real commands; nobody has a post yet
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from service.commands import post_groups, posts, units
from service.domain.actors import SYSTEM, Actor
from service.store.actors import AT, actor_of, with_groups
from service.store.database import Database
from service.store.post_groups import resolve
from service.store.tables import Person
from tests.fixtures_store import Cast, Write

UNITS = (
    ("bureau", "市教育局", None),
    ("personnel", "人事科", "bureau"),
    ("city", "市教研机构", "bureau"),
    ("haibowan", "海勃湾区教研室", "bureau"),
    ("haibowan-office", "办公室", "haibowan"),
    ("wuda", "乌达区教研室", "bureau"),
    ("wuda-office", "办公室", "wuda"),
)


@dataclass(frozen=True, slots=True)
class Bureau:
    """Short forms of the commands, each in a transaction of its own, as the system."""

    database: Database
    write: Write
    now: datetime

    def begin(
        self,
        username: str,
        unit_id: str,
        title: str = "教研员",
        labels: Iterable[str] = (),
        *,
        heads_unit: bool = False,
    ) -> int:
        with self.write() as tools:
            return posts.begin_post(
                tools,
                username=username,
                unit_id=unit_id,
                title=title,
                labels=labels,
                heads_unit=heads_unit,
                actor=SYSTEM,
                now=self.now,
            )

    def end(self, key: int) -> None:
        with self.write() as tools:
            posts.end_post(tools, key=key, actor=SYSTEM, now=self.now)

    def create(self, unit_id: str, name: str, parent_id: str | None = "bureau") -> None:
        with self.write() as tools:
            units.create_unit(
                tools,
                unit_id=unit_id,
                name=name,
                parent_id=parent_id,
                actor=SYSTEM,
                now=self.now,
            )

    def rename(self, unit_id: str, name: str) -> None:
        with self.write() as tools:
            units.change_unit(
                tools,
                unit_id=unit_id,
                name=name,
                kind="",
                position=0,
                actor=SYSTEM,
                now=self.now,
            )

    def move(self, unit_id: str, parent_id: str | None) -> None:
        with self.write() as tools:
            units.move_unit(tools, unit_id=unit_id, parent_id=parent_id, actor=SYSTEM, now=self.now)

    def close(self, unit_id: str) -> None:
        with self.write() as tools:
            units.close_unit(tools, unit_id=unit_id, actor=SYSTEM, now=self.now)

    def name_group(self, text: str) -> str:
        """Write the post group as a task that names it does; return its id."""
        with self.database.write() as session:
            resolved = resolve(session, [text])
            post_groups.write_fresh(session, resolved, self.now)
            return resolved.ids[text]


def actor_now(session: Session, username: str, now: datetime) -> Actor:
    """The person as a request of this moment finds them."""
    person = select(Person.username, Person.display_name, Person.kind)
    statement = with_groups(person.where(Person.username == username))
    rows = session.execute(statement, {AT: now}).all()
    return actor_of(session, rows, now)


@pytest.fixture
def bureau(database: Database, write: Write, cast: Cast, now: datetime) -> Bureau:
    made = Bureau(database, write, now)
    for unit_id, name, parent_id in UNITS:
        made.create(unit_id, name, parent_id)
    return made
