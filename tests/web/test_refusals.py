"""Every refusal: a page for a person, a notice for htmx, problem+json for a script."""

import pytest
from flask import Flask

from service.domain.errors import Conflict, JiaoyanError, ResultUnknown, StorageFull, Unavailable
from service.feel.errors import FeelEvaluationFailed, FeelUnavailable
from service.web.errors import status_of
from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.fixture
def broken(app: Flask) -> Flask:
    """A page of somebody that has a fault."""

    @app.get("/broken")
    def show() -> str:
        raise ZeroDivisionError

    return app


def test_a_person_gets_a_page(visit: Visit, cast: Cast) -> None:
    response = visit(cast.applicant).get("/nowhere")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.text
    assert response.headers["X-Request-Id"] in response.text


def test_htmx_gets_a_notice_for_the_place_of_notices(visit: Visit, cast: Cast) -> None:
    response = visit(cast.applicant).fragment("/nowhere")
    assert response.headers["HX-Retarget"] == "#notices"
    assert response.headers["HX-Reswap"] == "innerHTML"
    assert 'role="alert"' in response.text
    assert "<html" not in response.text


def test_a_script_gets_json(visit: Visit, cast: Cast) -> None:
    response = visit(cast.applicant).send("POST", "/nowhere")
    assert response.content_type == "application/problem+json"
    assert response.get_json()["status"] == 404


def test_a_wrong_method_names_the_right_ones(visit: Visit, cast: Cast) -> None:
    response = visit(cast.applicant).post("/start")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "不能这样打开" in response.text


def test_a_fault_of_ours_tells_its_number_and_no_more(
    visit: Visit, cast: Cast, broken: Flask
) -> None:
    response = visit(cast.applicant).get("/broken")
    assert response.status_code == 500
    assert response.headers["X-Request-Id"] in response.text
    assert "ZeroDivision" not in response.text


def test_a_script_without_a_session_is_told_so_and_not_sent_elsewhere(visit: Visit) -> None:
    response = visit(None).client.post("/tasks/1/complete", json={})
    assert response.status_code == 401
    assert "登录" in response.get_json()["detail"]


def test_htmx_without_a_session_is_shown_where_to_sign_in(visit: Visit) -> None:
    response = visit(None).fragment("/inbox/todo")
    assert response.status_code == 401
    assert 'href="/sign-in?resume=1" target="_blank"' in response.text


@pytest.mark.parametrize("key", ["9223372036854775808", "9" * 40, "-1", "1.5", "x"])
def test_a_number_that_is_no_key_leads_nowhere(visit: Visit, cast: Cast, key: str) -> None:
    applicant = visit(cast.applicant)
    for path in ("/tasks", "/instances", "/documents"):
        assert applicant.get(f"{path}/{key}").status_code == 404
    assert applicant.get("/tasks/9223372036854775807").status_code == 404


def test_a_zero_byte_is_refused_before_it_reaches_a_database(visit: Visit, cast: Cast) -> None:
    assert visit(cast.applicant).get("/inbox/todo", q="a\x00b").status_code == 400
    assert visit(None).post("/sign-in", {"username": "a\x00", "password": "b"}).status_code == 400


def test_a_number_that_the_caller_gave_is_kept(visit: Visit) -> None:
    client = visit(None).client
    given = client.get("/sign-in", headers={"X-Request-Id": "proxy-12345678"})
    forged = client.get("/sign-in", headers={"X-Request-Id": "<script>"})
    assert given.headers["X-Request-Id"] == "proxy-12345678"
    assert "<" not in forged.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Conflict(), 409),
        (Unavailable(), 503),
        (ResultUnknown(), 503),
        (StorageFull(), 503),
        (FeelUnavailable(), 503),
        (FeelEvaluationFailed("1/0", "除数为零"), 409),
        (JiaoyanError(), 409),
    ],
)
def test_the_nearest_kind_decides(error: JiaoyanError, status: int) -> None:
    assert status_of(error) == status
