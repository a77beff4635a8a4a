"""The pages about accounts: for administrators; readers see them without a form; nobody else."""

import pytest
from flask import Flask

from service.commands import personal_data, rights
from service.commands.rooms import Rooms
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, Grant, GranteeKind, ObjectKind
from service.domain.personal_data import PersonalKind
from service.store.tables import PasswordLink, Person
from tests.commands.administering import administrator_of, events_about
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE, Cast
from tests.web.addresses import addresses
from tests.web.conftest import Visit


@pytest.fixture
def admin(rooms: Rooms, cast: Cast) -> Actor:
    return administrator_of(rooms, rooms.clock())


@pytest.fixture
def reader(rooms: Rooms, cast: Cast) -> Actor:
    """Somebody who may see accounts and not change them."""
    right = Grant(GranteeKind.PERSON, "wang.wei", "*", ObjectKind.ACCOUNT, Action.READ)
    with rooms.write() as tools:
        rights.grant(tools, right, actor=SYSTEM, now=rooms.clock())
    return cast.stranger


def record(rooms: Rooms, kind: PersonalKind, text: str) -> None:
    with rooms.write() as tools:
        personal_data.record(
            tools, username="li.na", kind=kind, text=text, actor=SYSTEM, now=rooms.clock()
        )


ADMIN = [
    ("GET", "/admin/"),
    ("GET", "/admin/people"),
    ("GET", "/admin/people/1"),
    ("GET", "/admin/organization"),
    ("GET", "/admin/organization/units/1"),
    ("GET", "/admin/organization/import"),
    ("GET", "/admin/organization/import/template"),
    ("GET", "/admin/groups"),
    ("GET", "/admin/deputies"),
    ("GET", "/admin/rights"),
    ("GET", "/admin/calendar"),
]
"""What somebody may look at who changes nothing."""


def test_the_menu_leads_administrators_here_and_nobody_else(
    visit: Visit, cast: Cast, admin: Actor
) -> None:
    assert "系统管理" in visit(admin).get("/inbox/todo").text
    assert "系统管理" not in visit(cast.officer).get("/inbox/todo").text


def test_a_reader_sees_and_changes_nothing(
    app: Flask, visit: Visit, rooms: Rooms, reader: Actor
) -> None:
    record(rooms, PersonalKind.MOBILE, "13812345678")
    visitor = visit(reader)
    assert "李娜" in visitor.get("/admin/people").text
    page = visitor.get("/admin/people/li.na").text
    assert "138****5678" in page
    assert 'method="post" action="/admin' not in page
    for rule, method, path in addresses(app):
        if path.startswith("/admin") and (method, path) not in ADMIN:
            there = path.replace("/people/1", "/people/li.na").replace(
                "personal/1", "personal/mobile"
            )
            assert visitor.send(method, there).status_code in {403, 404}, (method, rule.rule)


def test_a_new_account_gets_its_groups_its_values_and_a_link(
    visit: Visit, stage: Stage, admin: Actor
) -> None:
    sent = {
        "name": "陈洁", "username": "chen.jie", "group": OFFICE,
        "mobile": "138 1234 5678", "id_number": "", "mail": "chen.jie@example.cn",
    }  # fmt: skip
    page = visit(admin).post("/admin/people/new", sent)
    assert page.status_code == 200
    assert "http://localhost/password/" in page.text
    assert stage.row(PasswordLink)["purpose"] == "invitation"
    kinds = [kind for _who, kind, _details in events_about(stage.rooms, "chen.jie")]
    assert kinds.count("account_created") == 1


def test_everything_wrong_is_told_at_once_and_nothing_is_made(
    visit: Visit, stage: Stage, admin: Actor
) -> None:
    sent = {"name": "陈\n洁", "username": "a b", "mobile": "12345", "id_number": "1", "mail": "x"}
    page = visit(admin).post("/admin/people/new", sent)
    assert page.status_code == 422
    assert page.text.count("invalid-feedback") == 5
    assert 'value="12345"' in page.text
    assert len(stage.rows(Person)) == 4


def test_a_name_or_a_number_that_is_taken_is_told_at_its_field(
    visit: Visit, rooms: Rooms, admin: Actor
) -> None:
    record(rooms, PersonalKind.MOBILE, "13812345678")
    visitor = visit(admin)
    taken = visitor.post("/admin/people/new", {"name": "李娜", "username": "li.na"})
    assert taken.status_code == 409
    assert 'id="username-error"' in taken.text
    sent = {"name": "陈洁", "username": "chen.jie", "mobile": "13812345678"}
    taken = visitor.post("/admin/people/new", sent)
    assert taken.status_code == 409
    assert 'id="mobile-error"' in taken.text
    assert "chen.jie" in taken.text
    assert visitor.get("/admin/people/chen.jie").status_code == 404


def test_a_value_in_clear_is_on_no_page_that_can_be_opened_again(
    visit: Visit, rooms: Rooms, admin: Actor
) -> None:
    record(rooms, PersonalKind.MOBILE, "13812345678")
    visitor = visit(admin)
    path = "/admin/people/li.na/personal/mobile/reveal"
    assert "13812345678" not in visitor.post(path, {"reason": " "}).text
    shown = visitor.post(path, {"reason": "核对"})
    assert "13812345678" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert visitor.get(path).status_code == 405
    assert "13812345678" not in visitor.get("/admin/people/li.na").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/people/nobody", 404),
        ("/admin/people/nobody/leave", 404),
        ("/admin/people/li.na/tasks", 409),
        ("/admin/people/li.na%00", 400),
        (f"/admin/people/{'x' * 2000}", 404),
    ],
)
def test_a_guessed_address_is_answered_and_nothing_breaks(
    visit: Visit, admin: Actor, path: str, status: int
) -> None:
    assert visit(admin).get(path).status_code == status


def test_what_a_form_should_not_hold_is_refused(visit: Visit, admin: Actor) -> None:
    visitor = visit(admin)
    assert visitor.get("/admin/people", after="x").status_code == 400
    assert visitor.get("/admin/people", state="x", kind="x", group="x").status_code == 200
    assert visitor.post("/admin/people/li.na/personal/nose", {"value": "x"}).status_code == 404
    assert visitor.post("/admin/people/li.na/groups", {"group": "x"}).status_code == 404
    assert visitor.post("/admin/people/nobody/lock", {"reason": "试试看"}).status_code == 404
    assert visitor.post("/admin/people/guan.li/lock", {"reason": "试试看"}).status_code == 409


def test_an_administrator_learns_nothing_of_the_case(
    visit: Visit, stage: Stage, deploy: Deploy, admin: Actor
) -> None:
    deploy(*REVIEW)
    stage.start("review", variables={"姓名": "王小明"})
    page = visit(admin).get("/admin/people/li.na/leave").text
    assert "核对材料" in page
    assert "王小明" not in page


def test_leaving_is_done_from_the_page(
    visit: Visit, stage: Stage, deploy: Deploy, admin: Actor
) -> None:
    deploy("errand.bpmn")
    task = stage.task(stage.start("errand").instance_key, "ask")
    visitor = visit(admin)
    sent = {"successor": "li.na", f"task-{task}": "successor", "task-x": "successor"}
    done = visitor.post("/admin/people/zhang.min/leave", sent)
    assert done.location == "/admin/people/zhang.min"
    assert "交给接手人 1 项" in visitor.get("/admin/people/zhang.min").text
    again = visitor.post("/admin/people/zhang.min/leave", sent)
    assert again.status_code == 409
    assert "离岗" in again.text
