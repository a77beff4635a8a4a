"""The page of rights: given and taken by administrators, nothing filled in is lost."""

import pytest

from service.commands import rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.queries.subjects import Subject, SubjectKind
from service.store.tables import AccessEvent, AuthorizationGrant
from service.web.rights_texts import Subjects
from tests.commands.administering import administrator_of
from tests.engine.builders import diagram, end, flows, properties, start, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import bring_in
from tests.fixtures_organization import Bureau
from tests.fixtures_store import OFFICE, Cast
from tests.web.conftest import Visit

LEAVE = diagram(
    start(), user("it", assignee="li.na"), end(), flows("start", "it", "end"),
    process_id="leave", extensions=properties(closed="true"),
).replace(b'id="leave"', 'id="leave" name="请假"'.encode(), 1)  # fmt: skip
CASES = {"grantee_kind": "group", "grantee": "人事科", "right": "case.read", "process": "leave"}


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    return administrator_of(rooms, rooms.clock())


def let(rooms: Rooms, username: str, object: ObjectKind, action: Action) -> None:
    right = Grant(GranteeKind.PERSON, username, "*", object, action)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())


def test_a_right_is_given_shown_and_taken(visit: Visit, stage: Stage, admin: Actor) -> None:
    visitor = visit(admin)
    assert visitor.post("/admin/rights", CASES | {"reason": "分管准入"}).status_code == 302
    page = visitor.get("/admin/rights", person="li.na").text
    for text in ("人事科", "查看事项内容", "敏感", "分管准入", "在这个用户组里", "管理员"):
        assert text in page
    key = stage.key(AuthorizationGrant, grantee=OFFICE)
    detail = visitor.get(f"/admin/rights/{key}").text
    assert "李娜" in detail
    assert visitor.post(f"/admin/rights/{key}/revoke", {"reason": "调岗"}).status_code == 302
    assert visitor.get(f"/admin/rights/{key}").status_code == 404
    assert visitor.post(f"/admin/rights/{key}/revoke").status_code == 404
    kinds = [row["kind"] for row in stage.rows(AccessEvent, subject=OFFICE)]
    assert kinds == ["right_granted", "right_revoked"]


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"reason": ""}, 400, "请写明授权的理由"),
        ({"right": "audit.act"}, 400, "对这类对象没有这种操作"),
        ({"right": "x"}, 400, "没有选可以做什么"),
        ({"grantee_kind": "x"}, 400, "没有选授予谁"),
        ({"grantee": ""}, 400, "没有写授予的人或组"),
        ({"grantee": "没有的组"}, 400, "没有叫“没有的组”的人或用户组"),
        ({"grantee": "教研员 @ 没有的机构"}, 400, "没有叫“没有的机构”的机构"),
        ({"grantee_kind": "person", "grantee": "管理员"}, 409, "不能给自己授权"),
        ({"grantee_kind": "everyone"}, 409, "敏感权限不能授予全体人员"),
        ({"process": "x" * 250}, 400, "太长"),
        ({"process": ""}, 400, "没有写流程或名册"),
    ],
)
def test_what_cannot_be_given_is_refused_with_all_that_was_filled_in(
    visit: Visit, stage: Stage, admin: Actor, change: dict[str, str], status: int, said: str
) -> None:
    sent = {**CASES, "reason": "分管<b>准入", **change}
    answer = visit(admin).post("/admin/rights", sent)
    assert answer.status_code == status
    assert said in answer.text
    assert len(stage.rows(AuthorizationGrant)) == 1
    if sent["reason"]:
        assert "分管&lt;b&gt;准入" in answer.text


def test_people_are_named_by_name_or_user_name(visit: Visit, stage: Stage, admin: Actor) -> None:
    visitor = visit(admin)
    for number, person in enumerate(("王伟", "zhang.min")):
        sent = {"grantee_kind": "person", "grantee": person, "right": "procedure.act"}
        assert visitor.post("/admin/rights", sent | {"process": f"p{number}"}).status_code == 302
    grantees = {row["grantee"] for row in stage.rows(AuthorizationGrant, object="procedure")}
    assert grantees == {"wang.wei", "zhang.min"}


