"""What auditors see: who did what, who read whose data, and whether the record is sound."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, insert, update

from service.commands import rights
from service.commands.access_log import record
from service.commands.rooms import Rooms
from service.domain.access_events import AccessKind
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import AccessEvent, Person
from tests.clocks import Clock
from tests.fixtures_commands import (
    REVIEW,
    Deploy,
    Stage,
)
from tests.fixtures_store import Cast
from tests.recorded import record_cast
from tests.web.conftest import Visit

AUDITOR = Actor("sun.li", "孙丽")
PATHS = ("/audit", "/audit/events/1", "/audit/soundness")
POSTS = ("/audit/export", "/audit/verify", "/audit/heads")

Did = Callable[..., None]


@pytest.fixture
def auditor(rooms: Rooms, cast: Cast, now: datetime) -> Actor:
    """Reads the log and takes it out; sees no case."""
    with rooms.write() as tools:
        tools.session.execute(
            insert(Person).values(
                username=AUDITOR.username,
                display_name=AUDITOR.display_name,
                sort_name="sun",
                password_hash=None,
                active=True,
                failed_sign_ins=0,
                locked_until=None,
                created_at=now,
            )
        )
        for action in (Action.READ, Action.EXPORT):
            right = Grant(GranteeKind.PERSON, AUDITOR.username, "*", ObjectKind.AUDIT, action)
            rights.grant(tools, right, actor=SYSTEM, now=now - timedelta(days=9))
    return AUDITOR


@pytest.fixture
def did(rooms: Rooms, cast: Cast, clock: Clock) -> Did:
    """The officer does something, a minute after the last."""

    def doing(kind: AccessKind, subject: str = "", **more: object) -> None:
        officer = replace(cast.officer, address="10.1.2.3")
        with rooms.write() as tools:
            record(
                tools,
                kind,
                actor=officer,
                subject=subject,
                now=clock.forward(minutes=1),
                **more,  # type: ignore[arg-type]
            )

    return doing


def events(page: str) -> list[str]:
    """What the rows of a list say happened."""
    return re.findall(r"<strong>([^<]+)</strong>", page)


def test_the_list_says_who_did_what_to_whom_from_where(
    visit: Visit, auditor: Actor, did: Did
) -> None:
    did(AccessKind.PERSONAL_DATA_READ, "zhang.min", details={"reason": "核对申请"})
    page = visit(auditor).get("/audit").text
    people = ("李娜（li.na）", "张敏（zhang.min）")
    for said in (*people, "查看个人信息", "理由：核对申请", "10.1.2.3"):
        assert said in page
    assert '<a href="/audit" aria-current="page">审计</a>' in page


def test_it_is_newest_first_page_by_page(visit: Visit, auditor: Actor, did: Did) -> None:
    for number in range(52):
        did(AccessKind.EXPORT, f"list-{number}")
    browser = visit(auditor)
    first = browser.get("/audit", kind="export").text
    following = re.search(r'href="([^"]+after=[^"]+)"', first)
    assert following
    second = browser.client.get(following[1].replace("&amp;", "&")).text
    numbers = [int(n) for n in re.findall(r">list-(\d+)<", first + second)]
    assert numbers == list(range(51, -1, -1))
    assert "回到第一页" in second


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"person": "li.na"}, ["下载文件", "登录"]),
        ({"subject": "zhang.min"}, ["下载文件"]),
        ({"group": "sign-ins"}, ["登录"]),
        ({"kind": "document_downloaded"}, ["下载文件"]),
        ({"address": "10.1.2.3"}, ["下载文件", "登录"]),
        ({"reference": "document/7"}, ["下载文件"]),
        ({"since": "2026-03-02", "until": "2026-03-02", "person": "li.na"}, ["下载文件", "登录"]),
        ({"until": "2026-03-01"}, ["授予权限", "授予权限"]),
        ({"since": "2026-03-03"}, []),
        ({"since": "0001-01-01", "until": "9999-12-31", "kind": "sign_in"}, ["登录"]),
        ({"since": "yesterday", "kind": "nothing", "person": "no.body"}, []),
        ({"person": "' OR 1=1 --"}, []),
        ({"person": "x" * 5000}, []),
    ],
)
def test_it_is_narrowed(
    visit: Visit, auditor: Actor, did: Did, query: dict[str, str], expected: list[str]
) -> None:
    did(AccessKind.SIGN_IN)
    did(AccessKind.DOCUMENT_DOWNLOADED, "zhang.min", reference="document/7")
    page = visit(auditor).get("/audit", **query)
    assert (page.status_code, events(page.text)) == (200, expected)
    assert ("没有符合条件的事件" in page.text) == (expected == [])


def test_what_a_person_did_leads_to_who_looked_at_them(
    visit: Visit, auditor: Actor, did: Did
) -> None:
    did(AccessKind.PERSONAL_DATA_READ, "zhang.min")
    page = visit(auditor).get("/audit", person="zhang.min").text
    assert 'href="/audit?subject=zhang.min">改看谁查看、变更过 zhang.min' in page


def test_to_look_for_a_person_is_recorded_once_a_day(
    visit: Visit, auditor: Actor, stage: Stage
) -> None:
    browser = visit(auditor)
    for _ in range(2):
        browser.get("/audit", subject="zhang.min")
    event = stage.row(AccessEvent, kind="log_read")
    assert (event["person"], event["subject"]) == ("sun.li", "zhang.min")


def test_one_event_shows_all_it_tells(visit: Visit, auditor: Actor, did: Did, stage: Stage) -> None:
    did(AccessKind.EXPORT, reference="qualifications", details={"rows": 3, "reason": "年报"})
    key = stage.key(AccessEvent, kind="export")
    page = visit(auditor).get(f"/audit/events/{key}").text
    for text in ("年报", "2026-03-02 第 1 条", "此人当天的全部事件", str(key)):
        assert text in page


def test_a_cursor_that_is_none_is_refused(visit: Visit, auditor: Actor) -> None:
    assert visit(auditor).get("/audit", after="x").status_code == 400


class TestReadings:
    """Opening somebody's case is reading their data."""

    @pytest.fixture
    def case(self, stage: Stage, deploy: Deploy) -> int:
        deploy(*REVIEW)
        return stage.start("review", variables={"姓名": "张敏"}).instance_key

    def test_the_first_of_a_day_is_recorded(
        self, visit: Visit, stage: Stage, cast: Cast, case: int
    ) -> None:
        officer = visit(cast.officer)
        for path in (f"/tasks/{stage.task(case, 'check')}", f"/instances/{case}"):
            assert officer.get(path).status_code == 200
        event = stage.row(AccessEvent, kind="personal_data_read")
        assert (event["person"], event["subject"]) == ("li.na", "zhang.min")
        assert event["reference"] == f"instance/{case}"
        stage.clock.forward(days=1)
        visit(cast.officer).get(f"/instances/{case}")
        assert len(stage.rows(AccessEvent, kind="personal_data_read")) == 2

    def test_ones_own_is_nobodys_concern(
        self, visit: Visit, stage: Stage, cast: Cast, case: int
    ) -> None:
        visit(cast.applicant).get(f"/instances/{case}")
        assert stage.rows(AccessEvent, kind="personal_data_read") == []

    def test_who_sees_no_value_reads_none(
        self, visit: Visit, stage: Stage, operator: Actor, case: int
    ) -> None:
        assert visit(operator).get(f"/instances/{case}").status_code == 200
        assert stage.rows(AccessEvent, kind="personal_data_read") == []

    def test_the_auditor_sees_the_reading_and_not_the_case(
        self, visit: Visit, stage: Stage, auditor: Actor, cast: Cast, case: int, now: datetime
    ) -> None:
        with stage.rooms.write() as tools:
            right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.CASE, Action.READ)
            rights.grant(tools, right, actor=SYSTEM, now=now)
        visit(cast.stranger).get(f"/instances/{case}")
        browser = visit(auditor)
        page = browser.get("/audit", subject="zhang.min", group="readings").text
        assert events(page) == ["查看个人信息"]
        assert "王伟（wang.wei）" in page
        assert browser.get(f"/instances/{case}").status_code == 404


