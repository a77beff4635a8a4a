"""A post behind its last day for scores: a notice of change, or the post is cancelled."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, cycle
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from processes.recruitment.history import acts_of, is_whole
from processes.recruitment.tables import CandidacyState, PostState, RoundState
from processes.registers.staffing.tables import StaffSeat
from service.commands import ties
from service.commands.case_acts import send_message
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.feel import FeelPool
from service.store.tables import Notice, Person
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import account, begin_post, open_bureau, page_of
from tests.processes.recruitment.selection_cast import MORE, RATERS, SUBJECTS

GROUNDS: dict[str, Json] = {
    "change_reason": "考场停电，阅卷推迟。", "change_basis": "乌教人〔2026〕9号",
}  # fmt: skip
_people, _weeks = count(1), count()
_subjects = cycle(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("changed"), feel) as desk:
        yield desk


@pytest.fixture
def desk(bureau: Desk) -> Desk:
    """The bureau on a Monday of its own."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    return bureau


def teachers(desk: Desk, number: int) -> list[Actor]:
    """So many teachers who have nothing to do with anybody yet."""
    found = [
        Actor(f"changing{next(_people):02}", f"教师乙{place}", frozenset({"applicants"}))
        for place in range(number)
    ]
    with desk.rooms.database.write() as session:
        session.execute(insert(Person), [account(one, desk) for one in found])
    return found


def change(one: Selecting, outcome: str, *, actor: Actor = OFFICER, **given: Json) -> None:
    one.do("change", outcome, {"change_until": None, **GROUNDS, **given}, actor=actor)


def told(one: Selecting, name: str) -> str:
    """What the scoring says in a list of problems."""
    value = one.desk.variables(one.called("recruitment_scores") or one.case)[name]
    assert isinstance(value, list)
    return "".join(map(str, value))


def forge(one: Selecting, name: str, key: str, **variables: Json) -> None:
    """Send a message as a program may that publishes them."""
    with one.desk.rooms.write() as tools:
        now = one.desk.clock()
        send_message(tools, name, correlation_key=key, variables=variables, now=now)
    one.run()


def published(desk: Desk, title: str) -> list[Notice]:
    """The notices whose titles hold this, the newest first."""
    with desk.rooms.read() as session:
        found = select(Notice).where(Notice.title.contains(title)).order_by(Notice.key.desc())
        return list(session.scalars(found))


def test_papers_are_taken_after_a_notice_of_change_and_not_before(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), process="recruitment_scores")
    one.pass_days(4)
    one.write(90, 80)
    assert "R-DEADLINE" in told(one, "written_problems")
    assert "变更公告或取消岗位" in told(one, "written_problems")
    one.do("written", "change")
    # a change has its reason and its approval, and moves the day forward, within the announced end
    change(one, "extend", change_until=one.later(-1), change_reason=None, change_basis=None)
    for missing in ("理由", "批准依据", "不能早于今天"):
        assert missing in told(one, "change_problems")
    change(one, "extend", change_until=one.later(100), change_reason="电话13904731234")
    assert "递补截止日" in told(one, "change_problems")
    assert "不能有身份证号和手机号" in told(one, "change_problems")
    change(one, "extend", change_until=one.later(2))
    (notice, *_) = published(desk, f"变更公告（岗位{one.post.code}）")
    assert "原因：考场停电，阅卷推迟。" in notice.body
    # the marks that were typed are there still, and taken until the new day is over
    assert [row["points"] for row in one.shown("written_rows")] == [90, 80]
    one.pass_days(2)
    one.write(90, 80)
    assert one.open_elements() == ["choose_panel"]
    with desk.rooms.read() as session:
        assert is_whole(acts_of(session, one.round.key), one.round)


def test_an_interview_is_held_again_after_a_notice_of_change(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), process="recruitment_scores")
    one.write(80, 80)
    one.seat_panel()
    one.attend()
    one.rate_all(90, 80, raters=RATERS[:5])
    one.pass_days(4)
    one.seat_panel()
    assert "R-DEADLINE" in told(one, "panel_problems")
    one.do("choose_panel", "change")
    change(one, "back")
    one.do("choose_panel", "change")
    change(one, "extend", change_until=one.later(0))
    one.interview(90, 80)
    assert [row["total"] for row in one.shown("ranked")] == ["86.00", "80.00"]


