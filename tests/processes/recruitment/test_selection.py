"""遴选 from a red cell of the matrix to a green one, and what is refused on the way."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from processes.recruitment.history import RoundNotFound, acts_of, is_whole
from processes.recruitment.replies import (
    NotAwaited,
    ReplyUnusable,
)
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import CandidacyState, PostState, RoundState
from processes.registers.days import bureau_day, said_day
from service.commands import ties
from service.domain.actors import Actor
from service.domain.errors import FieldsInvalid, JiaoyanError
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import COLLEAGUE, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import (
    APPROVED,
    BEGINS,
    MORE,
    SUBJECTS,
    TEACHERS,
)

FIRST, SECOND, THIRD = TEACHERS
_others, _weeks, _days = count(), count(), count()


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("selecting"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """A round to be opened, in weeks of its own: each Party group is in office for a day."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(40 * next(_weeks) % 250 + next(_days))
    return Selecting(bureau)


def three() -> tuple[Actor, Actor, Actor]:
    """Three teachers who have not applied yet."""
    place = 3 * next(_others)
    return MORE[place], MORE[place + 1], MORE[place + 2]


def words(one: Selecting, name: str, case: int = 0) -> str:
    """What a case says in a list of problems."""
    value = one.desk.variables(case or one.case)[name]
    assert isinstance(value, list)
    return "".join(map(str, value))


def tie(desk: Desk, username: str, other: str) -> None:
    """Let somebody declare a cousin."""
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=username, other=other, kind=TieKind.COLLATERAL,
            actor=Actor(username, username, frozenset()), now=desk.clock(),
        )  # fmt: skip


def test_a_red_cell_turns_green(bureau: Desk) -> None:
    bureau.clock.now = datetime.fromisoformat(BEGINS)
    one = Selecting(bureau)
    assert one.cell().state.colour.value == "overdue"
    # the gap stands, the organ for establishments approves, the seat is kept
    one.open(SUBJECTS[0])
    assert one.open_elements() == []
    one.approve()
    assert one.post.seat_code == "SJ-01"
    # the plan is decided by the Party group and announced
    one.plan()
    one.decide()
    assert one.round.state == RoundState.ANNOUNCED
    one.open_registration()
    # three teachers apply, each a case of their own, and are checked
    one.examine_all(*TEACHERS)
    # 80 * 0.4 + 90 * 0.6 = 86, 85.5 * 0.4 + 80 * 0.6 = 82.2
    one.write(80, 85.5, 70)
    one.seat_panel()
    one.attend()
    one.rate_all(90, 80, 75)
    assert one.totals() == [("1", "86.00"), ("2", "82.20"), ("3", "73.00")]
    # investigation, decision, public notice, filing: the cell is still red
    one.examine()
    one.decide()
    one.pass_days(10)
    one.file(one.candidacy(FIRST).key)
    assert one.cell().state.colour.value == "overdue"
    one.appoint(FIRST)
    assert one.cell().state.colour.value == "staffed"
    # the trial, then the transfer, after which the appointment is final
    one.pass_days(93)
    one.do("trial_review", "pass", {"trial_opinion": "合格"}, files=["trial_document"])
    assert one.candidacy(FIRST).state == CandidacyState.TRANSFERRING
    one.transfer(one.candidacy(FIRST).key)
    assert one.candidacy(FIRST).state == CandidacyState.APPOINTED
    assert one.post.state == PostState.FILLED
    # every applicant is told, and the history is whole
    for teacher in TEACHERS:
        one.do("read_result", "read", actor=teacher, case=one.applications[teacher.username])
    assert one.desk.instance(one.case).state == "COMPLETED"
    with one.desk.rooms.read() as session:
        assert is_whole(acts_of(session, one.round.key), one.round)


def test_only_gaps_of_the_matrix_are_recruited_for(one: Selecting) -> None:
    one.open("初中地理", "小学数学", "小学数学")
    told = words(one, "need_problems")
    assert "初中地理已经配齐" in told
    assert "小学数学写了两次" in told
    one.do("change_need", "abandon", actor=one.starter)
    assert one.desk.instance(one.case).state == "COMPLETED"