class TestExport:
    """The list as a file."""

    def test_it_holds_what_the_list_shows(
        self, visit: Visit, auditor: Actor, did: Did, stage: Stage
    ) -> None:
        did(AccessKind.SIGN_IN)
        did(AccessKind.EXPORT, "zhang.min", details={"reason": "=1+1"})
        sent = {"kind": "export", "reason": "季度检查"}

        answer = visit(auditor).post("/audit/export", sent)

        assert answer.headers["Content-Disposition"].startswith("attachment")
        sheet = load_workbook(BytesIO(answer.data)).active
        assert sheet is not None
        head, *rows = sheet.iter_rows(values_only=True)
        assert head[:4] == ("时间", "操作人", "用户名", "事件")
        [row] = rows
        assert row[1:5] == ("李娜", "li.na", "导出", "张敏（zhang.min）")
        event = stage.rows(AccessEvent, kind="export", person="sun.li")[0]
        assert event["details"] == {"rows": 1, "reason": "季度检查", "filters": "事件 导出"}

    def test_no_cell_is_a_formula(self, visit: Visit, auditor: Actor, did: Did) -> None:
        did(AccessKind.EXPORT, "=HYPERLINK(1)")
        answer = visit(auditor).post("/audit/export", {"reason": "检查"})
        sheet = ZipFile(BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet

    def test_it_needs_a_reason(self, visit: Visit, auditor: Actor, stage: Stage) -> None:
        answer = visit(auditor).post("/audit/export", {"reason": " "})
        assert answer.status_code == 422
        assert stage.rows(AccessEvent, kind="export") == []

    def test_it_needs_a_right_of_its_own(
        self, visit: Visit, auditor: Actor, rooms: Rooms, did: Did, now: datetime
    ) -> None:
        did(AccessKind.SIGN_IN)
        right = Grant(GranteeKind.PERSON, AUDITOR.username, "*", ObjectKind.AUDIT, Action.EXPORT)
        with rooms.write() as tools:
            rights.revoke(tools, right, actor=SYSTEM, now=now)
        browser = visit(auditor)
        assert "导出为表格文件" not in browser.get("/audit").text
        assert browser.post("/audit/export", {"reason": "x"}).status_code == 404


class TestSoundness:
    """Whether somebody has changed the record behind its back."""

    @pytest.fixture(autouse=True)
    def recorded(self, auditor: Actor, rooms: Rooms, now: datetime) -> None:
        with rooms.write() as tools:
            record_cast(tools, now - timedelta(days=9))

    def test_nothing_was_verified_yet(self, visit: Visit, auditor: Actor) -> None:
        page = visit(auditor).get("/audit/soundness").text
        assert "还没有核对过" in page
        assert "7 条访问日志" in page

    def test_a_sound_record_is_said_to_be(self, visit: Visit, auditor: Actor) -> None:
        browser = visit(auditor)
        assert browser.post("/audit/verify").location == "/audit/soundness"
        page = browser.get("/audit/soundness").text
        assert "没有发现改动" in page
        assert "孙丽（sun.li）" in page

    def test_a_changed_row_is_named(
        self, visit: Visit, auditor: Actor, rooms: Rooms, did: Did
    ) -> None:
        did(AccessKind.EXPORT)
        with rooms.write() as tools:
            tools.session.execute(
                update(AccessEvent).where(AccessEvent.person == "li.na").values(address="127.0.0.1")
            )
        browser = visit(auditor)
        browser.post("/audit/verify")
        page = browser.get("/audit/soundness").text
        assert "有 1 处不符" in page
        assert "li.na 在2026年3月2日的访问日志，第 1 条" in page

    def test_heads_go_out_and_come_back(
        self, visit: Visit, auditor: Actor, rooms: Rooms, did: Did
    ) -> None:
        did(AccessKind.EXPORT)
        browser = visit(auditor)
        file = browser.post("/audit/heads").data
        with rooms.write() as tools:
            tools.session.execute(delete(AccessEvent).where(AccessEvent.person == "li.na"))
        answer = browser.post("/audit/verify", {"heads": (BytesIO(file), "heads.jsonl")})
        assert answer.status_code == 302
        page = browser.get("/audit/soundness").text
        assert "末尾的记录被删除" in page
        assert "对照了 2 个锚点" in page

    @pytest.mark.parametrize("content", [b"x", b"\xff\xfe", b'{"format": "jiaoyan-heads-1"}\n'])
    def test_a_file_that_is_none_is_refused(
        self, visit: Visit, auditor: Actor, content: bytes
    ) -> None:
        answer = visit(auditor).post("/audit/verify", {"heads": (BytesIO(content), "h.jsonl")})
        assert answer.status_code == 400
        assert "锚点文件" in answer.text


def test_nobody_else_learns_that_there_are_such_pages(
    visit: Visit, cast: Cast, operator: Actor, rooms: Rooms, now: datetime
) -> None:
    with rooms.write() as tools:
        right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.ACT)
        rights.grant(tools, right, actor=SYSTEM, now=now)
    for actor in (cast.applicant, cast.officer, cast.stranger, operator):
        browser = visit(actor)
        assert ">审计<" not in browser.get("/").text
        for path in PATHS:
            assert browser.get(path).status_code == 404, (actor.username, path)
        for path in POSTS:
            answer = browser.post(path, {"reason": "x"})
            assert answer.status_code == 404, (actor.username, path)


def test_without_signing_in_there_is_nothing(visit: Visit) -> None:
    for path in PATHS:
        assert "/sign-in" in visit(None).get(path).location
