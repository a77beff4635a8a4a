"""Objecting to a disclosure without an account."""

import io
import re

import pytest
from flask import Flask
from werkzeug.test import encode_multipart

from service.domain.disclosures import OBJECTION_LIMIT
from service.store.tables import Objection
from service.web.public import form_tokens
from tests.fixtures_commands import Desk, Stage
from tests.fixtures_events import Bring, bring
from tests.fixtures_public import disclose, let_office_publish
from tests.web.conftest import Visit, Visitor
from tests.web.public import (
    PDF,
    content,
    guest,
    offered,
    outsider,
    settings,
    text,
)

__all__ = ["bring", "guest", "offered", "outsider", "settings"]


@pytest.fixture
def slug(stage: Stage, bring: Bring, desk: Desk) -> str:
    let_office_publish(stage.rooms, "discloses")
    return disclose(stage, bring, desk)[1]


def form_of(guest: Visitor, slug: str) -> str:
    page = text(guest.get(f"/public/disclosures/{slug}/object"))
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_without_an_account_from_the_text_to_the_answer(
    guest: Visitor, visit: Visit, stage: Stage, slug: str
) -> None:
    assert "教师甲" in text(guest.get(f"/public/disclosures/{slug}"))
    form = form_of(guest, slug)
    stage.clock.forward(seconds=20)
    sent = guest.client.post(
        f"/public/disclosures/{slug}/object",
        data={
            "csrf_token": guest.token(),
            "form": form,
            "text": "任教不满六年。",
            "name": "王某",
            "files": (io.BytesIO(PDF), "证据.pdf"),
        },
    )
    assert sent.status_code == 303
    page = text(guest.client.get(sent.location))
    number, secret = re.findall(r"<dd>([0-9A-Z-]+)</dd>", page)
    officer = visit(stage.cast.officer)
    [key] = re.findall(r"/objections/(\d+)", text(officer.get("/objections")))
    shown = text(officer.get(f"/objections/{key}"))
    assert "任教不满六年。" in shown
    assert "王某" not in shown
    revealed = officer.post(f"/objections/{key}/sender", {"reason": "当面核实"})
    assert "王某" in text(revealed)
    [file] = re.findall(r"/objections/\d+/files/\d+", shown)
    assert content(officer.get(file)) == PDF
    for actor in (stage.cast.stranger, None):
        other = visit(actor)
        assert other.get(file).status_code in {302, 404}
        assert other.get(f"/objections/{key}").status_code in {302, 404}
        answer = {"state": "dismissed", "answer": "不成立"}
        assert other.post(f"/objections/{key}/answer", answer).status_code in {401, 404}
    said = {"state": "dismissed", "record": "查阅了档案。", "answer": "经核查不成立。"}
    unfounded = officer.post(f"/objections/{key}/answer", said | {"record": " "})
    assert unfounded.status_code == 422
    assert "经核查不成立。" in text(unfounded)
    answered = officer.post(f"/objections/{key}/answer", said)
    assert answered.status_code == 303
    found = guest.post("/public/objections", {"number": number, "secret": secret})
    assert "经核查不成立。" in text(found)
    assert "李娜" not in text(found)
    wrong = guest.post("/public/objections", {"number": number, "secret": "0000"})
    assert wrong.status_code == 404


def test_a_megabyte_comes_back_whole_with_the_reason(
    guest: Visitor, stage: Stage, slug: str
) -> None:
    form = form_of(guest, slug)
    stage.clock.forward(seconds=20)
    fields = {"csrf_token": guest.token(), "form": form, "text": "x" * 1024 * 1024}
    boundary, body = encode_multipart(fields)
    answer = guest.client.post(
        f"/public/disclosures/{slug}/object",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert answer.status_code == 422
    assert f"最多 {OBJECTION_LIMIT} 个字" in text(answer)
    assert "x" * 1024 * 1024 in text(answer)
    assert stage.rows(Objection) == []


def test_a_script_is_told_in_json_what_is_wrong(guest: Visitor, stage: Stage, slug: str) -> None:
    form = form_of(guest, slug)
    stage.clock.forward(seconds=20)
    answer = guest.client.post(
        f"/public/disclosures/{slug}/object",
        data={"csrf_token": guest.token(), "form": form, "text": " "},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["text"])


@pytest.mark.parametrize("trick", ["too fast", "trap", "no form", "another place", "too late"])
def test_a_program_is_turned_away_and_a_person_loses_nothing(
    app: Flask, guest: Visitor, stage: Stage, slug: str, trick: str
) -> None:
    form = form_of(guest, slug)
    sent = {"form": form, "text": "写了很久的异议"}
    if trick != "too fast":
        stage.clock.forward(seconds=20)
    if trick == "trap":
        sent["website"] = "http://spam.example"
    if trick == "no form":
        sent["form"] = ""
    if trick == "another place":
        with app.app_context():
            sent["form"] = form_tokens.kept_or_new("", "elsewhere", stage.clock.now)
        stage.clock.forward(seconds=20)
    if trick == "too late":
        stage.clock.forward(hours=13)
    answer = guest.post(f"/public/disclosures/{slug}/object", sent)
    assert answer.status_code == 409
    assert "写了很久的异议" in text(answer)
    assert stage.rows(Objection) == []


def test_a_double_click_makes_one_objection(guest: Visitor, stage: Stage, slug: str) -> None:
    sent = {"form": form_of(guest, slug), "text": "一件异议"}
    stage.clock.forward(seconds=20)
    for _ in range(2):
        assert guest.post(f"/public/disclosures/{slug}/object", sent).status_code == 303
    assert len(stage.rows(Objection)) == 1


def test_the_receipt_is_shown_to_the_browser_that_submitted_alone(
    guest: Visitor, visit: Visit, stage: Stage, slug: str
) -> None:
    sent = {"form": form_of(guest, slug), "text": "一件异议"}
    stage.clock.forward(seconds=20)
    guest.post(f"/public/disclosures/{slug}/object", sent)
    assert "YY-" in text(guest.get("/public/objections/receipt"))
    assert visit(None).get("/public/objections/receipt").status_code == 302
