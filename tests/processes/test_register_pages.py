"""The register's pages through the real application: who sees what, and that it is readable."""

import re
from collections.abc import Callable
from typing import TypeAlias

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from processes.registers import qualifications
from processes.registers.qualifications import Correction
from service import app
from service.settings import Settings
from service.store.tables import AccessEvent
from tests.fixtures_store import PASSWORD
from tests.processes.desk import OFFICER, Desk
from tests.processes.reviewing import admit, refuse

LIST = "/registers/qualifications"
Open: TypeAlias = "Callable[[str], FlaskClient]"


@pytest.fixture
def sign_in(desk: Desk, settings: Settings) -> Open:
    """Give a browser in which this person is signed in; without a name, a stranger's."""
    pages = app.web_application(settings, app.discover(), desk.rooms)

    def open_browser(username: str = "") -> FlaskClient:
        browser = pages.test_client()
        if username:
            token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get("/sign-in").text)
            assert token
            answer = browser.post(
                "/sign-in",
                data={"username": username, "password": PASSWORD, "csrf_token": token[1]},
            )
            assert answer.status_code == 302
        return browser

    return open_browser


@pytest.fixture
def case(desk: Desk) -> int:
    """An application that was granted."""
    started = desk.apply()
    admit(desk, started.instance_key)
    return started.instance_key


@pytest.fixture
def detail(desk: Desk, case: int, sign_in: Open) -> str:
    """The address of its page."""
    found = re.search(rf'href="({LIST}/\d+)"', sign_in("personnel1").get(LIST).text)
    assert found
    return found[1]


def test_who_opens_somebodys_record_is_recorded_and_the_holder_is_not(
    sign_in: Open, detail: str, desk: Desk
) -> None:
    for username in ("personnel1", "personnel1", "applicant"):
        assert sign_in(username).get(detail).status_code == 200
    with desk.rooms.read() as session:
        readings = session.execute(
            select(AccessEvent.person, AccessEvent.subject, AccessEvent.reference).where(
                AccessEvent.kind == "personal_data_read"
            )
        ).all()
    key = detail.rsplit("/", 1)[1]
    assert readings == [("personnel1", "applicant", f"qualifications/{key}")]


def test_the_office_sees_the_list(case: int, sign_in: Open) -> None:
    page = sign_in("personnel1").get(LIST).text
    assert "教师甲" in page
    assert "小学语文" in page
    assert "2028年3月1日" in page
    assert "有效" in page


def test_the_holder_sees_their_own(case: int, sign_in: Open, detail: str) -> None:
    browser = sign_in("applicant")
    assert "教师甲" in browser.get(LIST).text
    assert "这里只列出你自己的准入资格" in browser.get(LIST).text
    assert browser.get(detail).status_code == 200


def test_a_stranger_sees_an_empty_list_and_no_detail(case: int, sign_in: Open, detail: str) -> None:
    browser = sign_in("teacher001")
    assert "教师甲" not in browser.get(LIST).text
    refused = browser.get(detail)
    assert refused.status_code == 404
    assert "没有找到这条准入资格" in refused.text


@pytest.mark.parametrize("path", [LIST, f"{LIST}/1", f"{LIST}/refusals"])
def test_who_is_not_signed_in_is_led_to_the_sign_in_page(sign_in: Open, path: str) -> None:
    answer = sign_in("").get(path)
    assert answer.status_code in {302, 303}
    assert "/sign-in" in answer.headers["Location"]


def test_the_detail_shows_evidence_rules_and_the_case(
    case: int, sign_in: Open, detail: str
) -> None:
    page = sign_in("personnel1").get(detail).text
    for shown in ("10年1个月1天", "一级教师（中级）", "R-E5a", "任教证明 1 份", "人事科01"):
        assert shown in page
    assert f'href="/instances/{case}"' in page


def test_a_correction_is_shown_with_its_reason(
    desk: Desk, case: int, sign_in: Open, detail: str
) -> None:
    with desk.rooms.database.write() as session:
        qualifications.correct(
            session,
            int(detail.rsplit("/", 1)[1]),
            Correction("单位已更名", unit="新名小学"),
            revision=1,
            actor=OFFICER,
            now=desk.clock(),
        )
    page = sign_in("personnel1").get(detail).text
    assert "单位已更名" in page
    assert "新名小学" in page
    assert "某某小学" in page


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("q=教师甲", True),
        ("q=没有此人", False),
        ("stage=小学&subject=语文", True),
        ("stage=初中", False),
        ("validity=valid", True),
        ("validity=expired", False),
        ("validity=nonsense", True),
        ("q=%F0%9F%99%82", False),
    ],
)
def test_the_list_is_narrowed_by_its_address(
    case: int, sign_in: Open, query: str, listed: bool
) -> None:
    page = sign_in("personnel1").get(f"{LIST}?{query}")
    assert page.status_code == 200
    assert ('class="row-title"' in page.text) is listed


@pytest.mark.parametrize("cursor", ["x", "2026-03-02_99999999999999999999", "' OR 1=1"])
def test_a_made_up_cursor_is_answered_in_words(sign_in: Open, cursor: str) -> None:
    answer = sign_in("personnel1").get(LIST, query_string={"after": cursor})
    assert answer.status_code == 400
    assert "翻页位置无效" in answer.text


@pytest.mark.parametrize("key", ["0", "9223372036854775807", "9223372036854775808", "1" * 40])
def test_a_key_that_does_not_exist_is_not_found(sign_in: Open, key: str) -> None:
    assert sign_in("personnel1").get(f"{LIST}/{key}").status_code == 404


def test_html_in_a_unit_is_text(desk: Desk, sign_in: Open) -> None:
    started = desk.apply(unit="<script>alert(1)</script>")
    admit(desk, started.instance_key)
    page = sign_in("personnel1").get(LIST).text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_refusal_is_listed_with_its_reasons(desk: Desk, sign_in: Open) -> None:
    started = desk.apply(title="小学一级教师")
    desk.check(started.instance_key)
    refuse(desk, started.instance_key)
    for username, sees in (("personnel1", True), ("applicant", True), ("teacher001", False)):
        page = sign_in(username).get(f"{LIST}/refusals").text
        assert ("教师专业技术职称为初级，未达到中级（三（三）5，R-E5b）" in page) is sees


def test_the_menu_leads_to_the_register(sign_in: Open) -> None:
    for username in ("personnel1", "applicant"):
        assert f'href="{LIST}"' in sign_in(username).get("/").text
