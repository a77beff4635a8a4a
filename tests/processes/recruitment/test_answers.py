"""What the round's page and its messages may say of a candidate, and who may say it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count, cycle
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from processes.recruitment import candidacies, replies, views
from processes.recruitment.candidacies import MoveRefused
from processes.recruitment.history import Step
from processes.recruitment.replies import FILING, AnsweredAlready, Recused, ReplyUnusable
from processes.recruitment.tables import CandidacyState
from processes.registers.days import bureau_day
from service.commands import ties
from service.commands.case_acts import PAGE_ACT, send_message
from service.domain.actors import SYSTEM, Actor
from service.domain.recusal import TieKind
from service.domain.values import Json
from service.feel import FeelPool
from service.store.tables import AccessEvent, HistoryEntry, Person
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import account, begin_post, open_bureau, page_of
from tests.processes.recruitment.selection_cast import FILED, SUBJECTS

_people, _weeks = count(1), count()
_subjects = cycle(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("post"), feel) as desk:
        yield desk


@pytest.fixture
def desk(bureau: Desk) -> Desk:
    """The bureau on a Monday of its own: each Party group is in office for a day."""
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    return bureau


def teachers(desk: Desk, number: int) -> list[Actor]:
    """So many teachers who have nothing to do with anybody yet."""
    found = [
        Actor(f"candidate{next(_people):02}", f"教师甲{place}", frozenset({"applicants"}))
        for place in range(number)
    ]
    with desk.rooms.database.write() as session:
        session.execute(insert(Person), [account(one, desk) for one in found])
    return found


def tie(desk: Desk, username: str, other: str) -> None:
    """Let somebody declare a cousin."""
    with desk.rooms.write() as tools:
        ties.declare(
            tools, username=username, other=other, kind=TieKind.COLLATERAL,
            actor=Actor(username, username, frozenset()), now=desk.clock(),
        )  # fmt: skip


def words(one: Selecting, name: str, process: str = "recruitment_scores") -> str:
    """What a case says in a list of problems."""
    return "".join(map(str, one.desk.variables(one.called(process) or one.case)[name]))  # type: ignore[arg-type]


def test_a_filing_is_answered_once_by_whoever_registers_it(desk: Desk) -> None:
    (first,) = teachers(desk, 1)
    one = begin_post(desk, [first], SUBJECTS[3], process="recruitment_appointment")
    key = one.candidacy(first).key
    forged: dict[str, Json] = {
        "filing_approved": True, "filing_organ": FILED.organ, "filing_number": FILED.number,
        "filing_dated_on": str(FILED.dated_on),
    }  # fmt: skip
    with desk.rooms.write() as tools:
        send_message(tools, FILING, correlation_key=str(key), variables=forged, now=desk.clock())
    one.run()
    assert one.open_elements() == []
    assert "没有在本轮招聘的页面登记" in words(one, "filing_problems", "recruitment_appointment")
    one.file(key)
    one.file(key)
    with pytest.raises(AnsweredAlready):
        one.file(key, replace(FILED, approved=False))
    assert one.open_elements() == ["appoint"]
    # the round's case tells who registered what
    with desk.rooms.read() as session:
        page = views.round_of(session, OFFICER, one.round.key, bureau_day(desk.clock()))
        told = session.scalars(
            select(HistoryEntry.actor).where(
                HistoryEntry.instance_key == one.case, HistoryEntry.act == PAGE_ACT
            )
        ).all()  # fmt: skip
    assert told == [OFFICER.username]
    assert not page.awaits_filing


def test_who_is_tied_to_a_candidate_keeps_out_and_who_reads_is_recorded(
    desk: Desk, tmp_path: Path
) -> None:
    (first,) = teachers(desk, 1)
    one = begin_post(desk, [first], SUBJECTS[4], process="recruitment_appointment")
    address = f"/recruitment/{one.round_key}"
    before = page_of(desk, tmp_path, address)
    assert first.display_name in before
    with desk.rooms.read() as session:
        read = session.scalars(select(AccessEvent.reference).where(
            AccessEvent.subject == first.username, AccessEvent.person == OFFICER.username
        )).all()  # fmt: skip
    assert read == [f"recruitment/{one.round_key}"]
    tie(desk, OFFICER.username, first.username)
    with pytest.raises(Recused, match="三代以内旁系血亲"):
        one.file(one.candidacy(first).key)
    after = page_of(desk, tmp_path, address)
    assert "不显示报名人" in after
    assert first.display_name not in after
    assert "等待备案" not in after


def test_nobody_is_appointed_who_was_not_proposed(desk: Desk) -> None:
    (first,) = teachers(desk, 1)
    one = begin_post(desk, [first], SUBJECTS[5], process="recruitment_scores")
    key = one.candidacy(first).key
    with desk.rooms.write() as tools:
        step = Step(1, one.case, SYSTEM, desk.clock(), "2026-11/0")
        with pytest.raises(MoveRefused, match="现在是“审查合格”"):
            candidacies.move(tools.session, key, CandidacyState.FILING, step, reason="")


def test_only_an_organ_that_may_answers_and_not_before_it_was_asked(desk: Desk) -> None:
    (first,) = teachers(desk, 1)
    one = begin_post(desk, [first], SUBJECTS[5], process="recruitment_appointment")
    key, today = one.candidacy(first).key, bureau_day(desk.clock())

    def refused(organ: str, dated_on: date) -> str:
        answer = replace(FILED, organ=organ, dated_on=dated_on)
        with pytest.raises(ReplyUnusable) as refusal, desk.rooms.write() as tools:
            replies.register_filing(
                tools, one.round_key, key, answer, actor=OFFICER, now=desk.clock()
            )
        return refusal.value.message

    day = timedelta(days=1)
    allowed = "办理机关应为乌海市人社局、乌海市委编办，不是“市教育局”"
    assert allowed in refused("市教育局", today)
    assert "答复的日期早于" in refused(FILED.organ, today - day)
    assert "晚于今天" in refused(FILED.organ, today + day)
    assert one.open_elements() == []
    one.file(key)
    assert one.open_elements() == ["appoint"]
