"""The designer's pages and calls, for designers and for nobody else."""

import io
import json
from datetime import datetime

import pytest

from service.domain.actors import Actor
from service.domain.values import Json
from tests.fixtures_commands import DIAGRAMS, RATING, Deploy
from tests.fixtures_store import Cast
from tests.web.conftest import Visit, Visitor

ERRAND = (DIAGRAMS / "errand.bpmn").read_text()
DESIGN = "/designer/process/errand"
BROKEN = "<definitions>断了"


def send(visitor: Visitor, method: str, path: str, content: str | bytes) -> tuple[int, Json]:
    headers = {"X-CSRFToken": visitor.token(), "Accept": "application/json"}
    response = visitor.client.open(
        path, method=method, data=content, headers=headers, content_type="text/plain"
    )
    return response.status_code, response.get_json()


def save(
    visitor: Visitor, content: str = ERRAND, revision: int = 0, path: str = DESIGN
) -> tuple[int, Json]:
    return send(visitor, "PUT", f"{path}/working-copy?revision={revision}&base=1", content)


def publish(visitor: Visitor, **body: Json) -> tuple[int, dict[str, Json]]:
    sent = {"revision": 1, "replaces": 1, "note": "改了名称", **body}
    response = visitor.send("POST", f"{DESIGN}/publish", sent)
    answer = response.get_json()
    assert isinstance(answer, dict)
    return response.status_code, answer


@pytest.fixture
def designer(visit: Visit, operator: Actor, deploy: Deploy) -> Visitor:
    deploy("errand.bpmn")
    return visit(operator)


def test_the_list_names_everything_and_leads_to_it(designer: Visitor, deploy: Deploy) -> None:
    deploy(*RATING)
    page = designer.get("/designer").text

    for path in (DESIGN, "/designer/process/rating", "/designer/decision/level"):
        assert f'href="{path}"' in page
    assert "第 1 版" in page
    assert ">流程设计<" in designer.get("/").text


def test_the_list_is_searched_and_says_when_nothing_fits(designer: Visitor) -> None:
    assert DESIGN in designer.get("/designer", q="一件", kind="process").text
    assert "没有符合条件的设计" in designer.get("/designer", q="一件", kind="form").text


def test_an_empty_list_says_what_to_do(visit: Visit, operator: Actor) -> None:
    assert "可以从空白开始画一个流程" in visit(operator).get("/designer").text


def test_a_new_design_is_begun_and_opened(designer: Visitor) -> None:
    sent = {"kind": "form", "resource_id": "leave", "name": "请假单"}
    response = designer.post("/designer/new", sent)

    assert response.location == "/designer/form/leave"
    page = designer.get(response.location).text
    assert "请假单" in page
    assert "还没有发布" in page


@pytest.mark.parametrize(
    ("resource_id", "says", "status"), [("1a", "不能用", 400), ("errand", "已经有人用了", 409)]
)
def test_what_was_written_stays_when_it_is_refused(
    designer: Visitor, resource_id: str, says: str, status: int
) -> None:
    sent = {"kind": "process", "resource_id": resource_id, "name": "请假"}
    response = designer.post("/designer/new", sent)

    assert response.status_code == status
    assert says in response.text
    assert f'value="{resource_id}"' in response.text
    assert 'value="请假"' in response.text


def test_a_file_is_imported(designer: Visitor) -> None:
    file = (io.BytesIO(BROKEN.encode()), "断了.bpmn")
    response = designer.post("/designer/import", {"file": file})

    page = designer.client.get(response.location).text
    assert "断了" in page
    assert "读不出其中的内容" in page
    file = (io.BytesIO(b"<note><to/></note>"), "便条.bpmn")
    response = designer.post("/designer/import", {"file": file})
    assert "读不出其中的内容" in designer.client.get(response.location).text
    response = designer.post("/designer/import", {"file": (io.BytesIO(ERRAND.encode()), "a.bpmn")})
    assert "检查后可以发布" in designer.client.get(response.location).text


def test_a_file_that_cannot_be_imported_is_refused_on_the_page(designer: Visitor) -> None:
    response = designer.post("/designer/import", {"file": (io.BytesIO(b"x"), "a.txt")})
    assert response.status_code == 400
    assert "只能导入" in response.text
    assert "还没有选择文件" in designer.post("/designer/import", {}).text


