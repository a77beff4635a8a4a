"""The pages of the Party group through the real application: who sees what, and bad input."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from flask.testing import FlaskClient
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from processes.committee import superior
from processes.committee.rules import ItemClass
from processes.committee.superior import Answer, Reply, Sent
from processes.registers.days import bureau_day
from processes.registers.party_group.tables import MEMBERS
from service.domain.authorization import Action, ObjectKind
from service.feel import FeelPool
from service.procedure import write_workbook
from tests.processes.committee_pages import Open, browsers, send, token_of
from tests.processes.conftest import give_right
from tests.processes.desk import Desk
from tests.processes.party_group import (
    RULE_SETTER,
    SECRETARIES,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    next_day,
    open_bureau,
)
from tests.processes.stages import Stages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def bureau(sqlite_template: Path, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, folder, feel) as desk:
        yield desk


@pytest.fixture
def group(bureau: Desk, folder: Path, stages: Stages) -> Group:
    def walk() -> Group:
        next_day(bureau)
        group = Group(bureau, 5)
        group.begin(about_exit("某人"), about_plan("某项计划"), present=5)
        return group

    return stages.reach("begun", bureau, folder / "files", walk)


@pytest.fixture
def sign_in(bureau: Desk, tmp_path: Path) -> Open:
    """Give a browser in which this person is signed in."""
    return browsers(bureau, tmp_path)


def test_a_member_finds_their_seat_and_not_the_desk(group: Group, sign_in: Open) -> None:
    browser = sign_in("member02")
    assert f"/committee/meetings/{group.key}/seat" in browser.get("/committee").text
    leads = browser.get(f"/committee/meetings/{group.key}")
    assert leads.location.endswith("/seat")
    assert browser.get(f"/committee/meetings/{group.key}/votes").status_code == 404


@pytest.mark.parametrize("username", ["member09", "teacher001", "personnel1"])
def test_a_stranger_is_answered_as_if_there_were_no_meeting(
    group: Group, sign_in: Open, username: str
) -> None:
    browser = sign_in(username)
    for path in ("", "/seat", "/seat/now", "/votes", "/minutes", "/minutes.pdf"):
        there = browser.get(f"/committee/meetings/{group.key}{path}")
        nowhere = browser.get(f"/committee/meetings/4{path}")
        assert (there.status_code, nowhere.status_code) == (404, 404)
    assert group.meeting().number not in browser.get("/committee").text


def test_a_recused_member_reads_nothing_of_the_item_on_their_telephone(
    group: Group, sign_in: Open
) -> None:
    key = next(iter(group.items.values()))
    group.discuss(key, recuse=[3])
    for username, sees in (("member02", True), ("member03", False)):
        page = sign_in(username).get(f"/committee/meetings/{group.key}/seat/now").text
        assert ("拟同意其退出教研队伍" in page) is sees
        assert ("本项你应当回避" in page) is not sees


def test_a_telephone_with_an_old_page_is_told_what_happened(group: Group, sign_in: Open) -> None:
    key = next(iter(group.items.values()))
    group.discuss(key)
    group.begin_vote(key)
    browser = sign_in("member02")
    path = f"/committee/meetings/{group.key}/vote"
    status, page = send(browser, path, item=str(key), round="7", choice="yes")
    assert (status, "这一轮已经作废" in page) == (409, True)
    status, page = send(browser, path, item=str(key), round="1", choice="maybe")
    assert (status, "请选择同意、不同意、弃权或缓议" in page) == (400, True)
    assert send(browser, path, item="x", round="1", choice="yes")[0] == 404
    assert send(browser, path, item=str(key), round="1", choice="yes")[0] == 200
    assert "你已经表态" in browser.get(f"/committee/meetings/{group.key}/seat").text


def test_a_vote_is_asked_for_again_and_each_choice_looks_its_own(
    group: Group, sign_in: Open
) -> None:
    key = next(iter(group.items.values()))
    group.discuss(key)
    group.begin_vote(key)
    member, desk = sign_in("member02"), sign_in("secretary")
    seat = f"/committee/meetings/{group.key}/seat/now"
    page = member.get(seat).text
    assert 'hx-confirm="表态：不同意？表态后不能更改。"' in page
    assert page.index("表态后不能更改。</p>") < page.index('value="no"')
    path = f"/committee/meetings/{group.key}/votes"
    assert 'hx-confirm="登记“党组成员02：不同意”？登记后不能单独更改。"' in desk.get(path).text
    sent = send(
        member, f"/committee/meetings/{group.key}/vote", item=str(key), round="1", choice="no"
    )
    assert sent[0] == 200
    for page in (member.get(seat).text, desk.get(path).text):
        assert '<span class="badge-state vote-no">不同意</span>' in page


def test_the_desk_with_an_old_page_is_told_who_was_first(group: Group, sign_in: Open) -> None:
    seen = group.meeting().revision
    first, second = sign_in("secretary2"), sign_in("secretary")
    path = f"/committee/meetings/{group.key}/acts/observer"
    assert send(first, path, revision=str(seen), name="甲", position="纪检")[0] == 200
    status, page = send(second, path, revision=str(seen), name="乙", position="纪检")
    assert (status, "会议秘书02刚刚在" in page) == (409, True)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "🙂" * 60])
def test_whatever_is_entered_is_text(group: Group, sign_in: Open, text: str) -> None:
    browser = sign_in("secretary")
    revision = str(group.meeting().revision)
    path = f"/committee/meetings/{group.key}/acts/observer"
    status, page = send(browser, path, revision=revision, name=text, position="")
    assert status == 200
    assert "<script>alert(1)" not in page
    assert text.replace("<", "&lt;").replace(">", "&gt;") in page


def test_two_people_are_refused_as_one_item(bureau: Desk, sign_in: Open) -> None:
    status, page = send(
        sign_in("secretary"), "/committee/items",
        item_class="exit", title="两人退出", text="一并研究", subject="甲、乙",
    )  # fmt: skip
    assert (status, "应当一人一项" in page) == (400, True)
    # what was typed is still there
    for typed in ('value="两人退出"', "一并研究</textarea>", 'value="甲、乙"', '"exit" selected'):
        assert typed in page


def test_minutes_are_a_draft_until_they_are_signed(group: Group, sign_in: Open) -> None:
    browser = sign_in("secretary")
    path = f"/committee/meetings/{group.key}/minutes"
    refused = browser.get(path)
    assert (refused.status_code, "闭会以后再从会务台打开" in refused.text) == (409, True)
    group.close()
    assert "这是草稿" in browser.get(path).text
    text = "\n".join(p.text for p in Document(BytesIO(browser.get(f"{path}.docx").data)).paragraphs)
    assert "应到：5人" in text
    assert browser.get(f"{path}.pdf").data.startswith(b"%PDF-")
    assert sign_in("member02").get(path).status_code == 404


def test_the_register_of_members_keeps_every_change(bureau: Desk, sign_in: Open) -> None:
    browser = sign_in("secretary")
    fields = {
        "person": actor_of(11).username, "position": "成员", "rank": "9",
        "begins_on": "2020-01-01", "ends_on": "", "basis": "任字1号",
    }  # fmt: skip
    assert send(browser, "/committee/members", **fields)[0] == 200
    assert "在这段时间已经是党组成员" in send(browser, "/committee/members", **fields)[1]
    found = re.findall(r"/committee/members/\d+", browser.get("/committee/members").text)
    (path,) = {one for one in found if "党组成员11" in browser.get(one).text}
    ended = fields | {"ends_on": "2020-12-31", "revision": "1", "reason": ""}
    assert send(browser, path, **ended)[0] == 400
    assert send(browser, path, **ended | {"reason": "调离"})[0] == 200
    assert "理由：调离" in browser.get(path).text
    assert send(browser, path, **ended | {"reason": "又一次"})[0] == 409


def test_the_register_goes_out_with_a_right_of_its_own(bureau: Desk, sign_in: Open) -> None:
    browser = sign_in("secretary")
    path, reason = "/committee/members/export", {"reason": "换届核对"}
    assert send(browser, path, **reason)[0] == 403
    assert send(sign_in(actor_of(1).username), path, **reason)[0] == 404
    with bureau.rooms.database.write() as session:
        right = (SECRETARIES, MEMBERS, ObjectKind.REGISTER, Action.EXPORT)
        give_right(session, bureau.rooms.keys.next(), right, bureau.clock())
    assert "导出为 Excel" in browser.get("/committee/members").text
    assert send(browser, path, reason="")[0] == 400
    asked = reason | {"csrf_token": token_of(browser.get("/committee").text)}
    sheet = load_workbook(BytesIO(browser.post(path, data=asked).data)).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]][:3] == ["用户名", "职务", "排序"]


ROW = {
    "用户名": actor_of(10).username, "职务": "成员", "排序": "8", "任职日期": "2019-01-01",
    "任期最后一日": "", "任职依据": "任字8号",
}  # fmt: skip


def workbook(*rows: dict[str, str]) -> bytes:
    return write_workbook([("党组成员", list(ROW), [list((ROW | row).values()) for row in rows])])


def upload(browser: FlaskClient, path: str, content: bytes, **fields: str) -> TestResponse:
    token = token_of(browser.get("/committee").text)
    sent = {"csrf_token": token, "file": (BytesIO(content), "members.xlsx"), **fields}
    return browser.post(f"/committee/members/import{path}", data=sent, follow_redirects=True)


def digest_of(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_members_come_in_from_a_workbook_as_a_whole(bureau: Desk, sign_in: Open) -> None:
    browser = sign_in("secretary")
    last = {"任期最后一日": "2019-06-30"}
    follows = {"用户名": actor_of(9).username, "职务": "书记", "任职日期": "2019-07-01"}
    before = {"职务": "书记", "任期最后一日": "2019-12-31"}
    first = workbook(before)
    checked = upload(browser, "/check", first)
    assert "已检查 1 行，都可以导入" in checked.text
    assert "任字8号" not in browser.get("/committee/members").text
    digest = digest_of(checked.text)
    assert "登记 1 条，变更 0 条" in upload(browser, "", first, digest=digest, reason="换届").text
    # One file ends a term and says who follows, whichever row is first.
    second = workbook({**follows, **last, "任期最后一日": "2019-12-31"}, before | last)
    digest = digest_of(upload(browser, "/check", second).text)
    done = upload(browser, "", second, digest=digest, reason="换届")
    assert "登记 1 条，变更 1 条" in done.text
    assert "都已经有了" in upload(browser, "/check", second).text
    assert upload(browser, "", first, digest=digest, reason="换届").status_code == 409


def test_each_row_of_a_workbook_that_cannot_be_taken_is_told(bureau: Desk, sign_in: Open) -> None:
    browser = sign_in("secretary")
    strange = {"用户名": "nobody.at.all", "任职日期": "2017-01-01"}
    content = workbook(
        {"任职日期": "2018-01-01", "任期最后一日": "2018-12-31"},
        strange,
        {"职务": "组长", "任职日期": "2016-01-01"},
        {"任职日期": "2015-05-05", "任期最后一日": "2015-01-01"},
    )
    said = upload(browser, "/check", content).text
    for reason in ("没有这个人", "应为以下之一：书记、副书记、成员", "不能早于任职之日"):
        assert reason in said
    assert "有 3 行不能导入" in said
    report = load_workbook(BytesIO(upload(browser, "/report", content).data)).active
    assert report is not None
    assert report.max_row == 4
    refused = upload(browser, "", content, digest="0", reason="换届")
    assert (refused.status_code, "什么也没有导入" in refused.text) == (409, True)
    assert "2018年" not in browser.get("/committee/members").text


def test_a_stranger_finds_no_import(bureau: Desk, sign_in: Open) -> None:
    browser = sign_in(actor_of(1).username)
    assert browser.get("/committee/members/import").status_code == 404
    for path in ("", "/check", "/report"):
        assert upload(browser, path, workbook({})).status_code == 404


def test_the_rules_are_shown_with_their_sources(bureau: Desk, sign_in: Open) -> None:
    page = sign_in("teacher001").get("/committee/rules").text
    for said in ("C-CARRY", "《中国共产党党组工作条例》（2019年修订）", "原文没有写明，可以设置"):
        assert said in page


def test_the_rules_are_set_by_who_has_the_right_and_by_no_secretary(
    bureau: Desk, sign_in: Open
) -> None:
    secretary = sign_in(SECRETARY.username)
    page = secretary.get("/committee/rules").text
    assert "会议秘书不能改" in page
    assert "保存为新的一版" not in page
    status, told = send(secretary, "/committee/rules", source="办公室决定")
    assert (status, "党组议事规则" in told) == (403, True)
    status, _ = send(sign_in(actor_of(2).username), "/committee/rules", source="x")
    assert status == 404
    setter = sign_in(RULE_SETTER.username)
    assert "保存为新的一版" in setter.get("/committee/rules").text
    quorums = {f"quorum_{each.value}": "two_thirds" for each in ItemClass}
    day = bureau_day(bureau.clock()).isoformat()
    source = "局党组议事规则〔2026〕1号"
    status, _ = send(setter, "/committee/rules", source=source, effective_from=day, **quorums)
    assert status in (200, 302)
    assert source in setter.get("/committee/rules").text


def test_what_the_organ_above_is_asked_stands_beside_what_waits(
    bureau: Desk, sign_in: Open
) -> None:
    next_day(bureau)
    group = Group(bureau, 5)
    plan = about_plan("应当回避太多的计划")
    group.begin(plan, present=5)
    group.discuss(recuse=[3, 4, 5])
    group.begin_vote()
    page = sign_in(SECRETARY.username).get("/committee/items").text
    assert "报上级党组织决定的" in page
    assert "还没有登记上级的答复" in page
    with bureau.rooms.write() as tools:
        superior.record(
            tools.session, group.only,
            Sent("中共乌海市委组织部", "乌教党字〔2026〕3号", bureau_day(bureau.clock()), ["1"]),
            Reply(Answer.AGREED, "乌组复〔2026〕8号", bureau_day(bureau.clock()), ["2"]),
            key=tools.keys.next(), actor=SECRETARY, now=bureau.clock(),
        )  # fmt: skip
    page = sign_in(SECRETARY.username).get("/committee/items").text
    assert "还没有登记上级的答复" not in page
    assert "决定同意（乌组复〔2026〕8号）" in page