def test_the_bureau_cannot_approve_establishments_itself(one: Selecting) -> None:
    one.open("小学数学")
    ours = Reply(True, "市教育局", "乌教〔2026〕1号", APPROVED.dated_on)
    with pytest.raises(ReplyUnusable, match="机构编制管理机关"):
        one.approve(ours)
    with pytest.raises(RoundNotFound):
        one.approve(actor=FIRST)
    assert one.post.seat_code == ""
    # a refusal ends the round, and nothing is kept
    one.approve(Reply(False, APPROVED.organ, APPROVED.number, APPROVED.dated_on))
    assert one.round.state == RoundState.ENDED
    with pytest.raises(NotAwaited):
        one.approve()


def test_a_plan_against_the_rules_does_not_reach_the_party_group(one: Selecting) -> None:
    one.open("小学数学")
    one.approve()
    one.plan(
        plan_written_percent=50, plan_panel_least=2, plan_interview_on=one.later(1),
        plan_notice_days=3, plan_window_days=60,
    )  # fmt: skip
    told = words(one, "plan_problems")
    for rule in ("R-SCHEME", "R-PANEL7", "R-T1"):
        assert rule in told
    assert "面试日期" in told
    one.do("plan", "abandon", comment="不再招聘")
    assert one.round.state == RoundState.ENDED
    # the seat that was kept is free for another round
    again = Selecting(one.desk)
    again.open("小学数学")
    again.approve()
    assert again.post.seat_code == "SJ-02"
    again.do("plan", "abandon", comment="不再招聘")


def test_who_may_apply_and_until_when(one: Selecting) -> None:
    a, b, c = three()
    one.announce("小学数学")
    # the number of the round alone is refused at once, on the form
    with pytest.raises(FieldsInvalid) as refused:
        one.apply(a, post_code=one.round.number)
    assert refused.value.errors["post_code"] == ["岗位编号有三段，照公告抄写，如 A2026-01-01。"]
    # a strange post, and somebody who is not on an establishment
    strange = one.apply(a, post_code="A2026-99-01")
    assert "没有编号为" in words(one, "entry_problems", strange)
    one.do("correct_entry", "withdraw", actor=a, case=strange)
    outside = one.apply(b, employment="不在事业编制")
    assert "R-CH-5" in words(one, "entry_problems", outside)
    one.do("correct_entry", "withdraw", actor=b, case=outside)
    # a number that would be published with the scores
    shown = one.apply(b, unit="示例小学01（电话13904731234）")
    assert "现工作单位里不能有身份证号和手机号" in words(one, "entry_problems", shown)
    one.do("correct_entry", "withdraw", actor=b, case=shown)
    # one person, one post
    one.qualify(a, "小学数学")
    one.apply(a)
    twice = one.apply(a)
    assert "一人只能报一个岗位" in words(one, "entry_problems", twice)
    one.do("correct_entry", "withdraw", actor=a, case=twice)
    # the last day of registration is in time, the day after is not
    closes = one.round.registration_closes_on
    assert closes is not None
    one.pass_days((closes - bureau_day(one.desk.clock())).days)
    one.qualify(b, "小学数学")
    one.apply(b, unit=" 示例小学01　　教导处 ")
    assert one.candidacy(b).state == CandidacyState.CHECKING
    assert one.candidacy(b).unit == "示例小学01 教导处"
    one.pass_days(1)
    late = one.apply(c)
    assert "逾期不再受理" in words(one, "entry_problems", late)
    one.do("read_closed", "read", actor=c, case=late)
    one.cancel()


def test_an_objection_is_checked_by_somebody_else_and_holds_the_round(one: Selecting) -> None:
    a, b, _ = three()
    one.announce("小学科学", plan_ratio=1)
    for teacher in (a, b):
        one.qualify(teacher, "小学科学")
        one.apply(teacher)
    one.check(b, "supplement")
    case = one.applications[b.username]
    shown = {k: v for k, v in one.desk.variables(case).items() if k in APPLICATION}
    one.do("supplement", "submit", shown, actor=b, case=case)
    one.check(b)
    one.check(a, "reject", check_reason="没有同意报考证明")
    case = one.applications[a.username]
    told = str(one.desk.variables(case)["refusal_remedy"])
    assert "3个工作日内向市教育局人事科提出异议" in told
    assert "5个工作日内答复" in told
    one.do("read_refusal", "object", actor=a, case=case, comment="证明已经上传")
    one.pass_days(12)
    # then the round waits, however long, and who refused cannot re-check
    assert one.called("recruitment_post") == 0
    with pytest.raises(JiaoyanError):
        one.do("recheck", "uphold", case=case, comment="维持")
    one.do("recheck", "overturn", actor=COLLEAGUE, case=case, comment="证明齐全")
    with pytest.raises(JiaoyanError):
        one.check(a)
    one.check(a, actor=COLLEAGUE)
    assert one.candidacy(a).state == CandidacyState.ADMITTED
    # the round goes on by itself
    assert one.open_elements() == ["written"]


