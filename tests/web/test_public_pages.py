"""Coming in from outside by a code, and notices: open to everybody, published by few."""

import io
import re
from dataclasses import replace
from datetime import timedelta

from service.commands.rooms import Rooms
from service.store.tables import Job, VerificationCode
from service.web.app_factory import WebSettings, create_app
from tests.commands.coming_in import Pocket, come_in, deliver
from tests.fixtures_commands import Stage
from tests.fixtures_events import bring
from tests.web.conftest import Visit, Visitor
from tests.web.public import (
    NUMBER,
    PDF,
    Outsider,
    content,
    guest,
    offered,
    outsider,
    settings,
    text,
)

__all__ = ["bring", "guest", "offered", "outsider", "settings"]


def test_from_the_number_to_the_session(guest: Visitor, stage: Stage, offered: str) -> None:
    wanted = guest.get("/public/apply/review")
    assert wanted.status_code == 302
    assert "/public/sign-in?next=" in wanted.location
    guest.client.get(wanted.location)
    asked = guest.post("/public/sign-in", {"contact": NUMBER})
    assert asked.status_code == 303
    assert "138****8000" in text(guest.client.get(asked.location))
    pocket = Pocket()
    deliver(stage, pocket)
    assert guest.post("/public/sign-in/code", {"code": "000000"}).status_code == 401
    entered = guest.post("/public/sign-in/code", {"code": pocket.code})
    assert entered.location == "/public/apply/review"
    assert guest.get("/public/apply/review").status_code == 200


def test_known_and_unknown_numbers_get_the_same_pages(visit: Visit, stage: Stage) -> None:
    come_in(stage)
    stage.clock.forward(minutes=2)
    pages = []
    for number in (NUMBER, "13900139000"):
        visitor = visit(None)
        answer = visitor.post("/public/sign-in", {"contact": number})
        code = visitor.post("/public/sign-in/code", {"code": "12345"})
        shown = text(code).replace(number, "").replace(number[:3], "").replace(number[-4:], "")
        shown = re.sub(r'(content|value)="[^"]+"|编号：\w+', "", shown)
        pages.append((answer.status_code, answer.location, code.status_code, shown))
    assert pages[0] == pages[1]


def test_asking_too_often_says_how_long_to_wait(guest: Visitor, stage: Stage) -> None:
    guest.post("/public/sign-in", {"contact": NUMBER})
    again = guest.post("/public/sign-in", {"contact": NUMBER})
    assert (again.status_code, again.headers["Retry-After"]) == (429, "60")
    assert "60 秒" in text(again) or "1 分钟" in text(again)
    assert len(stage.rows(VerificationCode)) == 1


def test_without_a_gateway_the_page_says_where_to_go(rooms: Rooms, settings: WebSettings) -> None:
    app = create_app(rooms, replace(settings, channels=frozenset()))
    assert "暂时不能在网上登录" in text(app.test_client().get("/public/sign-in"))


def test_a_forged_request_sends_no_code(guest: Visitor, stage: Stage) -> None:
    guest.get("/public/sign-in")
    answer = guest.client.post("/public/sign-in", data={"contact": NUMBER})
    assert answer.status_code == 400
    assert stage.rows(Job) == []


def test_nobody_is_led_elsewhere(guest: Visitor, stage: Stage) -> None:
    for wanted in ("https://evil.example/", "//evil.example", "/inbox", "/public/\\evil"):
        guest.get("/public/sign-in", next=wanted)
        guest.post("/public/sign-in", {"contact": NUMBER})
        pocket = Pocket()
        deliver(stage, pocket)
        entered = guest.post("/public/sign-in/code", {"code": pocket.code})
        assert entered.location == "/public/applications"
        guest.post("/public/sign-out")
        stage.clock.forward(hours=2)


def test_the_demonstrations_messages_are_nowhere_else(guest: Visitor) -> None:
    assert guest.get("/public/demo-inbox").status_code == 404


def test_an_idle_session_is_over(outsider: Outsider, stage: Stage, settings: WebSettings) -> None:
    visitor, _actor = outsider()
    assert visitor.get("/public/applications").status_code == 200
    stage.clock.now += settings.idle + timedelta(minutes=1)
    assert visitor.get("/public/applications").status_code == 302


def test_who_works_here_is_no_applicant(visit: Visit, stage: Stage) -> None:
    answer = visit(stage.cast.officer).get("/public/applications")
    assert answer.status_code == 302


def test_everybody_reads_a_notice(guest: Visitor, offered: str) -> None:
    page = text(guest.get(f"/public/notices/{offered}"))
    assert "现受理审核申请。" in page
    assert "/public/apply/review" in page
    for path in ("/public", "/public/", "/public/notices"):
        assert offered in text(guest.get(path)) or "/public/apply/review" in text(guest.get(path))


def test_a_slug_that_is_none_leads_nowhere(guest: Visitor) -> None:
    for path in ("/public/notices/nothing", "/public/disclosures/nothing", "/public/nothing"):
        answer = guest.get(path)
        assert answer.status_code == 404
        assert "办事大厅首页" in text(answer)


def test_the_officer_publishes_with_a_file_and_withdraws(
    visit: Visit, stage: Stage, offered: str, guest: Visitor
) -> None:
    officer = visit(stage.cast.officer)
    assert "材料核对" in text(officer.get("/notices/new"))
    published = officer.client.post(
        "/notices/new",
        data={
            "csrf_token": officer.token(),
            "title": "第二份公告",
            "body": "<script>alert(1)</script>",
            "process": "review",
            "opens_at": "2026-03-01T09:00",
            "closes_at": "2026-03-31T18:00",
            "files": (io.BytesIO(PDF), "一.pdf"),
        },
    )
    assert published.status_code == 303
    page = text(guest.get(published.location))
    assert "&lt;script&gt;alert" in page
    assert "2026年3月31日 18:00" in page
    found = re.search(r'href="(/public/notices/[^"]+/files/\d+)"', page)
    assert found is not None
    assert content(guest.get(found[1])) == PDF
    [key] = re.findall(r"/notices/(\d+)/withdraw", text(officer.get("/notices")))[:1]
    refused = officer.post(f"/notices/{key}/withdraw", {"reason": "因" * 201})
    assert (refused.status_code, "因" * 201 in text(refused)) == (422, True)
    answer = officer.post(f"/notices/{key}/withdraw", {"reason": "<b>改期</b>"})
    assert answer.status_code == 303
    gone = guest.get(published.location)
    assert (gone.status_code, "&lt;b&gt;改期&lt;/b&gt;" in text(gone)) == (410, True)
    assert guest.get(found[1]).status_code == 404


def test_what_is_refused_comes_back_as_it_was_written(
    visit: Visit, stage: Stage, offered: str
) -> None:
    officer = visit(stage.cast.officer)
    answer = officer.post("/notices/new", {"title": "", "body": "写了很久", "closes_at": "昨天"})
    assert answer.status_code == 422
    assert "写了很久" in text(answer)


def test_strangers_find_no_place_to_publish(visit: Visit, stage: Stage, offered: str) -> None:
    for actor in (stage.cast.stranger, stage.cast.applicant):
        visitor = visit(actor)
        assert visitor.get("/notices").status_code == 404
        assert visitor.get("/notices/new").status_code == 404
        assert visitor.post("/notices/new", {"title": "一", "body": "二"}).status_code == 403
        assert "公告" not in text(visitor.get("/"))


def test_every_public_page_has_the_headers_of_the_house(guest: Visitor) -> None:
    answer = guest.get("/public")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
