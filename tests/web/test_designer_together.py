"""What a design is beside others, and beside what it was: references, companions, changes."""

import io
from typing import Any

import pytest

from service.domain.values import Json
from tests.fixtures_commands import DIAGRAMS, RATING, Deploy
from tests.web.conftest import Visitor
from tests.web.test_designer_pages import BROKEN, DESIGN, ERRAND, designer, publish, save, send

__all__ = ["designer"]


def test_what_a_diagram_may_refer_to_is_told(designer: Visitor, deploy: Deploy) -> None:
    deploy(*RATING)
    found = designer.get("/designer/references").get_json()

    assert found["decision"] == [
        {"id": "level", "name": "等次", "published": True, "url": "/designer/decision/level"}
    ]
    assert [one["id"] for one in found["form"]] == ["score"]


def test_what_was_changed_is_told_for_the_copy_and_between_versions(designer: Visitor) -> None:
    assert designer.get(f"{DESIGN}/compare").status_code == 404
    save(designer, ERRAND.replace("办一件事", "<b>办两件事"))
    save(designer, ERRAND.replace("办一件事", "&lt;b>办两件事"), 1)
    page = designer.get(f"{DESIGN}/compare").text
    assert "办一件事" in page
    assert "&lt;b&gt;办两件事" in page
    publish(designer, revision=2)
    assert designer.get(f"{DESIGN}/compare").status_code == 404
    between = designer.get(f"{DESIGN}/compare", old="1", new="2").text
    assert "&lt;b&gt;办两件事" in between
    assert "没有改动" in designer.get(f"{DESIGN}/compare", old="2", new="2").text
    assert f"{DESIGN}/compare?old=1&amp;new=2" in designer.get(f"{DESIGN}/versions").text
    save(designer, BROKEN)
    assert "其中一个读不懂" in designer.get(f"{DESIGN}/compare").text


def bring(visitor: Visitor, *names: str) -> None:
    for name in names:
        file = (io.BytesIO((DIAGRAMS / name).read_bytes()), name)
        assert visitor.post("/designer/import", {"file": file}).status_code == 302


def test_a_process_is_published_with_what_it_refers_to(designer: Visitor) -> None:
    bring(designer, *RATING)
    path = "/designer/process/rating"
    content, table = ((DIAGRAMS / name).read_text() for name in ("rating.bpmn", "level.dmn"))
    save(designer, table.replace("&gt;= 60", "&gt;= "), 1, "/designer/decision/level")

    status, answer = send(designer, "POST", f"{path}/check", content)

    assert status == 200
    assert isinstance(answer, dict)
    companions: Any = answer["companions"]
    designs = [(one["kindName"], one["id"], one["newest"]) for one in companions]
    assert designs == [("决策", "level", None), ("表单", "score", None)]
    problems: Any = answer["problems"]
    assert {one["design"]["url"] for one in problems} == {"/designer/decision/level"}
    # when the table is mended, they become versions together
    save(designer, table, 2, "/designer/decision/level")
    others: list[Json] = [
        {"kind": "decision", "id": "level", "revision": 3},
        {"kind": "form", "id": "score", "revision": 1, "replaces": None},
    ]
    sent: Json = {"revision": 1, "replaces": None, "note": "第一版", "companions": others}
    response = designer.send("POST", f"{path}/publish", sent)
    assert response.get_json()["version"] == 1
    page = designer.get(f"{path}/versions").text
    assert "同时发布：决策“等次”第 1 版、表单“score”第 1 版。" in page
    assert "有未发布的改动" not in designer.get("/designer").text


@pytest.mark.parametrize(
    ("kind", "id", "revision", "refusal"),
    [
        ("form", "score", 7, (409, "design.companion-changed")),
        ("form", "nothing", 1, (409, "design.companion-changed")),
        ("table", "score", 1, (400, "body-invalid")),
    ],
)
def test_a_companion_that_changed_or_is_none_is_refused(
    designer: Visitor, kind: str, id: str, revision: int, refusal: tuple[int, str]
) -> None:
    bring(designer, *RATING)
    one: Json = {"kind": kind, "id": id, "revision": revision}
    sent: Json = {"revision": 1, "replaces": None, "note": "x", "companions": [one]}
    response = designer.send("POST", "/designer/process/rating/publish", sent)
    assert (response.status_code, response.get_json()["code"]) == refusal
