"""The 终止公告: a round that was announced is called off, or over, and the public is told why."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from itertools import count, cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from processes.recruitment import endings, rounds, views
from processes.recruitment.endings import NothingToEnd
from processes.recruitment.history import RoundNotFound, Step, acts_of, is_whole
from processes.recruitment.replies import Recused
from processes.recruitment.rules.ending import EndGround, Ending, ending_problems
from processes.recruitment.tables import CandidacyState, PostState, RoundState
from processes.recruitment.upkeep import follow_cancelled
from processes.registers.days import bureau_day
from service.commands.public_files import Sent, received
from service.domain.actors import SYSTEM, Actor
from service.domain.errors import FieldsInvalid
from service.domain.irreversible import InstanceIrreversible
from service.feel import FeelPool
from service.store.tables import HistoryEntry, Notice
from tests.processes.desk import COLLEAGUE, OFFICER, Desk
from tests.processes.recruitment.selecting import Selecting
from tests.processes.recruitment.selecting_bureau import (
    begin_post,
    browser_of,
    open_bureau,
    page_of,
    tie,
)
from tests.processes.recruitment.selection_cast import MORE, SUBJECTS

DECIDED = Ending(
    ground=EndGround.ESTABLISHMENT,
    detail="编办收回用编核准",
    organ="乌海市教育局",
    number="乌教发〔2026〕31号",
    dated_on=date(2026, 3, 2),
    told="重新公告以后可以再报名",
)
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
_weeks = count()
_subjects = cycle(SUBJECTS[:-1])


@pytest.fixture(scope="module")
def bureau(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, feel: FeelPool
) -> Iterator[Desk]:
    with open_bureau(sqlite_template, tmp_path_factory.mktemp("endings"), feel) as desk:
        yield desk


@pytest.fixture
def one(bureau: Desk) -> Selecting:
    bureau.clock.now = datetime.fromisoformat("2026-02-09T09:30+08:00")
    bureau.clock.pass_days(60 * next(_weeks))
    return Selecting(bureau)


def begun(one: Selecting, *teachers: Actor) -> Selecting:
    """A round that is announced and whose post is under way, without the way there."""
    return begin_post(one.desk, teachers, next(_subjects))


def decided(one: Selecting, **other: object) -> Ending:
    return replace(DECIDED, dated_on=bureau_day(one.desk.clock()), **other)  # type: ignore[arg-type]


def publish(one: Selecting, ending: Ending | None = None, *, actor: Actor = OFFICER) -> str:
    desk, sent = one.desk, [Sent("决定.pdf", BytesIO(PAPER))]
    with received(desk.rooms, sent) as files, desk.rooms.write() as tools:
        slug = endings.publish(
            tools, one.round.key, ending or decided(one), files, actor=actor, now=desk.clock()
        )
    one.run()
    return slug


def follow(one: Selecting) -> None:
    with one.desk.rooms.write() as tools:
        follow_cancelled(tools, one.desk.clock())
    one.run()


def notices(one: Selecting) -> list[Notice]:
    with one.desk.rooms.read() as session:
        of_case = select(Notice).where(Notice.instance_key == one.case).order_by(Notice.key)
        return [*session.scalars(of_case).all()]


def test_calling_off_ends_the_round_and_tells_public_and_applicants(
    one: Selecting, tmp_path: Path
) -> None:
    a, b = MORE[:2]
    one.announce("初中数学", plan_ratio=1)
    one.qualify(a, "初中数学")
    for teacher in (a, b):
        one.apply(teacher)
    one.check(a)
    code = one.post.seat_code
    publish(one)
    assert (one.round.state, one.post.state) == (RoundState.ENDED, PostState.CANCELLED)
    assert one.open_elements() == ["formal_check", "read_result"]  # of the applications
    first, ended = notices(one)
    assert ended.title == f"{one.round.title}终止公告"
    for said in (
        f"岗位{one.post.code}：初中数学", "原因：编制或者岗位核准有变化，不再招聘：编办收回",
        "决定：乌海市教育局乌教发〔2026〕31号", "报名人员：重新公告以后可以再报名", "R-FROZEN",
    ):  # fmt: skip
        assert said in ended.body
    # it lies beside the notice that it ends, with its document
    public = page_of(one.desk, tmp_path, f"/public/notices/{first.slug}")
    assert "这个公告的事项已终止" in public
    assert ended.slug in public
    assert "决定.pdf" in page_of(one.desk, tmp_path, f"/public/notices/{ended.slug}")
    # who waited is told in the words of the office
    assert one.candidacy(a).state == CandidacyState.PASSED_OVER
    one.do("read_result", "read", actor=a, case=one.applications[a.username])
    told = str(one.desk.variables(one.applications[a.username])["round_result"])
    assert "编办收回用编核准" in told
    assert told.endswith("重新公告以后可以再报名")
    with one.desk.rooms.read() as session:
        assert is_whole(acts_of(session, one.round.key), one.round)
        acts = select(HistoryEntry.act).where(HistoryEntry.instance_key == one.case)
        assert "page.acted-for-good" in session.scalars(acts).all()
    assert one.cell("初中数学").state.colour.is_gap
    assert code
    with pytest.raises(NothingToEnd, match="已经发布"):
        publish(one)
    follow(one)
    assert len(notices(one)) == 2


def test_it_may_be_published_before_the_day_s_work(one: Selecting) -> None:
    one = begun(one, MORE[3])
    one.cancel()
    publish(one)
    assert one.round.state == RoundState.ENDED
    follow(one)
    assert len(notices(one)) == 1


def test_a_post_that_nobody_came_to_is_told_to_the_public(one: Selecting) -> None:
    one = begun(one, MORE[2])
    with one.desk.rooms.write() as tools:
        step = Step(tools.keys.next(), one.case, SYSTEM, one.desk.clock(), "2026-11/0")
        session, code = tools.session, one.post.code
        rounds.end_post(session, code, PostState.UNFILLED, step, reason="没有人报名")
        rounds.end_round(session, one.round.key, step, reason="全部岗位已办结")
    with one.desk.rooms.read() as session:
        view = views.round_of(session, OFFICER, one.round.key, bureau_day(one.desk.clock()))
    assert view.ending == "over"
    publish(one, decided(one, ground=EndGround.NOBODY, detail="", told=""))
    (ended,) = notices(one)
    assert "招聘结束，下列岗位没有补上" in ended.body
    assert "原因：没有合格人选，岗位没有补上。" in ended.body


def test_nothing_is_ended_before_the_notice_or_behind_an_appointment(one: Selecting) -> None:
    one.open("小学语文")
    with pytest.raises(NothingToEnd, match="公告还没有发布"):
        publish(one)
    one.cancel()
    a = MORE[4]
    other = begin_post(one.desk, [a], "小学科学", process="recruitment_appointment")
    other.file(other.key_of_first)
    other.appoint(a)
    with pytest.raises(InstanceIrreversible):
        publish(other)
    assert other.round.state != RoundState.ENDED
    assert notices(other) == []


def test_strangers_and_the_tied_publish_nothing(one: Selecting) -> None:
    a = MORE[5]
    one = begun(one, a)
    stranger = Actor("teacher99", "路人", frozenset())
    tie(one.desk, COLLEAGUE.username, a.username)
    for actor, why in ((stranger, RoundNotFound), (COLLEAGUE, Recused)):
        with one.desk.rooms.read() as session, pytest.raises(why):
            endings.look_up(session, one.round.key, actor)
        with pytest.raises(why):
            publish(one, actor=actor)
    with one.desk.rooms.read() as session, pytest.raises(RoundNotFound):
        endings.look_up(session, 2**62, OFFICER)
    assert one.round.state == RoundState.ANNOUNCED


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"ground": ""}, "ground", "没有选择终止的原因"),
        ({"ground": "不想招了"}, "ground", "没有选择终止的原因"),
        ({"ground": EndGround.OTHER, "detail": ""}, "detail", "写明是什么原因"),
        ({"organ": ""}, "organ", "没有填写作出决定的机关"),
        ({"number": ""}, "number", "没有填写决定的文号"),
        ({"dated_on": None}, "dated_on", "没有填写"),
        ({"dated_on": date(2026, 3, 11)}, "dated_on", "晚于今天"),
        ({"dated_on": date(2026, 2, 28)}, "dated_on", "早于公告发布的2026年3月1日"),
        ({"told": ""}, "told", "告知他们什么"),
        ({"detail": "由张某（手机 13800138000）经办"}, "detail", "R-SHOWN"),
        ({"detail": "字" * 301}, "detail", "最多300个字"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    changed: dict[str, object], field: str, words: str
) -> None:
    ending = replace(DECIDED, **changed)  # type: ignore[arg-type]
    found = ending_problems(
        ending, today=date(2026, 3, 10), announced_on=date(2026, 3, 1), anybody=True
    )
    assert [*found] == [field]
    assert words in "".join(found[field])


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 10)])
def test_the_decision_is_of_a_day_from_the_notice_to_today(on: date) -> None:
    days = {"today": date(2026, 3, 10), "announced_on": date(2026, 3, 1)}
    ending = replace(DECIDED, dated_on=on, told="")
    assert not ending_problems(ending, anybody=False, **days)


def test_the_page_keeps_what_was_typed_and_shows_the_notice_first(
    one: Selecting, tmp_path: Path
) -> None:
    one = begun(one, MORE[6])
    browser, address = browser_of(one.desk, tmp_path), f"/recruitment/{one.round.key}/ending"
    today = bureau_day(one.desk.clock()).isoformat()
    given = {
        "ground": "其他", "detail": "", "organ": "乌海市教育局", "number": "乌教发〔2026〕31号",
        "dated_on": today, "told": "另行公告",
    }  # fmt: skip
    page = browser.get(address).text
    assert "1份报名还没有办结" in page
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    given["csrf_token"] = token[1]
    answer = browser.post(address, data=given)
    assert answer.status_code == 422
    assert "请写明是什么原因" in answer.text
    for typed in ('value="乌教发〔2026〕31号"', f'value="{today}"', "另行公告</textarea>"):
        assert typed in answer.text
    given["detail"] = "学校撤并"
    shown = browser.post(address, data=given)
    assert "公众将看到的公告" in shown.text
    assert "原因：学校撤并。" in shown.text
    assert not notices(one)
    # the document is asked on the second page, and what was typed goes on with it
    without = browser.post(f"{address}/publish", data=given)
    assert without.status_code == 422
    assert "请上传作出决定的文件" in without.text
    assert 'value="学校撤并"' in without.text
    wrong = {**given, "files": (BytesIO(b"MZ\x90"), "决定.exe")}
    assert browser.post(f"{address}/publish", data=wrong).status_code == 422
    back = browser.post(f"{address}/publish", data={**given, "again": "yes"})
    assert "学校撤并</textarea>" in back.text
    done = browser.post(f"{address}/publish", data={**given, "files": (BytesIO(PAPER), "决定.pdf")})
    assert (done.status_code, done.location) == (303, f"/recruitment/{one.round.key}")
    one.run()
    assert len(notices(one)) == 1
    twice = browser.post(
        f"{address}/publish", data={**given, "files": (BytesIO(PAPER), "决定.pdf")}
    )
    assert twice.status_code == 409
    assert len(notices(one)) == 1


def test_without_a_document_nothing_is_published(one: Selecting) -> None:
    one = begun(one, MORE[7])
    desk, most = one.desk, endings.MOST_FILES
    for number in (0, most + 1):
        sent = [Sent("决定.pdf", BytesIO(PAPER)) for _ in range(number)]
        with (
            received(desk.rooms, sent) as files,
            desk.rooms.write() as tools,
            pytest.raises(FieldsInvalid) as refusal,
        ):
            endings.publish(
                tools, one.round.key, decided(one), files, actor=OFFICER, now=desk.clock()
            )
        assert [*refusal.value.errors] == ["files"]
    assert one.round.state == RoundState.ANNOUNCED
