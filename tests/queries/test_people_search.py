"""Groups as the API lists them: those of people by name, and those of whoever has a post."""

import pytest

from service.commands import post_groups
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import NotFound
from service.queries import people_search
from service.queries.filter_search import Condition, Operator
from service.queries.keyset_search import Order, Search
from service.queries.people_search import GroupRow
from service.store.database import Database
from service.store.post_groups import resolve
from tests.fixtures_organization import Bureau, actor_now
from tests.fixtures_store import OFFICE, Cast

MATHS = "教研员 · 数学 @ city"
NAMED = GroupRow(MATHS, "教研员 · 数学 @ 市教研机构")


@pytest.fixture
def grouped(bureau: Bureau) -> Database:
    """The officer is a researcher of mathematics; a diagram has named some groups of posts."""
    bureau.begin("li.na", "city", labels=["数学"])
    with bureau.write() as tools:
        resolved = resolve(tools.session, ["教研员 · 数学 @ 市教研机构", "教研员 · 语文"])
        post_groups.write_fresh(tools.session, resolved, bureau.now)
    return bureau.database


def found(database: Database, actor: Actor, search: Search | None = None) -> list[GroupRow]:
    with database.read() as session:
        page = people_search.search_groups(session, actor=actor, search=search or Search())
    return list(page.items)


def test_post_groups_are_listed_with_their_units_name(grouped: Database) -> None:
    listed = found(grouped, SYSTEM)
    assert NAMED in listed
    assert GroupRow("教研员 · 语文", "教研员 · 语文") in listed
    assert GroupRow(OFFICE, "人事科") in listed


def test_they_are_found_by_name_and_sorted(grouped: Database) -> None:
    by_name = Condition("name", Operator.LIKE, "*市教研机构")
    search = Search(conditions=(by_name,), order=(Order("name"),), limit=1)
    assert found(grouped, SYSTEM, search) == [NAMED]


def test_whoever_is_in_one_sees_it_and_who_else_is(
    grouped: Database, bureau: Bureau, cast: Cast
) -> None:
    officer = _now(grouped, "li.na", bureau)
    assert set(found(grouped, officer)) == {NAMED, GroupRow(OFFICE, "人事科")}
    with grouped.read() as session:
        members = people_search.search_members(
            session, actor=officer, group_id=MATHS, search=Search()
        )
    assert [one.username for one in members.items] == ["li.na"]


def test_a_stranger_sees_none(grouped: Database, cast: Cast) -> None:
    assert found(grouped, cast.stranger) == []
    with grouped.read() as session, pytest.raises(NotFound):
        people_search.get_group(session, actor=cast.stranger, group_id=MATHS)


def _now(database: Database, username: str, bureau: Bureau) -> Actor:
    with database.read() as session:
        return actor_now(session, username, bureau.now)
