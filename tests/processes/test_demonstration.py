"""The demonstration on an empty database: who is there, who can sign in, what it says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, literal, select

from processes.registers.days import bureau_day
from processes.registers.process_ids import (
    APPLICATION,
    OPEN,
    PART_TIME,
    REHIRE,
    SELECTION,
    TALENT,
)
from processes.registers.set_values import values_on
from processes.registers.staffing.matrix import institutions
from processes.registers.staffing.rules import Colour
from processes.sample import ADMISSION, MEETING, sample
from processes.sample.staff import RESEARCHERS
from service import app
from service.commands import organization_import
from service.commands.organization_import import ImportRefused
from service.commands.rooms import Rooms
from service.demo import PASSWORD, SERVICE_ACCOUNTS, files, seed
from service.domain.actors import SYSTEM
from service.domain.authorization import Action, ObjectKind
from service.settings import Settings
from service.store.access_check import verify
from service.store.granted import granted_to
from service.store.tables import OrganizationUnit, Person, Post
from service.web.app_factory import DemoAccount
from tests.fixtures_store import BOTH, migrated_url
from tests.processes.conftest import MOMENT, SECRET
from tests.web.addresses import address, addresses

STRIP = "演示数据，均为虚构"
ROLES = {account.username for account in (*sample.accounts, *SERVICE_ACCOUNTS)}
NEW_YEAR, FAULTY = files(sample)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The rooms as they were filled at `MOMENT`, and who was offered."""

    rooms: Rooms
    settings: Settings
    offered: list[DemoAccount]


@pytest.fixture(scope="module", params=BOTH)
def shown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    """Filled once for all: what a test adds, sessions and readings, no other looks at."""
    for url in migrated_url(request, request.param):
        settings = Settings(
            database_url=url, data_dir=tmp_path_factory.mktemp("shown"), audit_key=SECRET,
            secret_key=SECRET, data_key=SECRET, https=False,
        )  # fmt: skip
        rooms = app.assemble(settings, app.discover(), clock=lambda: MOMENT)
        yield Demonstration(rooms, settings, seed(rooms, sample))
        rooms.feel.close()
        rooms.database.dispose()


@pytest.fixture
def rooms(shown: Demonstration) -> Rooms:
    return shown.rooms


@pytest.fixture
def offered(shown: Demonstration) -> list[DemoAccount]:
    return shown.offered


def test_it_is_the_sample_bureau_in_which_roles_alone_have_a_password(
    rooms: Rooms, offered: list[DemoAccount]
) -> None:
    assert {account.username for account in offered} == ROLES
    with rooms.read() as session:
        signs_in = select(Person.username).where(Person.password_hash.is_not(None))
        assert set(session.scalars(signs_in)) == ROLES
        hashes = select(func.count(Person.password_hash.distinct()))
        assert session.scalar(hashes) == len(ROLES)
        units = select(func.count()).select_from(OrganizationUnit)
        assert session.scalar(units) == len(sample.organization.units)
        posts = select(func.count()).select_from(Post).where(Post.ended_at.is_(None))
        assert session.scalar(posts) == len(sample.organization.posts)
        assert verify(session, rooms.audit_key) == []
        today = bureau_day(rooms.clock())
        found = institutions(session, today, values_on(session, today))
        colours = {one.state.colour for each in found for one in each.cells}
        assert colours == {Colour.STAFFED, Colour.FORECAST, Colour.GAP}
        assert any(one.state.borrowed for each in found for one in each.cells)
        assert [one.unit_id for one in found if one.exceeds] == []
        assert sum(one.staffed for one in found) == RESEARCHERS


BEGINNERS = {
    ADMISSION: {"applicant"} | {one for one in ROLES if one.startswith("teacher")},
    SELECTION: {"researcher01", "personnel1", "personnel2"},
    OPEN: {"researcher01", "personnel1", "personnel2"},
    TALENT: {"researcher01", "personnel1", "personnel2"},
    APPLICATION: {"applicant"} | {one for one in ROLES if one.startswith("teacher")},
    REHIRE: {"researcher01"},
    PART_TIME: {"applicant"} | {one for one in ROLES if one.startswith("teacher")},
    MEETING: {"general-1"},
}
"""Of the accounts with a password: who may begin what; administrators begin nothing."""


