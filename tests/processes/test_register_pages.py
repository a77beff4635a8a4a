"""The register's pages through the real application: who sees what, and that it is readable."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import TypeAlias

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from processes.registers.qualification_search import open_cases
from processes.registers.tables import RefusalRecord
from service import app
from service.domain.actors import Actor
from service.settings import Settings
from service.store.tables import AccessEvent
from tests.fixtures_store import PASSWORD, migrated_url
from tests.processes.desk import APPLICANT, OFFICER, Desk
from tests.processes.reviewing import admit, refuse
from tests.processes.stages import Stages

LIST = "/registers/qualifications"
STRANGER = Actor("teacher001", "教师001", frozenset())
Open: TypeAlias = "Callable[[str], FlaskClient]"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Of SQLite alone: what another database could change is in `test_qualification_register`."""
    yield from migrated_url(request, "sqlite")


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
def case(desk: Desk, settings: Settings, stages: Stages) -> int:
    """An application that was granted."""

    def walk() -> int:
        started = desk.apply()
        admit(desk, started.instance_key)
        return started.instance_key

    return stages.reach("granted", desk, settings.data_dir / "files", walk)


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


def test_what_is_done_to_it_is_done_and_shown_on_its_page(
    desk: Desk, case: int, sign_in: Open, detail: str
) -> None:
    # given an office that puts a slip right
    office = sign_in("personnel1")
    corrected = post(office, detail, "correct", revision="1", unit="新名小学", reason="单位已更名")
    for shown in ("已更正", "单位已更名", "新名小学", "某某小学"):
        assert shown in corrected
    # when it revokes without saying that it knows what it does, nothing is lost and nothing done
    decision = {
        "ground": "R-PROOF",
        "document": "乌教人决〔2026〕3号",
        "reason": "任教证明经核实为涂改",
        "heard": "已告知，本人没有陈述",
    }
    refused = post(office, detail, "revoke", revision="2", **decision)
    for shown in ("知道这个决定不能收回", "没有保存", "任教证明经核实为涂改"):
        assert shown in refused
    # then it is revoked, with what it rests on, also in the history of the case
    revoked = post(office, detail, "revoke", revision="2", understood="yes", **decision)
    for shown in ("这条准入资格已经撤销", "规则 R-PROOF", "乌教人决〔2026〕3号", "本人没有陈述"):
        assert shown in revoked
    assert "撤销准入资格（小学语文）：以虚假材料取得" in office.get(f"/instances/{case}").text
    assert "已撤销" in sign_in("applicant").get(LIST).text
    # and a colleague restores it
    answer = {"document": "乌教人决〔2026〕9号", "reason": "经复查属实", "understood": "yes"}
    assert "由他人复查后恢复" in post(office, detail, "restore", revision="3", **answer)
    colleague = sign_in("personnel2")
    restored = post(colleague, detail, "restore", revision="3", **answer)
    assert "已恢复，并已告知本人" in restored
    assert "撤销准入资格" in restored


def post(browser: FlaskClient, detail: str, verb: str, **form: str) -> str:
    token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(detail).text)
    assert token
    sent = {"csrf_token": token[1], **form}
    return browser.post(f"{detail}/{verb}", data=sent, follow_redirects=True).text


def test_the_list_is_narrowed_by_its_address(case: int, sign_in: Open) -> None:
    office = sign_in("personnel1")
    for query, listed in (
        ("q=教师甲", True),
        ("q=没有此人", False),
        ("stage=小学&subject=语文", True),
        ("stage=初中", False),
        ("validity=valid", True),
        ("validity=expired", False),
        ("validity=nonsense", True),
        ("q=%F0%9F%99%82", False),
    ):
        page = office.get(f"{LIST}?{query}")
        assert page.status_code == 200
        assert ('class="row-title"' in page.text) is listed, query


def test_what_ended_is_shown_as_ended(desk: Desk, case: int, sign_in: Open, detail: str) -> None:
    # given the last day, on which it still counts
    desk.clock.now = datetime(2028, 3, 1, 1, 30, tzinfo=UTC)
    assert "即将到期</span>" in sign_in("personnel1").get(LIST).text
    # then from the day after it is over
    desk.clock.pass_days(1)
    office = sign_in("personnel1")
    assert "已过期</span>" in office.get(f"{LIST}?validity=expired").text
    assert "这条准入资格已经过期，不能再用" in office.get(detail).text