def test_a_post_group_is_a_grantee(
    visit: Visit, stage: Stage, admin: Actor, bureau: Bureau
) -> None:
    bureau.begin("wang.wei", "city", labels=["数学"])
    sent = CASES | {"grantee": "教研员 · 数学 @ 市教研机构", "reason": "分管"}
    visitor = visit(admin)
    assert visitor.post("/admin/rights", sent).status_code == 302
    page = visitor.get("/admin/rights", person="wang.wei").text
    assert "岗位：市教研机构 教研员（数学）" in page


def test_the_last_administrator_stays(visit: Visit, stage: Stage, admin: Actor) -> None:
    key = stage.key(AuthorizationGrant, grantee=admin.username)
    answer = visit(admin).post(f"/admin/rights/{key}/revoke")
    assert answer.status_code == 409
    assert "没有人能管理账号和授权" in answer.text


def test_an_auditor_sees_the_rights_with_their_history_and_no_form(
    visit: Visit, rooms: Rooms, stage: Stage, cast: Cast
) -> None:
    let(rooms, "wang.wei", ObjectKind.AUDIT, Action.READ)
    auditor = visit(cast.stranger)
    page = auditor.get("/admin/rights").text
    assert "/audit?group=rights" in page
    assert 'method="post" action="/admin' not in page
    assert "/admin/people" not in page
    key = stage.key(AuthorizationGrant, grantee="wang.wei")
    detail = auditor.get(f"/admin/rights/{key}").text
    assert 'method="post" action="/admin' not in detail
    assert auditor.post(f"/admin/rights/{key}/revoke").status_code == 403
    assert "授予权限" in auditor.get("/audit", group="rights").text


def test_a_reader_of_accounts_sees_no_history(visit: Visit, rooms: Rooms, cast: Cast) -> None:
    let(rooms, "wang.wei", ObjectKind.ACCOUNT, Action.READ)
    reader = visit(cast.stranger)
    assert "/audit" not in reader.get("/admin/rights").text
    assert reader.post("/admin/rights", CASES).status_code == 403


@pytest.fixture
def sealed(stage: Stage) -> Stage:
    """`leave` is closed; the office may do something with everything, and with this by name."""
    bring_in(stage.rooms, LEAVE)
    office = (GranteeKind.GROUP, OFFICE)
    with stage.rooms.write() as tools:
        for process_id in (ALL, "leave"):
            right = Grant(*office, process_id, ObjectKind.RUNNING, Action.READ)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)
    return stage


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"reason": "分管"}, 302),
        ({"right": "running.read", "reason": ""}, 400),
        ({"right": "running.read", "grantee_kind": "everyone", "reason": "分管"}, 400),
        ({"right": "procedure.act", "grantee_kind": "everyone", "reason": ""}, 302),
    ],
)
def test_a_closed_procedure_is_given_to_whom_it_names_with_a_reason(
    visit: Visit, sealed: Stage, admin: Actor, change: dict[str, str], status: int
) -> None:
    answer = visit(admin).post("/admin/rights", CASES | change)
    assert answer.status_code == status
    if status == 400:
        assert "是封闭的流程" in answer.text


def test_the_rights_to_a_closed_procedure_are_those_that_name_it(
    visit: Visit, sealed: Stage, admin: Actor
) -> None:
    everything = visit(admin).get("/admin/rights").text
    for said in ("请假（封闭）", "全部流程，包括以后新增的，不含封闭的流程", "没有点名授权任何人"):
        assert said in everything
    narrowed = visit(admin).get("/admin/rights", process="leave").text
    rows = narrowed.split("<tbody>")[1]
    assert rows.count("请假（封闭）") == 1
    assert "全部流程" not in rows
    right = Grant(GranteeKind.GROUP, OFFICE, "leave", ObjectKind.RUNNING, Action.ACT)
    with sealed.rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=sealed.clock.now)
    assert "没有点名授权任何人" not in visit(admin).get("/admin/rights").text


def test_a_process_and_a_form_of_one_id_are_chosen_once_by_the_name_of_the_process() -> None:
    process = Subject(SubjectKind.PROCESS, "meeting", "局党组会议", closed=True)
    form = Subject(SubjectKind.FORM, "meeting", "拟定党组会议")
    other = Subject(SubjectKind.FORM, "notice", "会议通知")
    choices = Subjects((process, form, other), registers={}).choices()
    assert {title: [one.label for one in some] for title, some in choices.items()} == {
        "流程": ["局党组会议（封闭）"], "表单": ["会议通知"],
    }  # fmt: skip
