"""遴选 from a red cell of the matrix to a green one, and what is refused on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from processes.committee.agenda import DECIDED
from processes.recruitment import replies, views
from processes.recruitment.history import RoundNotFound, acts_of, is_whole
from processes.recruitment.replies import (
    ESTABLISHMENT,
    AnsweredAlready,
    NotAwaited,
    ReplyUnusable,
)
from processes.recruitment.rounds import Reply
from processes.recruitment.tables import CandidacyState, PostState, RoundState
from processes.registers.days import bureau_day
from processes.registers.staffing.rosters import SEAT_ROSTER
from service.commands import ties
from service.commands.case_acts import send_message
from service.commands.notices import require_offered
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.feel import FeelPool
from service.store.tables import Notice
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import (
    APPROVED,
    BEGINS,
    CITY,
    MORE,
    SUBJECTS,
    TEACHERS,
)
from tests.processes.registers.entering import put, seat

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
    # the trial, after which the appointment is final
    one.pass_days(93)
    one.do("trial_review", "pass", {"trial_opinion": "合格"}, files=["trial_document"])
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


def test_what_is_mended_counts_and_the_gates_are_asked_again(one: Selecting) -> None:
    a, b, _ = three()
    one.announce("小学数学", plan_ratio=1)
    for teacher in (a, b):
        one.qualify(teacher, "小学数学")
        one.apply(teacher, honours=["名师"])
    case, code = one.applications[a.username], one.post.code
    shown = {k: v for k, v in one.desk.variables(case).items() if k in APPLICATION}
    # given a supplement that is not for this channel any more, and tries another post
    one.check(a, "supplement", honours_checked="没有证明或者不属实")
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
    # and a title breaks a tie only where the office has seen its proof
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


def test_a_seat_is_entered_before_it_is_kept(one: Selecting) -> None:
    # given an approval for a seat that is not in the register yet
    one.open("初中物理")
    one.approve()
    assert "须先由机构编制管理机关批准" in words(one, "register_refusals")
    one.do("enter_seats", "submit")
    assert one.open_elements() == ["enter_seats"]
    with one.desk.rooms.write() as tools:
        put(tools, SEAT_ROSTER, seat("SJ-08", unit_id=CITY, seat="初中物理"), now=one.desk.clock())
    one.do("enter_seats", "submit")
    assert one.post.seat_code == "SJ-08"
    one.do("plan", "abandon", comment="不再招聘")


def test_a_program_cannot_approve_in_the_bureau_s_name_either(one: Selecting) -> None:
    one.open("初中数学")
    with one.desk.rooms.write() as tools:
        variables: dict[str, Json] = {
            "reply_approved": True, "reply_organ": "市教育局", "reply_number": "1",
            "reply_dated_on": "2026-02-02",
        }  # fmt: skip
        send_message(
            tools, ESTABLISHMENT, correlation_key=str(one.round.key), variables=variables,
            now=one.desk.clock(),
        )  # fmt: skip
    one.run()
    assert "不能批准编制" in words(one, "reply_problems")
    assert one.post.seat_code == ""
    # nor in the organ's: what counts is what was registered
    forge(one, reply_approved=True)
    assert "没有在本轮招聘的页面登记" in words(one, "reply_problems")
    assert one.post.seat_code == ""
    one.approve()
    assert one.open_elements() == ["plan"]
    one.do("plan", "abandon", comment="不再招聘")


def forge(one: Selecting, *, reply_approved: bool) -> None:
    """Send the organ's answer, as a program may that publishes messages."""
    dated_on = None if APPROVED.dated_on is None else APPROVED.dated_on.isoformat()
    variables: dict[str, Json] = {
        "reply_approved": reply_approved, "reply_organ": APPROVED.organ,
        "reply_number": APPROVED.number, "reply_dated_on": dated_on,
    }  # fmt: skip
    with one.desk.rooms.write() as tools:
        send_message(
            tools, ESTABLISHMENT, correlation_key=str(one.round.key), variables=variables,
            now=one.desk.clock(),
        )  # fmt: skip
    one.run()


def test_an_answer_is_registered_once_and_not_contradicted(one: Selecting) -> None:
    one.open("初中数学")
    against = replace(APPROVED, approved=False)
    with one.desk.rooms.write() as tools:
        given = (tools, one.round.key)
        now = one.desk.clock()
        replies.register_establishment(*given, APPROVED, actor=OFFICER, now=now)
        replies.register_establishment(*given, APPROVED, actor=OFFICER, now=now)
        with pytest.raises(AnsweredAlready, match=APPROVED.number):
            replies.register_establishment(*given, against, actor=OFFICER, now=now)
        page = views.round_of(tools.session, OFFICER, one.round.key, bureau_day(now))
        acts = acts_of(tools.session, one.round.key)
    assert not page.awaits_approval
    assert [act.act for act in acts].count("establishment-reply") == 1
    one.run()
    assert one.post.seat_code == "SJ-05"
    one.do("plan", "abandon", comment="不再招聘")


def test_a_plan_that_is_not_carried_comes_back_changed(one: Selecting) -> None:
    one.open("初中历史")
    one.approve()
    one.plan()
    # nobody decides in the Party group's name
    with one.desk.rooms.write() as tools:
        item = str(one.desk.variables(one.case)["committee_item"])
        carried: dict[str, Json] = {"committee_result": "CARRIED", "committee_words": "同意"}
        send_message(
            tools, DECIDED, correlation_key=item, variables=carried, now=one.desk.clock()
        )  # fmt: skip
    one.run()
    assert one.round.state == RoundState.PLANNED
    assert one.open_elements() == []
    one.decide(carried=False)
    assert one.open_elements() == ["plan"]
    # the same plan may not be put up again, a changed one may
    one.plan()
    assert one.open_elements() == ["plan"]
    one.plan(plan_changes="提高开考比例", plan_ratio=4)
    one.decide()
    assert one.round.state == RoundState.ANNOUNCED
    # what was announced is offered to the public until the last day of registration is over
    with one.desk.rooms.read() as session:
        require_offered(session, "recruitment_application", name="报名", now=one.desk.clock())
        notice = session.get_one(Notice, int(one.round.notice_key))
    closes = one.round.registration_closes_on
    assert notice.closes_at is not None
    assert closes is not None
    assert bureau_day(notice.closes_at) == closes + timedelta(days=1)
    # and nobody came: the post is cancelled, the round over
    one.pass_days((closes - bureau_day(one.desk.clock())).days + 1)
    assert one.post.state == PostState.CANCELLED


APPLICATION = {
    "post_code", "applicant_name", "unit", "title", "employment", "in_city", "in_post",
    "school_agrees", "authority_agrees", "honours", "consent_document", "application_document",
    "truth_declared",
}  # fmt: skip