def test_an_extra_test_is_entered_after_a_notice_of_change(desk: Desk) -> None:
    one = begin_post(desk, teachers(desk, 2), next(_subjects), process="recruitment_scores")
    one.write(80, 80)
    one.interview(90, 90)
    one.pass_days(4)
    rows = one.shown("extra_rows")
    for row, points in zip(rows, (60, 75), strict=True):
        row["points"] = points
    one.do("extra_test", "submit", {"extra_rows": [*rows]})
    assert "R-DEADLINE" in told(one, "extra_problems")
    one.do("extra_test", "change")
    change(one, "extend", change_until=one.later(1))
    one.do("extra_test", "submit", {"extra_rows": [*rows]})
    assert [row["name"] for row in one.shown("ranked")] == ["教师乙1", "教师乙0"]


def test_only_the_office_changes_what_was_announced_and_nobody_tied_to_a_candidate(
    desk: Desk,
) -> None:
    first, second = teachers(desk, 2)
    one = begin_post(desk, [first, second], next(_subjects), process="recruitment_scores")
    one.do("written", "change")
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=COLLEAGUE.username, other=first.username, kind=TieKind.COLLATERAL,
            actor=COLLEAGUE, now=desk.clock(),
        )  # fmt: skip
    for stranger in (first, RATERS[0], COLLEAGUE):
        with pytest.raises(JiaoyanError):
            change(one, "extend", actor=stranger, change_until=one.later(10))
    assert published(desk, f"岗位{one.post.code}") == []
    assert one.open_elements() == ["change"]


def test_a_round_goes_on_without_the_post_that_was_cancelled(desk: Desk, tmp_path: Path) -> None:
    a, b = MORE[0], MORE[1]
    one = Selecting(desk)
    one.announce("初中历史", plan_ratio=1)
    one.examine_all(a, b)
    # a message alone tells an applicant nothing, neither a change nor a result
    for name in ("recruitment.changed", "recruitment.settled"):
        forge(one, name, str(one.candidacy(a).key), round_result="已正式聘任")
    assert one.open_elements() == ["written"]
    one.pass_days(40)
    one.do("written", "change")
    change(one, "extend", change_until=one.later(3))
    # every applicant is told, from the register
    case = one.applications[a.username]
    assert [one.desk.variables(case)["change_words"]] == [
        f"评分截止日延长至{_said(one.later(3))}。原因：考场停电，阅卷推迟。"
    ]
    for teacher in (a, b):
        one.do("read_change", "read", actor=teacher, case=one.applications[teacher.username])
    one.pass_days(5)
    one.do("written", "change")
    change(one, "cancel", change_reason=None)
    assert one.post.state == PostState.OPEN
    change(one, "cancel", change_reason="学校撤并，岗位不再需要。")
    assert one.post.state == PostState.CANCELLED
    assert one.round.state == RoundState.ENDED
    with desk.rooms.read() as session:
        kept = select(StaffSeat.reserved_instance).where(StaffSeat.code == one.post.seat_code)
        assert session.scalars(kept).one() is None
        announced = session.get_one(Notice, int(one.round.notice_key))
    for teacher in (a, b):
        assert one.candidacy(teacher).state == CandidacyState.PASSED_OVER
        case = one.applications[teacher.username]
        assert "学校撤并" in str(one.desk.variables(case)["round_result"])
        assert "公告写明的咨询方式" in str(one.desk.variables(case)["round_remedy"])
        one.do("read_result", "read", actor=teacher, case=case)
    assert one.open_elements() == []
    # the public page of the round leads to both
    page = page_of(desk, tmp_path, f"/public/notices/{announced.slug}")
    for title in ("变更公告", "取消岗位公告"):
        (notice,) = published(desk, f"{title}（岗位{one.post.code}）")
        assert f"/public/notices/{notice.slug}" in page
        assert "乌教人〔2026〕9号" in page_of(desk, tmp_path, f"/public/notices/{notice.slug}")


def _said(day: str) -> str:
    year, month, rest = (int(part) for part in day.split("-"))
    return f"{year}年{month}月{rest}日"
