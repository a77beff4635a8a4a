"""A trial that ends early, and the transfer behind one that was passed; each registered once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment import candidacies, replies, views
from processes.recruitment.access import RecruitmentForbidden
from processes.recruitment.history import RoundNotFound
from processes.recruitment.replies import (
    TRANSFER,
    TRIAL_END,
    AnsweredAlready,
    NotAwaited,
    Recused,
    ReplyUnusable,
    TrialEnd,
)
from processes.recruitment.rules.terms import EarlyEnd
from processes.recruitment.tables import CandidacyState
from processes.registers.days import bureau_day
from processes.registers.staffing.tables import StaffSeat
from service.commands import ties
from service.commands.case_acts import send_message
from service.domain.actors import Actor
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.feel import FeelPool
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import begin_post, open_bureau, page_of
from tests.processes.recruitment.selection_cast import FILED, HEAD, MORE, SUBJECTS

_people, _weeks, _subjects = iter(MORE[:-1]), count(), iter(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("trials"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    """Somebody on trial, for a seat that no other test has."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    person = next(_people)
    found = begin_post(bureau, [person], next(_subjects), process="recruitment_appointment")
    found.file(found.key_of_first)
    found.appoint(person)
    return found


def end(
    one: Selecting, ground: str, *, actor: Actor = OFFICER, number: str = "试用鉴定", later: int = 0
) -> None:
    """Register on the round's page that the trial ends early."""
    desk = one.desk
    on = datetime.fromisoformat(one.later(later)).date()
    with desk.rooms.write() as tools:
        replies.register_trial_end(
            tools, one.round.key, one.key_of_first, TrialEnd(ground, number, on),
            actor=actor, now=desk.clock(),
        )  # fmt: skip
    one.run()


def forge(one: Selecting, name: str, **variables: Json) -> None:
    with one.desk.rooms.write() as tools:
        key, now = str(one.key_of_first), one.desk.clock()
        send_message(tools, name, correlation_key=key, variables=variables, now=now)
    one.run()


def state(one: Selecting) -> tuple[str, str]:
    with one.desk.rooms.read() as session:
        found = views.round_of(session, OFFICER, one.round.key, bureau_day(one.desk.clock()))
    (row,) = found.posts[0].candidates
    return row.candidacy.state, row.candidacy.reason


def is_kept(one: Selecting) -> bool:
    with one.desk.rooms.read() as session:
        kept = select(StaffSeat.reserved_instance).where(StaffSeat.code == one.post.seat_code)
        return session.scalars(kept).one() == one.round.instance_key


@pytest.mark.parametrize(
    ("ground", "reason"),
    [
        (EarlyEnd.UNFIT, "试用期内提前考核不合格"),
        (EarlyEnd.RESIGNED, "试用期内本人提出离开"),
        (EarlyEnd.RECORD, "试用期内记录查询不合格"),
    ],
)
def test_a_trial_ends_early_on_its_grounds_and_the_seat_is_kept_for_the_next(
    one: Selecting, ground: EarlyEnd, reason: str
) -> None:
    end(one, ground)
    assert state(one) == (CandidacyState.RETURNED, reason)
    assert one.cell(one.post.seat).state.colour.is_gap
    assert is_kept(one)
    assert one.desk.variables(one.case)["appointment_result"] == "returned"
    # what was told is told once, and nothing comes at the end of the days
    end(one, ground)
    with pytest.raises(NotAwaited):
        end(one, EarlyEnd.UNFIT, number="另一份")
    one.pass_days(93)
    assert one.open_elements() == []


def test_a_trial_does_not_end_early_otherwise(one: Selecting, tmp_path: Path) -> None:
    for ground, later, told in (("提前转正", 0, "R-T6b"), (EarlyEnd.UNFIT, 1, "晚于今天")):
        with pytest.raises(ReplyUnusable, match=told):
            end(one, ground, later=later)
    for stranger in (MORE[-1], HEAD):
        with pytest.raises((RoundNotFound, RecruitmentForbidden)):
            end(one, EarlyEnd.RESIGNED, actor=stranger)
    with one.desk.rooms.read() as session:
        (candidacy,) = candidacies.of_round(session, one.round.key)
    username = candidacy.username
    with one.desk.rooms.write() as tools:
        ties.declare(
            tools, username=COLLEAGUE.username, other=username, kind=TieKind.COLLATERAL,
            actor=COLLEAGUE, now=one.desk.clock(),
        )  # fmt: skip
    with pytest.raises(Recused):
        end(one, EarlyEnd.RESIGNED, actor=COLLEAGUE)
    # nor by a message alone
    forge(one, TRIAL_END, trial_end_ground="本人提出离开", trial_end_number="1",
          trial_end_dated_on=one.later(0))  # fmt: skip
    assert state(one)[0] == CandidacyState.ON_TRIAL
    page = page_of(one.desk, tmp_path, f"/recruitment/{one.round.key}")
    assert "提前结束试用" in page
    assert "查出违法犯罪记录" in page


@pytest.mark.parametrize("done", [True, False])
def test_who_was_selected_is_transferred_when_the_trial_was_passed(
    one: Selecting, tmp_path: Path, done: bool
) -> None:
    with pytest.raises(NotAwaited):
        one.transfer(one.key_of_first)
    one.pass_days(93)
    one.do("trial_review", "pass", {"trial_opinion": "合格"}, files=["trial_document"])
    assert state(one)[0] == CandidacyState.TRANSFERRING
    forge(one, TRANSFER, transfer_approved=True, transfer_organ=FILED.organ,
          transfer_number=FILED.number, transfer_dated_on=str(FILED.dated_on))  # fmt: skip
    assert state(one)[0] == CandidacyState.TRANSFERRING
    page = page_of(one.desk, tmp_path, f"/recruitment/{one.round.key}")
    assert "编制和调动手续" in page
    answer = replace(FILED, approved=done, number="乌编办〔2026〕12号")
    one.transfer(one.key_of_first, answer)
    one.transfer(one.key_of_first, answer)
    if done:
        assert state(one)[0] == CandidacyState.APPOINTED
        assert not one.cell(one.post.seat).state.colour.is_gap
        return
    assert state(one) == (
        CandidacyState.RETURNED, "编制和调动手续没有办成（乌海市人社局，乌编办〔2026〕12号）",
    )  # fmt: skip
    assert one.cell(one.post.seat).state.colour.is_gap
    assert is_kept(one)
    with pytest.raises((NotAwaited, AnsweredAlready)):
        one.transfer(one.key_of_first)
