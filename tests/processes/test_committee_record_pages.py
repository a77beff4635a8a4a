"""Pages of procedural records: 流会, 送审, minutes put right, parts signed and withheld."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from service.feel import FeelPool
from service.store.tables import Membership
from tests.processes.committee_pages import Open, act, browsers
from tests.processes.desk import Desk
from tests.processes.party_group import (
    SECRETARIES,
    Group,
    about_exit,
    about_plan,
    next_day,
    open_bureau,
)


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("pages"), feel) as desk:
        yield desk


@pytest.fixture
def group(bureau: Desk) -> Group:
    """Five members, all there, an exit and a plan on the agenda."""
    next_day(bureau)
    group = Group(bureau, 5)
    name = f"某人{bureau.clock.now:%d}"
    group.begin(about_exit(name), about_plan(f"计划{name}"), present=5)
    return group


@pytest.fixture(scope="module")
def sign_in(bureau: Desk, tmp_path_factory: pytest.TempPathFactory) -> Open:
    return browsers(bureau, tmp_path_factory.mktemp("browsers"))


def test_too_few_is_declared_on_the_page(bureau: Desk, sign_in: Open) -> None:
    next_day(bureau)
    group = Group(bureau, 4)
    group.prepare(about_plan(f"计划{bureau.clock.now:%d}"))
    browser = sign_in("secretary")
    assert "宣布流会" not in browser.get(f"/committee/meetings/{group.key}").text
    group.call(2)
    page = browser.get(f"/committee/meetings/{group.key}").text
    assert "应到4人，实到2人，不足3人，会议开不成（规则 C-HALF）" in page
    status, page = act(browser, group, "not-held", reason="两人外出")
    assert (status, "；理由：两人外出" in page, "到会人数不足，未议" in page) == (200, True, True)
    group.run_jobs()
    # and what was written down is put right by who checks it
    page = browser.get(f"/committee/meetings/{group.key}").text
    assert "改正纪要" in page
    status, page = act(browser, group, "amend", entry="place", text="二楼", reason="笔误")
    assert (status, "改为“二楼”" in page) == (200, True)
    assert act(browser, group, "amend", entry="vote:1:1", text="同意", reason="改")[0] == 400
    assert (
        act(sign_in("member02"), group, "amend", entry="place", text="一楼", reason="改")[0] == 404
    )


def test_the_agenda_is_put_before_the_head_of_the_group(bureau: Desk, sign_in: Open) -> None:
    next_day(bureau)
    group = Group(bureau, 3)
    group.prepare(about_plan(f"计划{bureau.clock.now:%d}"))
    key = group.add(about_plan(f"另一计划{bureau.clock.now:%d}"))
    browser = sign_in("secretary")
    status, page = act(browser, group, "notice")
    assert (status, "请先点“送审议程”" in page) == (409, True)
    status, page = act(browser, group, "ask")
    assert (status, "议程已送党组成员01审定" in page) == (200, True)
    seat = f"/committee/meetings/{group.key}/seat"
    assert "审定会议议程" in sign_in("member01").get(seat).text
    assert "另一计划" in sign_in("member01").get(seat).text
    # who had notice before is told that it is being changed, and no more
    page = sign_in("member02").get(seat).text
    assert ("议程正在改动，以重新发出的会议通知为准" in page, "计划" in page) == (True, False)
    assert act(browser, group, "take-off", item=str(key))[0] == 200
    assert "议程正在改动" in sign_in("member01").get(seat).text


def test_who_chaired_for_the_chair_reads_that_part_of_the_minutes(
    group: Group, sign_in: Open
) -> None:
    key, other = group.items.values()
    group.discuss(key, recuse=[1])
    secretary = sign_in("secretary")
    assert act(secretary, group, "item-chair", item=str(key), username="member02")[0] == 200
    assert act(secretary, group, "silent", item=str(key))[0] == 200
    group.begin_vote(key)
    group.votes(4, voters=[2, 3, 4, 5], chair=2, key=key)
    group.close_vote(key)
    group.discuss(other)
    group.begin_vote(other)
    group.votes(5, key=other)
    group.close_vote(other)
    group.close()
    path = f"/committee/meetings/{group.key}/minutes"
    exit_, plan = (group.item(one).title for one in (key, other))
    for username, sees in (("member01", (False, True)), ("member02", (True, False))):
        browser = sign_in(username)
        page = browser.get(path).text
        assert (exit_ in page, plan in page) == sees
        paper = Document(BytesIO(browser.get(f"{path}.docx").data))
        text = "\n".join(p.text for p in paper.paragraphs)
        assert (exit_ in text, plan in text) == sees
    assert sign_in("member03").get(path).status_code == 404
    # and what was left out is added by who checks
    fields = {"item": str(key), "username": "member03", "text": "同意", "reason": "漏记"}
    status, page = act(secretary, group, "add-statement", **fields)
    assert (status, "补记党组成员03的发言" in page) == (200, True)


def test_who_was_recused_by_hand_reads_it_neither_at_the_case_nor_at_the_desk(
    bureau: Desk, group: Group, sign_in: Open
) -> None:
    key = next(iter(group.items.values()))
    title = group.item(key).title
    with bureau.rooms.database.write() as session:
        session.add(Membership(group_id=SECRETARIES, username="member05"))
    browser = sign_in("member05")
    case, desk = f"/instances/{group.key}", f"/committee/meetings/{group.key}"
    assert title in browser.get(case).text
    group.discuss(key, recuse=[5])
    for path in (case, desk):
        page = browser.get(path)
        assert (page.status_code, title in page.text) == (200, False)
        assert title in sign_in("secretary").get(path).text
    with bureau.rooms.database.write() as session:
        session.delete(session.get_one(Membership, (SECRETARIES, "member05")))
