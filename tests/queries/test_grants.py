"""Who may do what: through what, how many, who holds too much; nobody else sees it."""

from datetime import datetime

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind, Right, everyone
from service.domain.errors import NotFound
from service.queries import grants
from service.queries.grants import GrantFilter, GrantRow
from service.store.database import Database
from tests.fixtures_organization import Bureau
from tests.fixtures_store import OFFICE, Cast, Write

PERSON, GROUP = GranteeKind.PERSON, GranteeKind.GROUP
CASES: Right = (ObjectKind.CASE, Action.READ)
ACCOUNTS: Right = (ObjectKind.ACCOUNT, Action.ACT)
AUDITS: Right = (ObjectKind.AUDIT, Action.READ)
STARTS: Right = (ObjectKind.PROCEDURE, Action.ACT)


@pytest.fixture
def given(write: Write, cast: Cast, bureau: Bureau, now: datetime) -> None:
    """Wang Wei is a researcher of mathematics, and has a right by name."""
    bureau.begin("wang.wei", "city", labels=["数学"])
    with write() as tools:
        for right in (
            everyone(*STARTS, "leave"),
            Grant(GROUP, OFFICE, "leave", *CASES),
            Grant(GROUP, "教研员 · 数学 @ 市教研机构", "*", *CASES),
            Grant(GROUP, OFFICE, "*", *ACCOUNTS),
            Grant(PERSON, "wang.wei", "*", *AUDITS),
        ):
            rights.grant(tools, right, actor=SYSTEM, now=now, reason="分工")


def listed(database: Database, wanted: GrantFilter | None = None) -> list[GrantRow]:
    rows: list[GrantRow] = []
    after = None
    with database.read() as session:
        while True:
            page = grants.page(session, actor=SYSTEM, wanted=wanted, after=after, limit=2)
            rows += page.rows
            if (after := page.next) is None:
                return rows


def said(rows: list[GrantRow]) -> list[tuple[str, str, str]]:
    return [(row.grantee_name, row.right.process_id, row.right.object) for row in rows]


@pytest.mark.usefixtures("given")
class TestTheList:
    def test_it_names_who_has_what_and_how_many_they_are(self, database: Database) -> None:
        rows = listed(database)
        assert sorted(said(rows)) == sorted(
            [
                ("*", "leave", "procedure"),
                ("人事科", "*", "account"),
                ("人事科", "leave", "case"),
                ("教研员 · 数学 @ 市教研机构", "*", "case"),
                ("王伟", "*", "audit"),
            ]
        )
        assert rows[0].right.grantee_kind is GranteeKind.EVERYONE
        assert [row.people for row in rows] == [3, 1, 1, 1, 1]
        assert {(row.granted_by, row.reason) for row in rows} == {("系统", "分工")}

    def test_of_a_person_it_says_through_what(self, database: Database, bureau: Bureau) -> None:
        rows = listed(database, GrantFilter(person="wang.wei"))
        ways = {row.right.object: row.way for row in rows}
        assert set(ways) == {ObjectKind.PROCEDURE, ObjectKind.CASE, ObjectKind.AUDIT}
        by_post = ways[ObjectKind.CASE]
        assert by_post is not None
        assert not by_post.by_name
        assert [(post.unit, post.title, post.labels) for post in by_post.posts] == [
            ("市教研机构", "教研员", ("数学",))
        ]
        [office] = listed(database, GrantFilter(person="li.na", kind=ObjectKind.CASE))
        assert office.way is not None
        assert office.way.by_name
        assert said(listed(database, GrantFilter(person="no.body"))) == []

    def test_it_follows_posts_at_once(
        self, database: Database, write: Write, bureau: Bureau
    ) -> None:
        key = bureau.begin("zhang.min", "city", labels=["小学", "数学"])
        assert len(listed(database, GrantFilter(person="zhang.min"))) == 2
        bureau.end(key)
        assert len(listed(database, GrantFilter(person="zhang.min"))) == 1

    @pytest.mark.parametrize(
        ("wanted", "count"),
        [
            (GrantFilter(process_id="leave"), 5),
            (GrantFilter(process_id="other"), 3),
            (GrantFilter(kind=ObjectKind.CASE), 2),
            (GrantFilter(sensitive=True), 3),
            (GrantFilter(process_id="a\0b"), 3),
            (GrantFilter(person="' OR 1=1 --"), 0),
        ],
    )
    def test_it_is_narrowed(self, database: Database, wanted: GrantFilter, count: int) -> None:
        assert len(listed(database, wanted)) == count

    def test_a_right_names_who_has_it(self, database: Database, bureau: Bureau) -> None:
        [row] = listed(database, GrantFilter(person="wang.wei", kind=ObjectKind.CASE))
        with database.read() as session:
            detail = grants.get(session, actor=SYSTEM, key=row.key)
        assert [(one.username, one.active) for one in detail.holders] == [("wang.wei", True)]

    def test_who_holds_what_should_be_apart_is_named(
        self, database: Database, write: Write, now: datetime
    ) -> None:
        with database.read() as session:
            [found] = grants.combinations(session, actor=SYSTEM)
        assert found.rights == (ACCOUNTS, CASES)
        assert [one.username for one in found.people] == ["li.na"]

    def test_only_readers_of_accounts_and_auditors_see_it(
        self, database: Database, cast: Cast
    ) -> None:
        with database.read() as session:
            for actor in (Actor("wang.wei"), Actor("li.na", groups=frozenset({OFFICE}))):
                assert grants.may_read(session, actor=actor)
                assert grants.page(session, actor=actor).rows
            for stranger in (cast.applicant, Actor("out", public=True)):
                assert not grants.may_read(session, actor=stranger)
                for ask in (
                    lambda who: grants.page(session, actor=who),
                    lambda who: grants.get(session, actor=who, key=1),
                    lambda who: grants.combinations(session, actor=who),
                ):
                    with pytest.raises(NotFound):
                        ask(stranger)