def test_a_file_larger_than_a_forms_may_be_is_imported_all_the_same(designer: Visitor) -> None:
    head = 'Content-Disposition: form-data; name="file"; filename="large.form"'
    body = f"--x\r\n{head}\r\n\r\n{' ' * 2 * 1024 * 1024}\r\n--x--\r\n"
    response = designer.client.post(
        "/designer/import",
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": designer.token()},
    )
    assert response.location == "/designer/form/large"


def test_the_island_is_given_the_content_and_where_to_send_it(designer: Visitor) -> None:
    page = designer.get(DESIGN).text
    given = json.loads(page.split('type="application/json">')[1].split("</script>")[0])

    assert given["content"] == ERRAND
    assert (given["revision"], given["base"], given["newest"]) == (0, 1, 1)
    assert given["urls"]["save"] == f"{DESIGN}/working-copy"


def test_what_is_saved_is_there_again(designer: Visitor, now: datetime) -> None:
    answer: Json = {"revision": 1, "savedAt": "09:30", "name": "errand"}
    assert save(designer, BROKEN) == (200, answer)
    changed = ERRAND.replace("办一件事", "办两件事")
    answer = {"revision": 2, "savedAt": "09:30", "name": "办两件事"}
    assert save(designer, changed, 1) == (200, answer)
    assert save(designer, BROKEN, 2)[0] == 200

    assert "有未发布的改动" in designer.get("/designer").text
    assert "断了" in designer.get(DESIGN).text


def test_a_stale_copy_is_a_conflict_that_says_who_and_when(designer: Visitor) -> None:
    save(designer)
    status, answer = save(designer, BROKEN)

    assert status == 409
    assert isinstance(answer, dict)
    assert answer["code"] == "working-copy.changed"
    assert (answer["who"], answer["when"]) == ("赵刚", "2026-03-02T01:30:00.000Z")


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a\x00"])
def test_what_is_no_text_is_refused(designer: Visitor, content: bytes) -> None:
    status, _answer = send(designer, "PUT", f"{DESIGN}/working-copy?revision=0", content)
    assert status == 400


def test_more_than_5_mb_is_not_even_read(designer: Visitor) -> None:
    assert save(designer, " " * (5 * 1024 * 1024))[0] == 200
    assert save(designer, " " * (5 * 1024 * 1024 + 1), 1)[0] == 413


def test_the_check_lists_problems_at_their_elements(designer: Visitor) -> None:
    broken = ERRAND.replace('sourceRef="ask"', 'sourceRef="nowhere"')
    status, answer = send(designer, "POST", f"{DESIGN}/check?base=1", broken)

    assert status == 200
    assert isinstance(answer, dict)
    assert isinstance(answer["problems"], list)
    problem = answer["problems"][0]
    assert isinstance(problem, dict)
    assert set(problem) == {
        "resource",
        "elementId",
        "elementName",
        "rule",
        "message",
        "remedy",
        "severity",
    }
    assert problem["severity"] == "error"
    assert f'id="{problem["elementId"]}"' in ERRAND
    assert send(designer, "POST", f"{DESIGN}/check?base=1", ERRAND) == (
        200,
        {"problems": [], "companions": []},
    )


def test_publishing_leads_to_the_versions(designer: Visitor) -> None:
    save(designer, ERRAND.replace("办一件事", "办两件事"))
    status, answer = publish(designer, note="名称改成两件")

    assert status == 200
    assert answer == {"version": 2, "duplicate": False, "location": f"{DESIGN}/versions"}
    page = designer.get(f"{DESIGN}/versions").text
    assert "已发布第 2 版" in page
    assert "名称改成两件" in page
    assert "赵刚" in page


def test_errors_refuse_the_publishing_with_the_list(designer: Visitor) -> None:
    save(designer, BROKEN)
    status, answer = publish(designer)

    assert (status, answer["code"]) == (400, "deployment.refused")
    assert answer["problems"]


def test_a_note_is_asked_for(designer: Visitor) -> None:
    save(designer)
    status, answer = publish(designer, note=" ")
    assert (status, answer["code"]) == (422, "design.note-missing")


