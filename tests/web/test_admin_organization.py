"""The administrator's pages of units, posts, groups, deputies, and the import."""

import io
from collections.abc import Mapping

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.store.tables import AccessEvent, Deputy, Membership, OrganizationUnit, Post
from tests.books import UNITS, book
from tests.commands.administering import administrator_of
from tests.fixtures_commands import Stage
from tests.fixtures_organization import Bureau
from tests.fixtures_store import OFFICE, Cast
from tests.web.conftest import Visit, Visitor


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    return administrator_of(rooms, rooms.clock())


@pytest.fixture
def visitor(visit: Visit, admin: Actor, bureau: Bureau) -> Visitor:
    return visit(admin)


def upload(
    visitor: Visitor, path: str, content: bytes, name: str = "机构.xlsx", **more: str
) -> TestResponse:
    data: Mapping[str, object] = {"file": (io.BytesIO(content), name), **more}
    return visitor.post(path, data)


PAGES = (
    "/admin/organization",
    "/admin/organization/units/city",
    "/admin/organization/import",
    "/admin/organization/import/template",
    "/admin/groups",
    "/admin/deputies",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_finds_none_of_them(visit: Visit, bureau: Bureau, cast: Cast, path: str) -> None:
    assert visit(cast.officer).get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES[:-3])
def test_who_only_reads_accounts_sees_no_form(
    visit: Visit, rooms: Rooms, bureau: Bureau, cast: Cast, path: str
) -> None:
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.READ)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    reader = visit(cast.stranger)

    page = reader.get(path)

    assert page.status_code == 200
    assert 'action="/admin' not in page.text
    refused = reader.post("/admin/organization", {"id": "new", "name": "新科"})
    assert refused.status_code == 403


def test_a_unit_is_made_changed_moved_closed_and_opened(visitor: Visitor, stage: Stage) -> None:
    made = {"id": "school", "name": "示例小学01", "kind": "学校", "parent": "wuda"}
    assert visitor.post("/admin/organization", made).status_code == 302
    there = "/admin/organization/units/school"
    assert "示例小学01" in visitor.get("/admin/organization").text
    assert (
        visitor.post(f"{there}/change", {"name": "示例小学一", "position": "3"}).status_code == 302
    )
    assert visitor.post(f"{there}/move", {"parent": "haibowan"}).status_code == 302
    page = visitor.get(there).text
    assert "示例小学一" in page
    assert "海勃湾区教研室" in page
    assert visitor.post(f"{there}/close").status_code == 302
    assert "示例小学一" not in visitor.get("/admin/organization").text
    assert "示例小学一" in visitor.get("/admin/organization", closed="1").text
    assert visitor.post(f"{there}/reopen").status_code == 302
    assert stage.row(OrganizationUnit, id="school")["closed_at"] is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"id": "city", "name": "新科"}, "已经有机构使用"),
        ({"id": "a b", "name": "新科"}, "不能用"),
        ({"id": "new", "name": ""}, "不能用"),
        ({"id": "new", "name": "人事科", "parent": "bureau"}, "已经有叫“人事科”的机构"),
        ({"id": "new", "name": "新科", "position": "一"}, "不是整数"),
    ],
)
def test_a_unit_that_cannot_be_made_is_shown_again(
    visitor: Visitor, data: dict[str, str], why: str
) -> None:
    answer = visitor.post("/admin/organization", data)
    assert answer.status_code in {400, 409}
    assert why in answer.text
    assert f'value="{data["name"]}"' in answer.text


def test_a_ring_is_refused_on_the_page(visitor: Visitor) -> None:
    answer = visitor.post("/admin/organization/units/wuda/move", {"parent": "wuda-office"})
    assert answer.status_code == 400
    assert "环" in answer.text


def test_an_unknown_unit_is_not_there(visitor: Visitor) -> None:
    assert visitor.get("/admin/organization/units/nowhere").status_code == 404
    assert visitor.post("/admin/organization/units/nowhere/close").status_code == 404


def test_posts_begin_change_and_end(visitor: Visitor, stage: Stage) -> None:
    there = "/admin/organization/units/city"
    begun = {"person": "李娜", "title": "教研员", "labels": "数学、小学", "head": "on"}
    assert visitor.post(f"{there}/posts", begun).status_code == 302
    page = visitor.get(there).text
    assert "教研员（小学、数学）" in page
    assert "负责人" in page
    key = stage.key(Post)
    second = visitor.post(f"{there}/posts", {"person": "张敏", "title": "主任", "head": "on"})
    assert second.status_code == 409
    assert "负责人现在是李娜" in second.text

    changed = {"title": "教研员", "labels": "语文"}
    assert visitor.post(f"{there}/posts/{key}/change", changed).status_code == 302
    key = stage.key(Post, ended_at=None)
    assert visitor.post(f"{there}/posts/{key}/end").status_code == 302
    assert "曾经任职" in visitor.get(there).text
    assert visitor.post(f"{there}/posts/{key}/end").status_code == 404


