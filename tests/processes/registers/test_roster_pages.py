"""The pages of the registers through the real application: read, entered, refused, exported."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from processes.registers.staffing.rosters import RESEARCHER_ROSTER, SEAT_ROSTER
from service import app
from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.settings import Settings
from service.store.database import Database
from service.store.tables import AccessEvent, AuthorizationGrant
from service.web.identity import COOKIE
from tests.processes.registers.conftest import Office
from tests.processes.registers.entering import DISTRICT, borrowed, part_timer, researcher, seat
from tests.processes.registers.test_roster_workbooks import book
from tests.web.conftest import signed_in

CLERK, STRANGER = "researcher07", "researcher08"
SEATS, PEOPLE, MATRIX = "/registers/seats", "/registers/researchers", "/registers/matrix"
RULES, SETTERS = "/registers/staffing-rules", "/registers/setters"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The pages know no SQL."""
    return sqlite_database


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser in which somebody is signed in."""

    client: FlaskClient

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.status_code
        return answer.text

    def status(self, path: str) -> int:
        return self.client.get(path).status_code

    def post(self, path: str, **data: object) -> tuple[int, str]:
        page = self.client.get("/sign-in?resume=1").text
        token = page.split('name="csrf-token" content="')[1].split('"')[0]
        answer = self.client.post(path, data={"csrf_token": token, **data})
        text = answer.text if (answer.mimetype or "").startswith("text") else ""
        return answer.status_code, text

    def file(self, path: str, **data: object) -> bytes:
        page = self.client.get("/sign-in?resume=1").text
        token = page.split('name="csrf-token" content="')[1].split('"')[0]
        answer = self.client.post(path, data={"csrf_token": token, **data})
        assert answer.status_code == 200, answer.status_code
        return answer.get_data()


@dataclass(frozen=True, slots=True)
class Door:
    """Where people come in."""

    rooms: Rooms
    settings: Settings
    office: Office

    def visit(self, username: str) -> Visitor:
        pages = app.web_application(self.settings, app.discover(), self.rooms)
        client = pages.test_client()
        client.set_cookie(COOKIE, signed_in(self.rooms, Actor(username)))
        return Visitor(client)

    def events(self, kind: str) -> list[AccessEvent]:
        with self.rooms.read() as session:
            found = select(AccessEvent).where(AccessEvent.kind == kind).order_by(AccessEvent.key)
            return list(session.scalars(found))


@pytest.fixture
def door(settings: Settings, office: Office, now: datetime) -> Door:
    rooms = replace(
        app.assemble(settings, app.discover(), clock=lambda: now), database=office.database
    )
    with rooms.write() as tools:
        for register in ("seats", "researchers", "establishments", "staffing-rules"):
            for action in Action:
                tools.session.add(
                    AuthorizationGrant(
                        key=tools.keys.next(), grantee_kind="person", grantee=CLERK,
                        process_id=register, object=ObjectKind.REGISTER, action=action,
                        granted_at=now, granted_by="admin", reason="",
                    )
                )  # fmt: skip
    return Door(rooms, settings, office)


def test_a_stranger_finds_no_page(door: Door, staffed: tuple[int, int]) -> None:
    visitor = door.visit(STRANGER)
    paths = [SEATS, PEOPLE, MATRIX, RULES, SETTERS, f"{SEATS}/new", f"{SEATS}/import",
             f"{SEATS}/{staffed[0]}", f"{PEOPLE}/{staffed[1]}",
             f"{MATRIX}/city-research/小学语文"]  # fmt: skip
    assert {path: visitor.status(path) for path in paths} == dict.fromkeys(paths, 404)
    for path in (f"{SEATS}/new", f"{SEATS}/export", f"{SEATS}/import", f"{SEATS}/import/check"):
        assert visitor.post(path, reason="试试看")[0] == 404
    assert "教研队伍" not in visitor.get("/")


def test_an_office_of_a_district_finds_its_own_alone(door: Door, staffed: tuple[int, int]) -> None:
    """With a right to `seats@…` and nothing else."""
    own = door.office.enter(SEAT_ROSTER, seat("HB-01", unit_id=DISTRICT))
    with door.rooms.write() as tools:
        for action in Action:
            right = Grant(
                GranteeKind.PERSON, STRANGER, f"seats@{DISTRICT}", ObjectKind.REGISTER, action
            )
            rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock(), reason="本区登记")
    visitor = door.visit(STRANGER)
    assert f'href="{MATRIX}"' in visitor.get("/")
    for path in (MATRIX, SEATS):
        page = visitor.get(path)
        assert ("海勃湾区教研室" in page, "市教研机构" in page) == (True, False)
    for username, everywhere in ((STRANGER, False), (CLERK, True)):
        units = door.visit(username).get(MATRIX).split('name="unit"')[1].split("</select>")[0]
        assert ("全市" in units) is everywhere
    assert visitor.status(f"{MATRIX}/{DISTRICT}/小学语文") == 200
    hidden = (f"{MATRIX}/city-research/小学语文", f"{SEATS}/{staffed[0]}", PEOPLE)
    assert {visitor.status(path) for path in hidden} == {404}
    units = visitor.get(f"{SEATS}/new").split('name="unit_id"')[1].split("</select>")[0]
    assert ("海勃湾区教研室" in units, "市教研机构" in units) == (True, False)
    detail = visitor.get(f"{SEATS}/{own}")
    assert "更正" in detail
    cells = seat("HB-02", unit_id="city-research", seat="小学数学", reason="新设")
    status, page = visitor.post(f"{SEATS}/new", **cells)
    assert (status, "你的权限只限本机构的记录" in page) == (422, True)
    assert visitor.post(f"{SEATS}/{staffed[0]}/end", how="撤销", on="2026-01-01", revision="1",
                        reason="越权")[0] == 404  # fmt: skip


def test_the_closed_bank_is_not_there_for_the_clerk(door: Door) -> None:
    visitor = door.visit(CLERK)
    assert visitor.status(SETTERS) == 404
    assert "命题人员" not in visitor.get(MATRIX)
    assert f'href="{MATRIX}"' in visitor.get("/")


@pytest.mark.parametrize(
    ("change", "status"),
    [({"grantee_kind": "everyone"}, 400), ({"reason": ""}, 400), ({}, 302)],
)
def test_a_closed_register_is_given_to_named_people_with_a_reason(
    door: Door, change: dict[str, str], status: int
) -> None:
    with door.rooms.write() as tools:
        for action in (Action.READ, Action.ACT):
            right = Grant(GranteeKind.PERSON, CLERK, ALL, ObjectKind.ACCOUNT, action)
            rights.grant(tools, right, actor=SYSTEM, now=door.office.now)
    sent = {"grantee_kind": "person", "grantee": STRANGER, "right": "register.read",
            "process": "setters", "reason": "考务组"}  # fmt: skip
    visitor = door.visit(CLERK)
    assert visitor.post("/admin/rights", **sent | change)[0] == status
    assert "命题人员库（封闭）" in visitor.get("/admin/rights")
    assert door.visit(STRANGER).status(SETTERS) == (200 if status == 302 else 404)


def test_the_matrix_says_in_words_what_its_colours_say(door: Door) -> None:
    office = door.office
    office.enter(SEAT_ROSTER, seat())
    office.enter(RESEARCHER_ROSTER, researcher())
    office.enter(SEAT_ROSTER, borrowed("SJ-02", seat="小学数学", ends_on="2026-06-30"))
    office.enter(RESEARCHER_ROSTER, researcher("researcher02", seat_code="SJ-02"))
    office.enter(RESEARCHER_ROSTER, part_timer("researcher03", covers="小学科学", waiver="党组1号"))
    page = door.visit(CLERK).get(MATRIX)
    for said in ("小学语文：● 在岗", "小学数学：◐ 预警2026年7月", "小学科学：○ 空缺有兼职",
                 "小学信息科技：○ 空缺未设岗", "2026年10月20日", "S-DUE"):  # fmt: skip
        assert said in page
    district = door.visit(CLERK).get(f"{MATRIX}?unit=haibowan-research")
    assert "普通高中语文" not in district
    assert district.count('class="cell-link') == 1 + 5 + 9 + 7 * 2


def test_a_cell_says_who_since_when_and_by_which_rule(door: Door, staffed: tuple[int, int]) -> None:
    page = door.visit(CLERK).get(f"{MATRIX}/city-research/小学语文")
    assert f'href="{PEOPLE}/{staffed[1]}"' in page
    empty = door.visit(CLERK).get(f"{MATRIX}/city-research/初中物理")
    for said in ("空缺自", "2023年10月20日", "没有设岗位", "第十五条"):
        assert said in empty
    assert door.visit(CLERK).status(f"{MATRIX}/haibowan-research/普通高中语文") == 404


def test_a_gap_says_how_it_is_filled_and_by_whom(door: Door, staffed: tuple[int, int]) -> None:
    gap, start = f"{MATRIX}/city-research/初中物理", "/start/recruitment_open"
    visitor = door.visit(CLERK)
    assert "（由教研机构的负责人发起）" in visitor.get(gap)
    assert start not in visitor.get(gap)
    with door.rooms.write() as tools:
        right = Grant(
            GranteeKind.PERSON, CLERK, "recruitment_open", ObjectKind.PROCEDURE, Action.ACT
        )
        rights.grant(tools, right, actor=SYSTEM, now=door.rooms.clock())
    assert f'href="{start}?choice=city-research/' in visitor.get(gap)
    assert "怎么补" not in visitor.get(f"{MATRIX}/city-research/小学语文")


def test_an_entry_is_made_changed_and_ended_on_pages(door: Door) -> None:
    visitor = door.visit(CLERK)
    status, page = visitor.post(f"{SEATS}/new", **seat(seat="体操"), reason="编办批复")
    assert (status, "没有“体操”这个学段学科" in page) == (422, True)
    assert 'value="SJ-01"' in page
    assert visitor.post(f"{SEATS}/new", **seat(), reason="编办批复")[0] == 302
    (key,) = door.office.keys(SEAT_ROSTER)
    detail = visitor.get(f"{SEATS}/{key}")
    assert "编办批复" in detail
    assert "没有被改动" in detail
    changed = {"revision": "1", "reason": "核对", "grade": "中级"}
    assert visitor.post(f"{SEATS}/{key}/change", **changed)[0] == 302
    assert visitor.post(f"{SEATS}/{key}/change", **changed)[0] == 409
    assert "岗位等级：（空） → 中级" in visitor.get(f"{SEATS}/{key}")
    ended = {"revision": "2", "reason": "核对", "how": "撤销"}
    assert visitor.post(f"{SEATS}/{key}/end", **ended)[0] == 400
    assert visitor.post(f"{SEATS}/{key}/end", **ended, on="2026-03-01")[0] == 302
    assert "已结束" in visitor.get(f"{SEATS}/{key}")
    assert "SJ-01" in visitor.get(f"{SEATS}?ended=1")


def test_who_opens_somebodys_entry_is_recorded(door: Door, staffed: tuple[int, int]) -> None:
    door.visit(CLERK).get(f"{PEOPLE}/{staffed[1]}")
    door.visit("researcher01").get(f"{PEOPLE}/{staffed[1]}")
    found = [(one.person, one.subject, one.reference) for one in door.events("personal_data_read")]
    assert found == [(CLERK, "researcher01", f"researchers/{staffed[1]}")]


def test_an_export_needs_a_reason_and_is_recorded(door: Door, staffed: tuple[int, int]) -> None:
    visitor = door.visit(CLERK)
    assert visitor.post(f"{SEATS}/export", reason="")[0] == 400
    assert door.events("export") == []
    assert visitor.post(f"{SEATS}/export", reason="报市编办核对")[0] == 200
    (event,) = door.events("export")
    assert (event.reference, event.details) == ("seats", {"rows": 1, "reason": "报市编办核对"})


def test_an_import_is_checked_refused_reported_and_taken(door: Door) -> None:
    visitor = door.visit(CLERK)

    def sent(content: bytes) -> dict[str, object]:
        return {"file": (BytesIO(content), "x.xlsx")}

    bad = book(SEAT_ROSTER, seat(), seat("SJ-02", seat="体操"))
    status, page = visitor.post(f"{SEATS}/import/check", **sent(bad))
    assert (status, "有 1 行不能导入" in page) == (200, True)
    assert visitor.post(f"{SEATS}/import", **sent(bad), digest="x", reason="核对")[0] == 409
    assert door.office.keys(SEAT_ROSTER) == []
    good = book(SEAT_ROSTER, seat())
    page = visitor.post(f"{SEATS}/import/check", **sent(good))[1]
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    assert visitor.post(f"{SEATS}/import", **sent(good), digest=digest[1], reason="")[0] == 400
    assert visitor.post(f"{SEATS}/import", **sent(good), digest=digest[1], reason="核对")[0] == 302
    assert len(door.office.keys(SEAT_ROSTER)) == 1
    answer = visitor.client.get(f"{SEATS}/import/template")
    assert load_workbook(BytesIO(answer.data)).sheetnames == ["编制与岗位", "填写说明"]


def test_a_setting_is_changed_with_a_reason_from_a_day_on(door: Door) -> None:
    visitor = door.visit(CLERK)
    said = {"setting": "hard-due", "value": "2027-10-20", "revision": "0", "reason": "局党组决定"}
    early = visitor.post(RULES, **said, effective_from="2026-03-01")
    assert (early[0], "不能从过去的日期起生效" in early[1]) == (400, True)
    assert visitor.post(RULES, **said | {"value": "明年"}, effective_from="2026-03-02")[0] == 400
    assert visitor.post(RULES, **said, effective_from="2026-03-02")[0] == 302
    assert visitor.post(RULES, **said, effective_from="2026-03-02")[0] == 409
    page = visitor.get(RULES)
    assert "把“期限（3年），过后空缺即为逾期”设为“2027年10月20日”" in page
    assert "2027年10月20日" in visitor.get(MATRIX)
    assert door.events("register_changed")[-1].reference == "staffing-rules/hard-due"


@pytest.mark.parametrize("path", [f"{SEATS}?after=x", f"{SEATS}?q=%00&source=%00", f"{SEATS}/4"])
def test_what_means_nothing_is_answered_in_words(door: Door, path: str) -> None:
    answer = door.visit(CLERK).client.get(path)
    assert answer.status_code in {200, 400, 404}
    assert "系统出错" not in answer.text


def test_the_matrix_says_how_many_retired_ones_there_may_be(
    door: Door, staffed: tuple[int, int]
) -> None:
    """One full-time researcher: a tenth of that is nobody (R-CH-3)."""
    page = re.sub(r"<[^>]+>", "", door.visit(CLERK).get(MATRIX))
    assert re.search(r"返聘.*0\s*（上限0）", page, re.DOTALL)
    assert "返聘不超过专职在岗数的百分之几：10" in page
