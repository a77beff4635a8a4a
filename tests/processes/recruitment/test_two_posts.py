"""One round with two posts: one is cancelled on the way, the other is filled; each by itself."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment import rounds
from processes.recruitment.history import acts_of, is_whole
from processes.recruitment.tables import CandidacyState, PostState, RoundPost, RoundState
from processes.registers.staffing.tables import StaffSeat
from service.domain.values import Json
from service.feel import FeelPool
from service.store.tables import ProcessInstance, Variable
from tests.processes.desk import Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import open_bureau
from tests.processes.recruitment.selection_cast import MORE

SUBJECTS = ("初中语文", "初中数学")


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("two"), feel) as desk:
        desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
        yield desk


def posts(one: Selecting) -> list[RoundPost]:
    with one.desk.rooms.read() as session:
        return list(rounds.posts_of(session, one.round.key))


def at_post(whole: Selecting, code: str) -> Selecting:
    """The part of a round that is about one post."""
    with whole.desk.rooms.read() as session:
        case = session.scalars(
            select(ProcessInstance.key)
            .join(Variable, Variable.scope_key == ProcessInstance.key)
            .where(
                ProcessInstance.parent_key == whole.case,
                Variable.name == "post_code",
                Variable.value == code,
            )
        ).one()
    return Selecting(whole.desk, case=case, round_key=whole.round.key)


def is_kept(one: Selecting, code: str) -> bool:
    with one.desk.rooms.read() as session:
        kept = select(StaffSeat.reserved_instance).where(StaffSeat.code == code)
        return session.scalars(kept).one() is not None


def test_one_post_is_cancelled_and_the_round_fills_the_other(bureau: Desk) -> None:
    a, b, c = MORE[:3]
    whole = Selecting(bureau)
    whole.open(*SUBJECTS)
    whole.approve()
    whole.plan(plan_ratio=1)
    whole.decide()
    whole.open_registration()
    first, second = (post.code for post in posts(whole))
    for teacher, code, subject in ((a, first, 0), (b, second, 1), (c, second, 1)):
        whole.qualify(teacher, SUBJECTS[subject])
        whole.apply(teacher, post_code=code)
        whole.check(teacher)
    # one person, one post
    kept = whole.applications[a.username]
    twice = whole.apply(a, post_code=second)
    assert f"你已经报了{first}" in str(bureau.variables(twice)["entry_problems"])
    whole.do("correct_entry", "withdraw", actor=a, case=twice)
    whole.applications[a.username] = kept
    whole.pass_days(12)
    # each post has its own scoring; a change to one is none of the other's
    one, other = at_post(whole, first), at_post(whole, second)
    one.do("written", "change")
    grounds: dict[str, Json] = {
        "change_until": None, "change_reason": "学校撤并。", "change_basis": "乌教人〔2026〕9号",
    }  # fmt: skip
    one.do("change", "cancel", grounds)
    cancelled, there = posts(whole)
    assert (cancelled.state, there.state) == (PostState.CANCELLED, PostState.OPEN)
    assert (is_kept(whole, cancelled.seat_code), is_kept(whole, there.seat_code)) == (False, True)
    assert whole.round.state == RoundState.ANNOUNCED
    whole.do("read_result", "read", actor=a, case=kept)
    assert "岗位取消：学校撤并" in str(bureau.variables(kept)["round_result"])
    # another round may recruit for the cell of the cancelled post at once
    again = Selecting(bureau)
    again.open(SUBJECTS[0])
    assert bureau.variables(again.case)["need_problems"] == []
    again.cancel()
    # the other post goes on to its end, and the round with it
    other.write(90, 80)
    other.interview(90, 80)
    other.examine()
    other.decide()
    other.pass_days(10)
    other.file(whole.candidacy(b).key)
    other.appoint(b)
    other.pass_days(93)
    other.do("trial_review", "pass", {"trial_opinion": "合格"}, files=["trial_document"])
    other.transfer(whole.candidacy(b).key)
    assert [post.state for post in posts(whole)] == [PostState.CANCELLED, PostState.FILLED]
    assert whole.round.state == RoundState.ENDED
    results = {b: "已正式聘任", c: "没有进入聘任"}
    for teacher, result in results.items():
        case = whole.applications[teacher.username]
        assert bureau.variables(case)["round_result"] == result
        whole.do("read_result", "read", actor=teacher, case=case)
    assert whole.candidacy(a).state == CandidacyState.PASSED_OVER
    assert whole.open_elements() == []
    with bureau.rooms.read() as session:
        assert is_whole(acts_of(session, whole.round.key), whole.round)