def test_old_versions_are_read_downloaded_and_taken_up(designer: Visitor) -> None:
    save(designer, ERRAND.replace("办一件事", "办两件事"))
    publish(designer)

    page = designer.get(DESIGN, version="1").text
    assert "第 1 版，只能查看" in page
    assert "data-save" not in page
    file = designer.get(f"{DESIGN}/file", version="1")
    assert file.text == ERRAND
    assert "attachment" in file.headers["Content-Disposition"]
    assert designer.post(f"{DESIGN}/take-up", {"version": "1"}).location == DESIGN
    assert designer.post(f"{DESIGN}/take-up", {"version": "1"}).status_code == 409
    assert designer.get(f"{DESIGN}/file").text == ERRAND


@pytest.mark.parametrize("version", ["0", "9", "x", "-1", "9" * 30, "1.5"])
def test_a_version_that_is_none_is_not_found(designer: Visitor, version: str) -> None:
    for path in (DESIGN, f"{DESIGN}/file"):
        assert designer.get(path, version=version).status_code == 404
    assert designer.post(f"{DESIGN}/take-up", {"version": version}).status_code == 404


def test_a_copy_is_discarded_only_as_it_was_seen(designer: Visitor) -> None:
    save(designer, BROKEN)
    save(designer, BROKEN + " ", 1)

    assert designer.post(f"{DESIGN}/discard", {"revision": "1"}).status_code == 409
    assert designer.post(f"{DESIGN}/discard", {"revision": "2"}).location == "/designer"
    assert designer.get(f"{DESIGN}/file").text == ERRAND


def test_an_id_with_a_slash_has_a_page_too(designer: Visitor) -> None:
    content = b'{"id": "a/b c", "type": "default", "components": []}'
    response = designer.post("/designer/import", {"file": (io.BytesIO(content), "a.form")})

    assert designer.client.get(response.location).status_code == 200
    assert designer.client.get(f"{response.location}/versions").status_code == 200


def test_what_is_no_kind_is_not_found(designer: Visitor) -> None:
    assert designer.get("/designer/table/errand").status_code == 404
    assert designer.get("/designer/process/nothing").status_code == 404


def test_hostile_content_stays_text_in_the_page(designer: Visitor) -> None:
    save(designer, "</script><script>alert(1)</script>")
    assert "</script><script>alert" not in designer.get(DESIGN).text


@pytest.mark.parametrize("who", ["stranger", "applicant", "officer"])
def test_who_is_no_designer_gets_nowhere(
    visit: Visit, cast: Cast, designer: Visitor, who: str
) -> None:
    save(designer, BROKEN)
    visitor = visit(getattr(cast, who))

    assert ">流程设计<" not in visitor.get("/").text
    for path in (
        "/designer",
        "/designer/new",
        DESIGN,
        f"{DESIGN}/versions",
        f"{DESIGN}/file",
        f"{DESIGN}/compare",
    ):
        assert visitor.get(path).status_code == 404
        assert visitor.get(path, version="1").status_code == 404
    sent = {"kind": "form", "resource_id": "leave", "name": "请假单", "version": "1"}
    file = (io.BytesIO(ERRAND.encode()), "errand.bpmn")
    assert visitor.post("/designer/new", sent).status_code == 404
    assert visitor.post("/designer/import", {"file": file}).status_code == 404
    assert visitor.post("/designer/import", {}).status_code == 404
    assert visitor.post(f"{DESIGN}/take-up", sent).status_code == 404
    assert visitor.post(f"{DESIGN}/discard", {"revision": "1"}).status_code == 404
    assert save(visitor, ERRAND, 1)[0] == 404
    assert send(visitor, "POST", f"{DESIGN}/check", ERRAND)[0] == 404
    assert visitor.get("/designer/references").status_code == 404
    assert publish(visitor)[0] == 404


def test_nobody_signed_in_is_led_to_sign_in(visit: Visit) -> None:
    nobody = visit(None)
    assert "/sign-in" in nobody.get("/designer").location
    assert save(nobody)[0] == 401


def test_a_forged_call_changes_nothing(designer: Visitor) -> None:
    headers = {"Accept": "application/json"}
    path = f"{DESIGN}/working-copy?revision=0"
    refused = designer.client.put(path, data=BROKEN, headers=headers)
    assert refused.get_json()["code"] == "page-expired"
    assert designer.get(f"{DESIGN}/file").text == ERRAND