def test_each_account_may_begin_what_its_role_begins(rooms: Rooms) -> None:
    with rooms.read() as session:
        for process_id, expected in BEGINNERS.items():
            may = granted_to(Person.username, ObjectKind.PROCEDURE, Action.ACT, literal(process_id))
            found = set(session.scalars(select(Person.username).where(may))) & ROLES
            assert found == expected, process_id


def test_what_is_there_is_left_alone(rooms: Rooms, offered: list[DemoAccount]) -> None:
    with rooms.read() as session:
        before = session.scalars(select(Post.key)).all()
    assert seed(rooms, sample) == offered
    with rooms.read() as session:
        assert session.scalars(select(Post.key)).all() == before


def test_one_workbook_can_be_imported_and_the_other_says_why_not(rooms: Rooms) -> None:
    with pytest.raises(ImportRefused) as refused, rooms.write() as tools:
        organization_import.apply(tools, FAULTY.content(), actor=SYSTEM, now=rooms.clock())
    reasons = " ".join(one.reason for one in refused.value.checked.refusals)
    for reason in ("绕成了一个环", "没有这个机构", "现在的负责人是人事科01", "不能写“负责人”"):
        assert reason in reasons
    with rooms.write() as tools:
        done = organization_import.apply(tools, NEW_YEAR.content(), actor=SYSTEM, now=rooms.clock())
        tools.session.flush()
        tools.session.rollback()
    assert (len(done.units.new), len(done.people.new), len(done.people.begun)) == (3, 33, 33)


@pytest.fixture
def pages(shown: Demonstration, rooms: Rooms, offered: list[DemoAccount]) -> Flask:
    return app.web_application(
        shown.settings,
        app.discover(),
        rooms,
        demo_accounts=offered,
        demo_password=PASSWORD,
        demo_files=files(sample),
    )


on_sqlite = pytest.mark.parametrize("shown", ["sqlite"], indirect=True, scope="module")
"""The pages know no SQL: once is enough."""


def signed_in(pages: Flask, username: str) -> FlaskClient:
    browser = pages.test_client()
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/sign-in").text)
    assert token
    form = {"username": username, "password": PASSWORD, "csrf_token": token[1]}
    assert browser.post("/sign-in", data=form).status_code == 302
    return browser


@on_sqlite
def test_every_page_says_that_all_is_made_up(pages: Flask) -> None:
    browser = signed_in(pages, "admin")
    paths = [path for _rule, method, path in addresses(pages) if method == "GET"]
    public = [
        address(rule.rule)
        for rule in pages.url_map.iter_rules()
        if rule.rule.startswith("/public") and "GET" in (rule.methods or ())
    ]
    assert len(public) > 10
    seen = 0
    for path in ["/docs", "/no-such-page", *paths, *public]:
        page = browser.get(path, follow_redirects=True)
        if page.mimetype == "text/html" and "<html" in page.text:
            assert STRIP in page.text, path
            seen += 1
    assert seen > 20
    stranger = pages.test_client()
    for path in ("/sign-in", "/public", "/public/sign-in"):
        assert STRIP in stranger.get(path, follow_redirects=True).text


@on_sqlite
def test_it_offers_the_workbooks_to_who_is_signed_in(pages: Flask) -> None:
    path = f"/demonstration/{NEW_YEAR.name}"
    assert pages.test_client().get(path).status_code == 302
    browser = signed_in(pages, "admin")
    assert path in browser.get("/demonstration").text
    file = browser.get(path)
    assert (file.status_code, file.data[:2]) == (200, b"PK")
    assert NEW_YEAR.name in file.headers["Content-Disposition"]
    assert browser.get("/demonstration/other.xlsx").status_code == 404


@on_sqlite
def test_nothing_of_it_is_elsewhere(shown: Demonstration) -> None:
    usual = app.web_application(shown.settings, app.discover(), shown.rooms)
    browser = signed_in(usual, "admin")
    assert STRIP not in browser.get("/").text
    for path in ("/demonstration", f"/demonstration/{NEW_YEAR.name}"):
        assert browser.get(path).status_code == 404
