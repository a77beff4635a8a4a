"""登记书面异议: the page on which what came on paper is entered, and its receipt."""

import io
import re

import pytest

from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import Bring, bring
from tests.fixtures_public import disclose, let_office_publish
from tests.web.conftest import Visit
from tests.web.public import PDF, offered, settings, text

__all__ = ["bring", "offered", "settings"]


@pytest.fixture
def slug(stage: Stage, bring: Bring, desk: Desk) -> str:
    let_office_publish(stage.rooms, "discloses")
    return disclose(stage, bring, desk)[1]


def test_it_is_entered_and_found_by_its_receipt(stage: Stage, visit: Visit, slug: str) -> None:
    officer = visit(stage.cast.officer)
    assert "/objections/register" in text(officer.get("/objections"))
    page = text(officer.get("/objections/register"))
    assert "拟准入人员公示" in page
    key = re.findall(r'<option value="(\d+)"', page)[0]
    form = re.findall(r'name="form" value="([^"]+)"', page)[0]
    fields = {
        "csrf_token": officer.token(), "form": form, "disclosure": key, "text": "任教不满六年。",
        "name": "王某", "received_on": "2026-03-02",
    }  # fmt: skip
    lacking = officer.client.post("/objections/register", data=fields)
    assert lacking.status_code == 422
    assert "任教不满六年。" in text(lacking)
    assert "请上传书面异议的扫描件" in text(lacking)
    scan = {"files": (io.BytesIO(PDF), "扫描件.pdf")}
    told = text(officer.client.post("/objections/register", data=fields | scan))
    number, secret = re.findall(r"<dd>([0-9A-Z-]+)</dd>", told)
    found = visit(None).post("/public/objections", {"number": number, "secret": secret})
    assert "任教不满六年。" in text(found)
    [shown] = re.findall(r"/objections/(\d+)", text(officer.get("/objections")))
    assert "2026年3月2日，李娜登记" in text(officer.get(f"/objections/{shown}"))


def test_who_answers_nothing_has_no_such_page(stage: Stage, visit: Visit, slug: str) -> None:
    other = visit(stage.cast.stranger)
    assert other.get("/objections/register").status_code == 404
    assert other.post("/objections/register", {"text": "x"}).status_code == 404