def test_groups_show_who_is_in_them_now(
    visitor: Visitor, bureau: Bureau, stage: Stage, cast: Cast
) -> None:
    bureau.begin("li.na", "city", "教研员", ["数学"])
    bureau.name_group("教研员 · 数学 @ city")
    bureau.name_group("教研员 · 语文 @ city")

    page = visitor.get("/admin/groups").text

    assert "教研员 · 数学 @ 市教研机构" in page
    assert "没有人任这个岗位" in page
    assert visitor.post("/admin/groups", {"id": "new", "name": "新组"}).status_code == 302
    assert visitor.post("/admin/groups/new/members", {"person": "张敏"}).status_code == 302
    assert stage.rows(Membership, group_id="new") != []
    assert visitor.post(f"/admin/groups/{OFFICE}/members/li.na/remove").status_code == 302
    assert stage.rows(Membership, group_id=OFFICE) == []
    refused = visitor.post("/admin/groups", {"id": "a b", "name": "新组"})
    assert refused.status_code == 400
    assert visitor.post("/admin/groups/nowhere/members", {"person": "张敏"}).status_code == 404


def test_an_administrator_names_a_deputy_for_somebody(visitor: Visitor, stage: Stage) -> None:
    agreed = {"principal": "李娜", "deputy": "王伟", "from": "2026-03-02", "to": "2026-03-06"}
    assert visitor.post("/admin/deputies", agreed).status_code == 302
    assert "王伟代李娜" in visitor.get("/admin/deputies").text
    again = visitor.post("/admin/deputies", {**agreed, "deputy": "张敏"})
    assert again.status_code == 400
    assert "已经委托过" in again.text
    assert visitor.post(f"/admin/deputies/{stage.key(Deputy)}/end").status_code == 302


def test_an_import_is_looked_at_and_then_taken(visitor: Visitor, stage: Stage) -> None:
    content = book(UNITS, [["teacher001", "教师001", "school01", "教师"]])

    looked = upload(visitor, "/admin/organization/import/check", content)

    assert "已检查 3 行，都可以导入" in looked.text
    assert stage.rows(OrganizationUnit, id="school01") == []
    digest = looked.text.split('name="digest" value="')[1].split('"')[0]
    taken = upload(visitor, "/admin/organization/import", content, digest=digest)
    assert taken.status_code == 302
    assert "示例小学01" in visitor.get("/admin/organization").text


def test_another_file_than_was_looked_at_is_not_taken(visitor: Visitor, stage: Stage) -> None:
    answer = upload(visitor, "/admin/organization/import", book(UNITS), digest="0" * 64)
    assert answer.status_code == 409
    assert "与检查时的不一样" in answer.text
    assert stage.rows(OrganizationUnit, id="school01") == []


def test_what_cannot_be_taken_is_shown_and_goes_into_a_report(visitor: Visitor) -> None:
    content = book([["a", "甲", "", "nowhere"]], [["b", "=1+1"]])

    looked = upload(visitor, "/admin/organization/import/check", content).text

    assert "有 2 行不能导入" in looked
    assert "机构第 2 行，上级机构" in looked
    assert 'name="digest"' not in looked
    refused = upload(visitor, "/admin/organization/import", content)
    assert refused.status_code == 409
    report = upload(visitor, "/admin/organization/import/report", content)
    sheet = load_workbook(io.BytesIO(report.data)).worksheets[0]
    assert sheet.max_row == 3
    assert report.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "不是 .xlsx"),
        (b"x" * 100, "不是 .xlsx"),
    ],
)
def test_a_file_of_another_kind_is_told(visitor: Visitor, content: bytes, why: str) -> None:
    answer = upload(visitor, "/admin/organization/import/check", content)
    assert why in answer.text


def test_an_export_needs_its_right_and_is_recorded(
    visitor: Visitor, rooms: Rooms, stage: Stage, admin: Actor
) -> None:
    assert visitor.post("/admin/organization/export").status_code == 403
    right = Grant(GranteeKind.PERSON, admin.username, "*", ObjectKind.ACCOUNT, Action.EXPORT)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    answer = visitor.post("/admin/organization/export")
    assert load_workbook(io.BytesIO(answer.data)).sheetnames == ["机构", "人员"]
    assert len(stage.rows(AccessEvent, kind="export")) == 1
