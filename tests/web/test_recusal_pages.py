"""回避申报 and 回避管理: who declares what, who sees it, what a stranger gets."""

import pytest

from service.commands import rights
from service.domain.actors import SYSTEM
from service.domain.authorization import ALL, Action, Grant, GranteeKind, ObjectKind
from service.store.tables import PersonalTie
from tests.fixtures_commands import Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit

SPOUSE = {"other": "张敏", "kind": "spouse", "note": ""}
COUSIN = {"other": "表弟", "kind": "collateral", "number_kind": "mobile", "number": "13812345678"}


def give(stage: Stage, *actions: Action) -> None:
    with stage.rooms.write() as tools:
        for action in actions:
            right = Grant(GranteeKind.PERSON, "wang.wei", ALL, ObjectKind.RECUSAL, action)
            rights.grant(tools, right, actor=SYSTEM, now=stage.clock.now)


def test_everybody_declares_their_own(visit: Visit, stage: Stage, cast: Cast) -> None:
    officer = visit(cast.officer)
    assert "你还没有申报过" in officer.get("/profile/recusal").text
    assert "回避申报" in officer.get("/profile").text

    assert officer.post("/profile/recusal", SPOUSE).status_code == 302
    assert officer.post("/profile/recusal", COUSIN).status_code == 302

    page = officer.get("/profile/recusal").text
    assert "张敏" in page
    assert "凭手机号识别" in page
    assert "13812345678" not in page
    assert {row["other"] for row in stage.rows(PersonalTie)} == {"zhang.min", None}
    assert "张敏" not in visit(cast.stranger).get("/profile/recusal").text.split("<datalist")[0]


def test_what_was_filled_in_is_kept_when_it_is_refused(visit: Visit, cast: Cast) -> None:
    officer = visit(cast.officer)
    wrong = {**COUSIN, "number": "12", "note": "远房"}

    refused = officer.post("/profile/recusal", wrong)

    assert refused.status_code == 400
    assert "手机号没有登记" in refused.text
    assert all(said in refused.text for said in ("表弟", 'value="12"', "远房"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"kind": "cousin"}, "请选择是什么关系"),
        ({"other": "没有这人"}, "没有叫“没有这人”的在用账号"),
        ({"other": "李娜"}, "不能申报与本人的关系"),
        ({"number": "13812345678", "number_kind": "mail"}, "哪种号码"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    visit: Visit, stage: Stage, cast: Cast, change: dict[str, str], words: str
) -> None:
    refused = visit(cast.officer).post("/profile/recusal", {**SPOUSE, **change})

    assert refused.status_code == 400
    assert words in refused.text
    assert stage.rows(PersonalTie) == []


def test_one_ends_ones_own_with_a_reason(visit: Visit, stage: Stage, cast: Cast) -> None:
    officer = visit(cast.officer)
    officer.post("/profile/recusal", SPOUSE)
    path = f"/profile/recusal/{stage.key(PersonalTie)}/end"

    assert visit(cast.applicant).post(path, {"why": "试试"}).status_code == 404
    assert officer.post(path, {"why": " "}).status_code == 400
    assert officer.post(path, {"why": "填错了人"}).status_code == 302

    assert "填错了人" in officer.get("/profile/recusal").text
    assert officer.post(path, {"why": "再来"}).status_code == 404


def test_the_office_page_is_for_who_looks_after_recusal(
    visit: Visit, stage: Stage, cast: Cast
) -> None:
    officer, office = visit(cast.officer), visit(cast.stranger)
    officer.post("/profile/recusal", SPOUSE)
    order = {
        **SPOUSE,
        "username": "li.na",
        "source": "unit",
        "kind": "interest",
        "note": "举报属实",
    }
    for visitor in (officer, office):
        assert visitor.get("/recusal").status_code == 404
        assert visitor.post("/recusal", order).status_code in {403, 404}
    assert "回避管理" not in office.get("/").text

    give(stage, Action.READ)
    assert "回避管理" in office.get("/").text
    assert "李娜" in office.get("/recusal").text
    assert 'name="username"' not in office.get("/recusal").text
    assert office.post("/recusal", order).status_code == 403
    key = stage.key(PersonalTie)
    assert office.post(f"/recusal/{key}/end", {"why": "不对"}).status_code == 404

    give(stage, Action.ACT)
    assert office.post("/recusal", {**order, "note": ""}).status_code == 400
    assert office.post("/recusal", order).status_code == 302
    assert "举报属实" in office.get("/recusal", q="李").text
    assert "没有找到" in office.get("/recusal", q="无此人").text
    assert office.post(f"/recusal/{key}/end", {"why": "不对"}).status_code == 302
