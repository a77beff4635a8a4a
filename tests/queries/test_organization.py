"""The organisation as staff see it, and the names of groups."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from service.commands.deputies import appoint
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import NotFound
from service.domain.organization import UnitUnknown
from service.queries import deputies, group_pages, groups, organization, people_search, staff
from service.queries.keyset_search import Search
from tests.fixtures_organization import Bureau, actor_now
from tests.fixtures_store import OFFICE, Cast, Statements


def test_the_tree_comes_in_its_order_by_one_statement(
    bureau: Bureau,
    cast: Cast,
    count_statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    bureau.begin("li.na", "personnel", "科长", heads_unit=True)
    bureau.begin("zhang.min", "personnel", "科员")
    bureau.close("wuda-office")

    with count_statements() as statements, bureau.database.read() as session:
        rows = organization.tree(session, actor=cast.stranger)

    assert len(statements) == 1
    assert [(row.depth, row.name) for row in rows] == [
        (0, "市教育局"),
        (1, "海勃湾区教研室"),
        (2, "办公室"),
        (1, "人事科"),
        (1, "市教研机构"),
        (1, "乌达区教研室"),
    ]
    office = next(row for row in rows if row.id == "personnel")
    assert (office.head, office.posts) == ("李娜", 2)


def test_a_unit_shows_where_it_stands_and_who_is_in_it(bureau: Bureau, cast: Cast) -> None:
    bureau.begin("zhang.min", "haibowan", "教研员", ["数学", "小学"])
    bureau.begin("li.na", "haibowan", "主任", heads_unit=True)
    bureau.end(bureau.begin("wang.wei", "haibowan", "科员"))

    with bureau.database.read() as session:
        page = organization.unit(session, actor=cast.stranger, unit_id="haibowan")
        before = organization.posts_ended(session, actor=cast.stranger, unit_id="haibowan")

    assert [unit.name for unit in page.above] == ["市教育局"]
    assert [unit.name for unit in page.below] == ["办公室"]
    assert [(post.name, post.labels) for post in page.posts] == [
        ("李娜", ()),
        ("张敏", ("小学", "数学")),
    ]
    assert [post.name for post in before] == ["王伟"]


def test_an_unknown_unit_is_not_found(bureau: Bureau, cast: Cast) -> None:
    with bureau.database.read() as session, pytest.raises(UnitUnknown):
        organization.unit(session, actor=cast.stranger, unit_id="nowhere")


def test_the_posts_of_a_person(bureau: Bureau, cast: Cast) -> None:
    bureau.begin("li.na", "city", "教研员", ["数学"])
    bureau.begin("li.na", "personnel", "科长", heads_unit=True)
    with bureau.database.read() as session:
        found = organization.posts_of(session, actor=cast.stranger, username="li.na")
    assert [(post.unit, post.title) for post in found] == [
        ("人事科", "科长"),
        ("市教研机构", "教研员"),
    ]


@pytest.fixture
def named(bureau: Bureau, cast: Cast) -> Bureau:
    """Two post groups that a task has named; the officer is in both, the applicant in one."""
    bureau.begin("li.na", "city", "教研员", ["数学", "小学"], heads_unit=True)
    bureau.begin("zhang.min", "city", "教研员", ["数学"])
    for text in ("教研员 · 数学 @ city", "负责人 @ city"):
        bureau.name_group(text)
    return bureau


def test_groups_are_named_as_units_are_called_today(named: Bureau) -> None:
    named.rename("city", "市教研中心")
    with named.database.read() as session:
        names = groups.group_names(session, [OFFICE, "教研员 · 数学 @ city", "gone"])
    assert names == ("人事科", "教研员 · 数学 @ 市教研中心", "gone")


def test_why_somebody_is_in_a_group(named: Bureau) -> None:
    asked = ["教研员 · 数学 @ city", "负责人 @ city", OFFICE]
    with named.database.read() as session:
        found = groups.posts_behind(session, username="li.na", group_ids=asked)
        nobody = groups.posts_behind(session, username="wang.wei", group_ids=asked)

    assert [(post.unit, post.title, post.labels, post.as_head) for post in found] == [
        ("市教研机构", "教研员", ("小学", "数学"), False),
        ("市教研机构", "教研员", ("小学", "数学"), True),
    ]
    assert nobody == ()


def test_who_shares_a_post_group_is_seen(named: Bureau, cast: Cast) -> None:
    with named.database.read() as session:
        actor = actor_now(session, "zhang.min", named.now)
        found = people_search.search(session, actor=actor, search=Search())
    assert sorted(row.username for row in found.items) == ["li.na", "zhang.min"]


def test_groups_tell_who_is_in_them_now(named: Bureau) -> None:
    with named.database.read() as session:
        of_posts = group_pages.of_posts(session, actor=SYSTEM)
        [office] = group_pages.listed(session, actor=SYSTEM)
    members = {group.name: [one.name for one in group.members] for group in of_posts}
    assert members == {
        "教研员 · 数学 @ 市教研机构": ["李娜", "张敏"],
        "负责人 @ 市教研机构": ["李娜"],
    }
    assert [one.username for one in office.members] == ["li.na"]


def test_only_who_sees_accounts_sees_groups_and_agreements(named: Bureau, cast: Cast) -> None:
    with named.database.read() as session:
        for read in (
            lambda: group_pages.listed(session, actor=cast.officer),
            lambda: group_pages.of_posts(session, actor=cast.officer),
            lambda: deputies.current(session, actor=cast.officer, now=named.now),
        ):
            with pytest.raises(NotFound):
                read()


def test_agreements_are_told_to_both_and_to_administrators(bureau: Bureau, cast: Cast) -> None:
    with bureau.write() as tools:
        appoint(
            tools,
            principal="li.na",
            deputy="wang.wei",
            starts_at=bureau.now,
            ends_at=bureau.now + timedelta(days=1),
            process_ids=["gone"],
            actor=SYSTEM,
            now=bureau.now,
        )
    with bureau.database.read() as session:
        [mine] = deputies.of_principal(session, actor=cast.officer)
        [other] = deputies.of_deputy(session, actor=cast.stranger, now=bureau.now)
        [one] = deputies.current(session, actor=SYSTEM, now=bureau.now)
        assert deputies.procedures(session, actor=cast.officer) == ()
    assert mine == other == one
    assert (one.principal_name, one.deputy_name, one.processes) == ("李娜", "王伟", ("gone",))
    assert one.is_on(bureau.now)


def test_staff_are_found_by_name_or_user_name(bureau: Bureau, cast: Cast) -> None:
    with bureau.database.read() as session:
        for text in ("李娜", "li.na", " li.na "):
            [found] = staff.named(session, actor=cast.stranger, text=text)
            assert found.username == "li.na"
        assert staff.named(session, actor=cast.stranger, text="\0") == ()
        assert len(staff.choices(session, actor=cast.stranger)) == 3
        outsider = Actor("applicant", public=True)
        with pytest.raises(NotFound):
            staff.choices(session, actor=outsider)
        with pytest.raises(NotFound):
            organization.tree(session, actor=outsider)
