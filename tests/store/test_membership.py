"""Who is in which group, by name and by post: asked in SQL as the rule says it in Python."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from random import Random

import pytest
from sqlalchemy import insert, literal, select, text
from sqlalchemy.orm import Session

from service.commands import sign_in
from service.commands.tokens import token_hash
from service.domain.accounts import ABSOLUTE, IDLE
from service.domain.organization import HEAD, PostGroup
from service.store.database import Database
from service.store.holders import anybody_behind
from service.store.membership import groups_of, groups_of_each, members_of_any
from service.store.tables import (
    OrganizationUnit,
    Person,
    Post,
    PostGroupLabel,
    PostLabel,
    WebSession,
)
from service.store.tables import PostGroup as PostGroupRow
from tests.fixtures_organization import actor_now
from tests.fixtures_store import OFFICE, Cast, Statements

UNITS = ("bureau", "city", "county")
TITLES = ("教研员", "科长")
LABELS = ("数学", "语文", "小学")


@dataclass(frozen=True, slots=True)
class Seat:
    """A post as the rule reads it."""

    username: str
    title: str
    labels: tuple[str, ...]
    unit: str
    heads_unit: bool
    ended: bool = False

    def is_in(self, group: PostGroup) -> bool:
        if self.ended:
            return False
        return group.fits(
            title=self.title, labels=self.labels, unit=self.unit, heads_unit=self.heads_unit
        )


def add_units(session: Session, now: datetime, ids: tuple[str, ...] = UNITS) -> None:
    row = {"sort_name": "", "kind": "", "position": 0, "created_at": now}
    session.execute(insert(OrganizationUnit), [{"id": one, "name": one, **row} for one in ids])


def add_seats(session: Session, now: datetime, seats: list[Seat]) -> None:
    for key, seat in enumerate(seats, 1):
        session.add(
            Post(
                key=key,
                username=seat.username,
                unit_id=seat.unit,
                title=seat.title,
                scope=" · ".join(seat.labels),
                heads_unit=seat.heads_unit,
                begun_at=now,
                begun_by="admin",
                ended_at=now if seat.ended else None,
                ended_by=None,
            )
        )
        session.flush()
        session.add_all(PostLabel(post_key=key, label=label) for label in seat.labels)
    session.flush()


def add_groups(session: Session, now: datetime, groups: list[PostGroup]) -> None:
    for group in groups:
        row = PostGroupRow(id=group.text, title=group.title, unit_id=group.unit, created_at=now)
        session.add(row)
        session.flush()
        session.add_all(PostGroupLabel(group_id=group.text, label=one) for one in group.labels)
    session.flush()


def random_seats(random: Random, people: list[str]) -> list[Seat]:
    heads: set[str] = set()
    seats: dict[object, Seat] = {}
    for _ in range(random.randint(0, 8)):
        unit, ended = random.choice(UNITS), random.random() < 0.2
        heads_unit = unit not in heads and random.random() < 0.3
        labels = tuple(sorted(random.sample(LABELS, random.randint(0, 3))))
        seat = Seat(random.choice(people), random.choice(TITLES), labels, unit, heads_unit, ended)
        if heads_unit and not ended:
            heads.add(unit)
        seats[seat.username, seat.title, labels, unit] = seat
    return list(seats.values())


def random_groups(random: Random) -> list[PostGroup]:
    groups = {}
    for _ in range(8):
        title = random.choice(("", HEAD, *TITLES))
        labels = tuple(sorted(random.sample(LABELS, random.randint(0, 2))))
        group = PostGroup(title, labels, random.choice((None, *UNITS)))
        if title or labels or group.unit:
            groups[group.text] = group
    return list(groups.values())


@pytest.mark.parametrize("seed", range(8))
def test_posts_are_asked_as_the_rule_says(
    database: Database, cast: Cast, now: datetime, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - the same worlds each time
    people = [actor.username for actor in cast]
    seats, groups = random_seats(random, people), random_groups(random)
    with database.write() as session:
        add_units(session, now)
        add_seats(session, now, seats)
        add_groups(session, now, groups)

    expected = {
        (person, group.text)
        for person in people
        for group in groups
        if any(seat.username == person and seat.is_in(group) for seat in seats)
    }
    listed = {("li.na", OFFICE)}
    with database.read() as session:
        assert set(map(tuple, session.execute(groups_of_each(people)))) == expected | listed
        for person in people:
            mine = {group for who, group in expected | listed if who == person}
            assert set(session.scalars(groups_of(literal(person)))) == mine
            assert actor_now(session, person, now).groups == mine
        for group in groups:
            members = {who for who, text in expected if text == group.text}
            assert set(session.scalars(members_of_any({group.text}))) == members
            behind = select(anybody_behind(literal("group"), literal(group.text), literal(1)))
            assert bool(session.scalar(behind)) == bool(members)


@pytest.fixture
def bureau(database: Database, cast: Cast, now: datetime) -> Database:
    """1,000 posts in 100 units, 500 post groups; the officer is signed in."""
    random = Random(1)  # noqa: S311 - the same worlds each time
    units = tuple(f"unit{number}" for number in range(100))
    people = [
        {
            "username": f"teacher{number}",
            "display_name": "教师",
            "sort_name": "",
            "kind": "staff",
            "active": True,
            "failed_sign_ins": 0,
            "created_at": now,
        }
        for number in range(999)
    ]
    usernames = [*(str(one["username"]) for one in people), cast.officer.username]
    seats = [
        Seat(
            username,
            random.choice(TITLES),
            tuple(sorted(random.sample(LABELS, 2))),
            units[number % 100],
            heads_unit=number < 100,
        )
        for number, username in enumerate(usernames)
    ]
    named = [
        PostGroup(title, () if title == HEAD else labels, unit)
        for unit in (None, *units)
        for title in (HEAD, *TITLES)
        for labels in ((), ("数学",), ("小学", "数学"))
    ]
    groups = {group.text: group for group in named}
    with database.write() as session:
        session.execute(insert(Person), people)
        add_units(session, now, units)
        add_seats(session, now, seats)
        add_groups(session, now, list(groups.values())[:500])
        session.execute(
            insert(WebSession).values(
                token_hash=token_hash("officer"),
                username=cast.officer.username,
                created_at=now,
                seen_at=now,
            )
        )
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ANALYZE"))
    return database


def test_a_request_learns_its_person_by_one_statement(
    bureau: Database,
    cast: Cast,
    now: datetime,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    with count_statements() as statements, bureau.read() as session:
        found = sign_in.session_actor(session, token="officer", now=now)

    assert len(statements) == 1
    assert found is not None
    assert OFFICE in found.actor.groups
    assert any("教研员" in group or "科长" in group for group in found.actor.groups)


def test_no_plan_reads_all_posts_or_all_groups(bureau: Database, now: datetime) -> None:
    rows = plan(bureau, now)

    whole = [row for row in rows if "Seq Scan on post" in row or "SCAN post" in row]
    assert whole == [], "\n".join(rows)


def plan(bureau: Database, now: datetime) -> list[str]:
    asked = sign_in._SESSION_OF.params(
        hash=token_hash("officer"), idle_since=now - IDLE, begun_after=now - ABSOLUTE, at=now
    )
    with bureau.read() as session:
        dialect = session.get_bind().dialect
        statement = asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN" if dialect.name == "sqlite" else "EXPLAIN"
        return [str(row[-1]) for row in session.execute(text(f"{explain} {statement}"))]
