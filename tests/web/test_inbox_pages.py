"""The 工作台: its lists as pages and as fragments."""

import re

import pytest

from service.domain.receipts import case_number
from service.queries import inbox_looking
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import Cast
from tests.web.conftest import Visit


@pytest.fixture
def cases(stage: Stage, deploy: Deploy) -> list[int]:
    """Three cases that wait for the office."""
    deploy(*REVIEW)
    return [
        stage.start("review", variables={"姓名": name}).instance_key
        for name in ("王一", "李二", "<b>张三</b>")
    ]


def counts(page: str) -> list[str]:
    return re.findall(r'class="count">([^<]+)<', page)


def test_each_list_shows_what_is_in_it(visit: Visit, cast: Cast, cases: list[int]) -> None:
    office = visit(cast.officer)
    assert counts(office.get("/").text) == ["0", "3", "0", "0"]
    assert "王一的材料核对" in office.get("/inbox/claimable").text
    assert "王一的材料核对" not in office.get("/").text
    assert counts(visit(cast.applicant).get("/").text) == ["0", "0", "0", "3"]


def test_a_title_is_text_whatever_it_holds(visit: Visit, cast: Cast, cases: list[int]) -> None:
    page = visit(cast.officer).get("/inbox/claimable").text
    assert "&lt;b&gt;张三&lt;/b&gt;的材料核对" in page


def test_a_stranger_has_empty_lists(visit: Visit, cast: Cast, cases: list[int]) -> None:
    stranger = visit(cast.stranger)
    assert counts(stranger.get("/").text) == ["0", "0", "0", "0"]
    for box in ("todo", "claimable", "done", "started"):
        assert "材料核对" not in stranger.get(f"/inbox/{box}", q="材料").text


def test_an_empty_list_says_what_to_do(visit: Visit, cast: Cast, cases: list[int]) -> None:
    office = visit(cast.officer)
    assert "有 3 件等你签收" in office.get("/").text
    assert "看看可以发起什么" in office.get("/inbox/started").text
    assert "清除条件" in office.get("/inbox/claimable", q="没有这样的").text


def test_starting_is_offered_to_who_may_start_something(
    visit: Visit, cast: Cast, cases: list[int]
) -> None:
    for path in ("/", "/inbox/started"):
        assert 'href="/start"' in visit(cast.applicant).get(path).text
        assert 'href="/start"' not in visit(cast.stranger).get(path).text


def test_searching_finds_by_title_step_and_who_started(
    visit: Visit, cast: Cast, cases: list[int]
) -> None:
    office = visit(cast.officer)
    for sought in ("李二", "核对材料", "张敏"):
        assert "李二的材料核对" in office.get("/inbox/claimable", q=sought).text
    assert "王一" not in office.get("/inbox/claimable", q="李二").text


def test_the_number_of_a_case_leads_to_it(visit: Visit, cast: Cast, cases: list[int]) -> None:
    number = case_number(cases[0])
    for written in (number, number.lower().replace("-", " ")):
        answer = visit(cast.applicant).get("/", q=written)
        assert (answer.status_code, answer.location) == (302, f"/instances/{cases[0]}")
    # while typing, the list alone would be answered
    answer = visit(cast.applicant).fragment("/", "inbox-list", q=number)
    assert answer.headers["HX-Redirect"] == f"/instances/{cases[0]}"
    # a stranger gets what nobody's number gets
    assert "没有" in visit(cast.stranger).get("/", q=number).text
    assert visit(cast.stranger).get("/", q=number).status_code == 200


def test_a_filter_is_answered_with_the_list_alone(
    visit: Visit, cast: Cast, cases: list[int]
) -> None:
    fragment = visit(cast.officer).fragment("/inbox/claimable", "inbox-list", q="李二").text
    assert fragment.startswith('<div id="inbox-list">')
    assert "<html" not in fragment


def test_more_rows_come_without_the_frame(
    visit: Visit, cast: Cast, stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    for number in range(23):
        stage.start("review", variables={"姓名": f"申请{number:02}"})
    office = visit(cast.officer)
    first = office.get("/inbox/claimable").text
    after = re.findall(r"after=([\w-]+)", first)[0]
    rest = office.fragment("/inbox/claimable", f"more-{after}", after=after).text
    titles = re.findall(r">(申请\d\d)的材料核对<", first + rest)
    assert titles == [f"申请{number:02}" for number in reversed(range(23))]
    assert "<table" not in rest


def test_an_address_with_nonsense_still_opens(visit: Visit, cast: Cast, cases: list[int]) -> None:
    office = visit(cast.officer)
    page = office.get("/inbox/claimable", sort="sideways", state="ACTIVE", q="王一")
    assert page.status_code == 200
    assert "王一" in page.text
    assert office.get("/inbox/nonsense").status_code == 404


def test_a_spoilt_place_in_the_list_is_said_so(visit: Visit, cast: Cast) -> None:
    response = visit(cast.officer).get("/inbox/todo", after="spoilt")
    assert response.status_code == 400
    assert "回到第一页" in response.text


def test_pages_stay_in_no_cache(visit: Visit, cast: Cast) -> None:
    assert visit(cast.officer).get("/").headers["Cache-Control"] == "no-store"


def test_a_search_that_stops_says_so_and_goes_on(
    visit: Visit, cast: Cast, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox_looking, "FIRST", 1)
    monkeypatch.setattr(inbox_looking, "LOOKED_AT", 2)
    office = visit(cast.officer)
    nothing = office.get("/inbox/claimable", q="没有这样的").text
    assert "查过 2 项，没有符合条件的" in nothing
    [after] = re.findall(r'after=([\w-]+)"[^>]*>继续查找<', nothing)
    further = {"q": "没有这样的", "after": after}
    assert "没有符合条件的事项" in office.get("/inbox/claimable", **further).text
    rest = office.fragment("/inbox/claimable", f"more-{after}", **further).text
    assert "后面没有符合条件的了" in rest
    some = office.get("/inbox/claimable", q="李二").text
    assert "李二的材料核对" in some
    assert "这次查过 2 项" in some