def test_a_made_up_cursor_is_answered_in_words(sign_in: Open) -> None:
    office = sign_in("personnel1")
    for cursor in ("x", "2026-03-02_99999999999999999999", "' OR 1=1"):
        answer = office.get(LIST, query_string={"after": cursor})
        assert answer.status_code == 400
        assert "翻页位置无效" in answer.text


def test_a_key_that_does_not_exist_is_not_found(sign_in: Open) -> None:
    office = sign_in("personnel1")
    for key in ("0", "9223372036854775807", "9223372036854775808", "1" * 40):
        assert office.get(f"{LIST}/{key}").status_code == 404


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
        assert (f'href="/instances/{started.instance_key}"' in page) is sees


def test_a_refused_case_is_linked_for_who_may_open_it(desk: Desk) -> None:
    started = desk.apply(title="小学一级教师")
    desk.check(started.instance_key)
    refuse(desk, started.instance_key)
    with desk.rooms.read() as session:
        rows = session.scalars(select(RefusalRecord)).all()
        for actor, opens in ((OFFICER, True), (APPLICANT, True), (STRANGER, False)):
            found = open_cases(session, actor, rows)
            assert (started.instance_key in found) is opens


def test_the_menu_leads_to_the_register(sign_in: Open) -> None:
    for username in ("personnel1", "applicant"):
        assert f'href="{LIST}"' in sign_in(username).get("/").text


def test_the_register_goes_out_with_a_right_and_a_reason(
    desk: Desk, case: int, sign_in: Open
) -> None:
    path = f"{LIST}/export"
    office, holder = sign_in("personnel1"), sign_in("applicant")

    def send(browser: FlaskClient, **fields: str) -> TestResponse:
        token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(LIST).text)
        assert token
        return browser.post(path, data={"csrf_token": token[1], **fields})

    assert "导出为 Excel" in office.get(LIST).text
    assert "导出为 Excel" not in holder.get(LIST).text
    assert send(holder, reason="看看").status_code == 404
    assert send(office, reason="").status_code == 400
    sheet = load_workbook(BytesIO(send(office, reason="年度核对").data)).active
    assert sheet is not None
    [head, row] = [[cell.value for cell in line] for line in sheet]
    said = dict(zip(head, row, strict=True))
    assert (said["用户名"], said["有效性"]) == ("applicant", "有效")
    assert said["来源（供核对）"] == "准入审核"
    nobody = load_workbook(BytesIO(send(office, reason="核对", q="没有这个人").data)).active
    assert nobody is not None
    assert nobody.max_row == 1
    with desk.rooms.read() as session:
        told = session.scalars(select(AccessEvent).where(AccessEvent.kind == "export")).all()
    assert next((one.reference, one.details) for one in told) == (
        "qualifications", {"rows": 1, "reason": "年度核对"},
    )  # fmt: skip


def test_the_refusals_go_out_with_a_right_and_a_reason(desk: Desk, sign_in: Open) -> None:
    started = desk.apply(title="小学一级教师")
    desk.check(started.instance_key)
    refuse(desk, started.instance_key)
    path = f"{LIST}/refusals"
    office, holder, stranger = (sign_in(one) for one in ("personnel1", "applicant", "teacher001"))

    def send(browser: FlaskClient, reason: str) -> TestResponse:
        token = re.search(r'name="csrf-token" content="([^"]+)"', browser.get(path).text)
        assert token
        return browser.post(f"{path}/export", data={"csrf_token": token[1], "reason": reason})

    assert "导出为 Excel" in office.get(path).text
    assert "导出为 Excel" not in holder.get(path).text
    assert {send(one, "看看").status_code for one in (holder, stranger)} == {404}
    assert send(office, "").status_code == 400
    sheet = load_workbook(BytesIO(send(office, "年度核对").data)).active
    assert sheet is not None
    [head, row] = [[cell.value for cell in line] for line in sheet]
    said = dict(zip(head, row, strict=True))
    assert (said["用户名"], said["事项编号"]) == ("applicant", str(started.instance_key))
    assert "教师专业技术职称为初级，未达到中级（三（三）5，R-E5b）" in str(said["理由和依据"])
    with desk.rooms.read() as session:
        told = session.scalars(select(AccessEvent).where(AccessEvent.kind == "export")).all()
    assert [(one.reference, one.details) for one in told] == [
        ("qualifications/refusals", {"rows": 1, "reason": "年度核对"}),
    ]