def test_a_refusal_that_is_upheld_is_told_with_reason_and_remedy(one: Selecting) -> None:
    a, b, _ = three()
    one.announce("小学数学", plan_ratio=1)
    for teacher in (a, b):
        one.qualify(teacher, "小学数学")
        one.apply(teacher)
    one.check(a)
    one.check(b, "reject", check_reason="没有同意报考证明")
    case = one.applications[b.username]
    one.do("read_refusal", "object", actor=b, case=case, comment="证明已经上传")
    one.do("recheck", "uphold", actor=COLLEAGUE, case=case, comment="证明不是主管部门的")
    told = one.desk.variables(case)
    assert "本事项的异议和复核已经办完" in str(told["recheck_remedy"])
    assert told["recheck_upheld_on"] == said_day(bureau_day(one.desk.clock()))
    assert one.candidacy(b).state == CandidacyState.REFUSED
    one.pass_days(12)
    # the round does not wait until it is read
    assert one.open_elements() == ["read_upheld", "written"]
    one.do("read_upheld", "read", actor=b, case=case)
    assert one.desk.instance(case).end_event == "没有进入考试"
    one.cancel()


def test_what_is_mended_counts_and_the_gates_are_asked_again(one: Selecting) -> None:
    a, b, _ = three()
    one.announce("初中历史", plan_ratio=1)
    for teacher in (a, b):
        one.qualify(teacher, "初中历史")
        one.apply(teacher, honours=["名师"])
    case, code = one.applications[a.username], one.post.code
    shown = {k: v for k, v in one.desk.variables(case).items() if k in APPLICATION}
    # given a supplement that is not for this channel any more, and tries another post
    one.check(a, "supplement")
    wrong: dict[str, Json] = {"post_code": "A2026-99-01", "employment": "不在事业编制"}
    one.do("supplement", "submit", {**shown, **wrong}, actor=a, case=case)
    assert "R-CH-5" in words(one, "entry_problems", case)
    assert one.desk.variables(case)["post_code"] == code
    # then it cannot be passed, and goes back to be mended
    one.check(a, honours_checked="已核对，属实")
    right: dict[str, Json] = {"unit": "示例小学02", "title": "高级教师"}
    one.do("supplement", "submit", {**shown, **right}, actor=a, case=case)
    assert words(one, "entry_problems", case) == ""
    assert (one.candidacy(a).unit, one.candidacy(a).title) == ("示例小学02", "高级教师")
    # and a title breaks a tie only where the office has seen its proof: nobody passes unasked
    one.check(a)
    assert one.open_elements() == ["formal_check", "formal_check"]
    one.check(a, honours_checked="没有证明或者不属实")
    one.check(b, honours_checked="已核对，属实")
    admitted = CandidacyState.ADMITTED
    assert (one.candidacy(a).state, one.candidacy(a).honoured) == (admitted, False)
    assert (one.candidacy(b).state, one.candidacy(b).honoured) == (admitted, True)
    with one.desk.rooms.read() as session:
        assert is_whole(acts_of(session, one.round.key), one.round)


def test_who_has_no_qualification_goes_through_the_admission_review(one: Selecting) -> None:
    a, _, _ = three()
    one.announce("初中语文", plan_ratio=1)
    one.apply(a)
    one.check(a)
    # the review asks the applicant for what it needs, and the round waits for it
    assert one.open_elements() == ["fill_in"]
    review = one.called("admission_review")
    assert one.desk.variables(review)["person"] == a.username
    one.pass_days(12)
    assert one.called("recruitment_post") == 0


APPLICATION = {
    "post_code", "applicant_name", "unit", "title", "employment", "in_city", "in_post",
    "school_agrees", "authority_agrees", "honours", "consent_document", "application_document",
    "truth_declared",
}  # fmt: skip
