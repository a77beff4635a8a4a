"""My account: my groups, my password."""

from service.web.identity import COOKIE
from tests.fixtures_store import PASSWORD, Cast
from tests.web.conftest import Visit

NEW = "另一个足够长的密码-2026"


def test_it_names_me_and_my_groups(visit: Visit, cast: Cast) -> None:
    page = visit(cast.officer).get("/profile").text
    assert "李娜" in page
    assert "人事科" in page


def test_a_new_password_ends_my_other_sessions(visit: Visit, cast: Cast) -> None:
    here, elsewhere = visit(cast.officer), visit(cast.officer)
    passwords = {"current": PASSWORD, "new": NEW, "again": NEW}
    assert here.post("/profile/password", passwords).location == "/profile"
    assert "密码已修改" in here.get("/profile").text
    assert elsewhere.get("/").status_code == 302
    assert here.client.get_cookie(COOKIE) is not None


def test_the_current_password_must_be_right(visit: Visit, cast: Cast) -> None:
    passwords = {"current": "记错的密码记错的密码", "new": NEW, "again": NEW}
    response = visit(cast.officer).post("/profile/password", passwords)
    assert response.status_code == 400
    assert "当前密码不正确，密码没有修改" in response.text


def test_both_new_passwords_must_be_the_same(visit: Visit, cast: Cast) -> None:
    passwords = {"current": PASSWORD, "new": NEW, "again": NEW + "1"}
    response = visit(cast.officer).post("/profile/password", passwords)
    assert response.status_code == 400
    assert "两次输入的新密码不一样" in response.text


def test_a_weak_password_is_refused_with_the_reason(visit: Visit, cast: Cast) -> None:
    passwords = {"current": PASSWORD, "new": "short", "again": "short"}
    response = visit(cast.officer).post("/profile/password", passwords)
    assert response.status_code == 400
    assert "alert-danger" in response.text
