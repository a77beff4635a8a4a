"""The last day for scores moves while the examiners mark: nothing they have typed is lost."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count, cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment.access import RecruitmentForbidden
from processes.recruitment.changes import Grounds
from processes.recruitment.history import RoundNotFound, acts_of, is_whole
from processes.recruitment.replies import NotAwaited, Recused
from processes.recruitment.rounds import PostNotFound
from processes.recruitment.score_days import ChangeUnusable, extend_marking
from processes.recruitment.variables import day_or_none
from processes.recruitment.views import round_of
from processes.registers.days import bureau_day, said_day
from service.commands import drafts
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.feel import FeelPool
from service.store.tables import (
    Draft,
    HistoryEntry,
    HistoryValue,
    InboxEntry,
    Notice,
    Notification,
    UserTask,
)
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import (
    begin_post,
    open_bureau,
    page_of,
    teachers,
    tie,
)
from tests.processes.recruitment.selection_cast import HEAD, RATERS, SUBJECTS

GROUNDS = Grounds("考场停电，面试推迟。", "乌教人〔2026〕9号")
_weeks = count()
_subjects = cycle(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("marking"), feel) as desk:
        yield desk


@pytest.fixture
def desk(bureau: Desk) -> Desk:
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(7 * next(_weeks))
    return bureau


@pytest.fixture
def people(desk: Desk) -> list[Actor]:
    return teachers(desk, 2)


@pytest.fixture
def one(desk: Desk, people: list[Actor]) -> Selecting:
    """A post whose examiners mark: the last day is the third from now."""
    one = begin_post(desk, people, next(_subjects), process="recruitment_scores")
    one.write(80, 80)
    one.seat_panel()
    one.attend()
    return one


def extend(
    one: Selecting,
    days: int,
    grounds: Grounds = GROUNDS,
    *,
    actor: Actor = OFFICER,
    code: str = "",
    key: int = 0,
) -> None:
    with one.desk.rooms.write() as tools:
        extend_marking(
            tools, key or one.round.key, code or one.post.code, day_or_none(one.later(days)),
            grounds, actor=actor, now=one.desk.clock(),
        )  # fmt: skip
    one.run()


def test_marks_are_taken_until_the_new_day_and_no_draft_is_lost(one: Selecting, desk: Desk) -> None:
    first, second, *others = RATERS
    one.rate(first, 90, 80)
    task = one.task("interview", actor=second)
    rows = one.shown("score_rows")
    for row in rows:
        row["points"] = 70
    with desk.rooms.write() as tools:
        drafts.save(
            tools, task.key, data={"interview_rows": [*rows]}, actor=second, now=desk.clock()
        )
    extend(one, 5)
    with desk.rooms.read() as session:
        draft = session.get_one(Draft, (task.key, second.username))
        again = session.get_one(UserTask, task.key)
        inbox = set(
            session.scalars(select(InboxEntry.due_at).where(InboxEntry.task_key == task.key))
        )
        told = select(Notification).where(
            Notification.task_key == task.key, Notification.kind == "deadline-moved"
        )
        (news,) = session.scalars(told).all()
    assert draft.data == {"interview_rows": [*rows]}
    # the form that is open is taken: only the day of the task is another
    assert (again.revision, again.assignee) == (task.revision, second.username)
    assert task.due_at is not None
    assert again.due_at is not None
    assert (again.due_at - task.due_at).days == 2
    assert inbox == {again.due_at}
    assert news.username == second.username
    assert "考场停电" in news.text
    assert one.desk.variables(one.case)["scores_until"] == one.later(5)
    one.pass_days(4)  # the old day is over
    assert one.open_elements() == ["interview"] * 6
    one.rate(second, 70, 70)
    for rater in others:
        one.rate(rater, 90, 80)
    assert [row["total"] for row in one.shown("ranked")] == ["86.00", "80.00"]


def test_the_timer_ends_the_marking_behind_the_new_day(one: Selecting) -> None:
    one.rate_all(90, 80, raters=RATERS[:6])
    extend(one, 5)
    one.pass_days(5)
    assert one.open_elements() == ["interview"]
    one.pass_days(1)
    assert one.open_elements() == ["choose_panel"]
    with pytest.raises(NotAwaited):
        extend(one, 20)


def test_both_days_and_the_reason_stand_in_the_histories_and_in_public(
    one: Selecting, desk: Desk, tmp_path: Path
) -> None:
    old, new = (said_day(datetime.fromisoformat(one.later(n)).date()) for n in (3, 6))
    extend(one, 6)
    with desk.rooms.read() as session:
        acts = acts_of(session, one.round.key)
        assert is_whole(acts, one.round)
        title = Notice.title.contains(f"变更公告（岗位{one.post.code}）")
        (notice,) = session.scalars(select(Notice).where(title)).all()
        entry = session.scalars(
            select(HistoryEntry).where(
                HistoryEntry.instance_key == one.case, HistoryEntry.act == "deadline.moved"
            )
        ).one()
        value = session.get_one(HistoryValue, (one.case, entry.number)).value
    assert f"由{old}延长至{new}" in acts[0].reason
    assert (acts[0].by, entry.actor) == (OFFICER.username,) * 2
    for said in (old, new, GROUNDS.reason):
        assert said in str(value)
        assert said in notice.body
    assert GROUNDS.basis in notice.body
    page = page_of(desk, tmp_path, f"/recruitment/{one.round.key}")
    assert "延长评分截止日" in page
    assert f"由{old}延长至{new}" in page


@pytest.mark.parametrize(
    ("days", "grounds", "said"),
    [
        (-1, GROUNDS, "不能早于今天"),
        (3, GROUNDS, "只能延长"),
        (91, GROUNDS, "递补截止日"),
        (5, Grounds("", "乌教人〔2026〕9号"), "没有填写理由"),
        (5, Grounds("停电", ""), "没有填写批准依据"),
        (5, Grounds("电话13904731234", "乌教人〔2026〕9号"), "手机号"),
    ],
)
def test_a_day_or_a_reason_that_will_not_do_changes_nothing(
    one: Selecting, days: int, grounds: Grounds, said: str
) -> None:
    with pytest.raises(ChangeUnusable, match=said):
        extend(one, days, grounds)
    assert one.desk.variables(one.case)["scores_until"] == one.later(3)
    one.pass_days(4)
    assert one.open_elements() == ["choose_panel"]


def test_only_who_keeps_recruitment_and_is_tied_to_nobody_moves_it(
    one: Selecting, desk: Desk, people: list[Actor]
) -> None:
    for stranger in (people[0], RATERS[0], HEAD):
        with pytest.raises((RoundNotFound, RecruitmentForbidden)):
            extend(one, 5, actor=stranger)
    with pytest.raises(PostNotFound):
        extend(one, 5, code="A2020-01-01")
    with pytest.raises(RoundNotFound):
        extend(one, 5, actor=people[0], code="A2020-01-01")
    tie(desk, COLLEAGUE.username, people[0].username)
    with pytest.raises(Recused):
        extend(one, 5, actor=COLLEAGUE)
    with desk.rooms.read() as session:
        today = bureau_day(desk.clock())
        (tied,) = round_of(session, COLLEAGUE, one.round.key, today).posts
        (free,) = round_of(session, OFFICER, one.round.key, today).posts
    assert (tied.may_extend, free.may_extend) == (False, True)


def test_nothing_is_moved_before_the_examiners_mark(desk: Desk, people: list[Actor]) -> None:
    one = begin_post(desk, people, next(_subjects), process="recruitment_scores")
    with pytest.raises(NotAwaited):
        extend(one, 5)
    with pytest.raises(JiaoyanError):
        extend(one, 5, key=one.round.key + 1)
