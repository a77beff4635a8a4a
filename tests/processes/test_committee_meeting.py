"""A meeting as a whole: the case that waits for it, secret ballots, two secretaries, minutes."""

from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select, update

from processes.committee import agenda, archive, discussion, meetings, records, views, voting
from processes.committee.desk import sit_down
from processes.committee.refusals import (
    DeskChanged,
    Locked,
    MeetingNotFound,
    NotAllVoted,
    Unfit,
    WrongState,
)
from processes.committee.rules import Choice, Outcome, Tally
from processes.committee.tables import (
    Ballot,
    BallotBox,
    MinutesFile,
    Presence,
    Vote,
)
from service.commands import starting
from service.commands.deployments import Upload, deploy
from service.domain.actors import SYSTEM, Actor
from service.domain.authorization import Action, ObjectKind
from service.domain.values import Json
from service.feel import FeelPool
from service.store.history_check import verify
from service.store.tables import ProcessInstance, Variable
from tests.processes.conftest import SECRET, give_right
from tests.processes.desk import Desk
from tests.processes.diagrams_committee import ASKING
from tests.processes.party_group import (
    OTHER_SECRETARY,
    SECRETARIES,
    SECRETARY,
    Group,
    about_exit,
    about_plan,
    actor_of,
    complete,
    next_day,
    open_bureau,
)
from tests.processes.stages import Stages

YES, NO = Choice.YES, Choice.NO
_names = count(1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("meeting")


@pytest.fixture(scope="module")
def bureau(sqlite_template: Path, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, folder, feel) as desk:
        deploy(desk.rooms, [Upload("asking.bpmn", ASKING.encode())], actor=SYSTEM, now=desk.clock())
        with desk.rooms.database.write() as session:
            right = (SECRETARIES, "asking", ObjectKind.PROCEDURE, Action.ACT)
            give_right(session, desk.rooms.keys.next(), right, desk.clock())
        yield desk


@pytest.fixture
def group(bureau: Desk, folder: Path, stages: Stages) -> Group:
    """Seven members, all there, one exit on the agenda."""

    def walk() -> Group:
        next_day(bureau)
        group = Group(bureau, 7)
        group.begin(about_exit(f"某人{next(_names)}"), present=7)
        return group

    return stages.reach("begun", bureau, folder / "files", walk)


def ask(desk: Desk, *names: str) -> int:
    """Begin the case that asks the Party group about these people; return its key."""
    people: Json = [{"name": name, "unit": "市教研机构"} for name in names]
    started = starting.start(
        desk.rooms,
        process_id="asking",
        variables={"who": names[0], "people": people},
        actor=SECRETARY,
        now=desk.clock(),
        through_form=False,
    )
    return started.instance_key


def variables(desk: Desk, case: int) -> dict[str, Json]:
    with desk.rooms.read() as session:
        rows = session.scalars(select(Variable).where(Variable.scope_key == case))
        return {row.name: row.value for row in rows}


def end_of(desk: Desk, case: int) -> str | None:
    with desk.rooms.read() as session:
        return session.get_one(ProcessInstance, case).end_event


@pytest.mark.parametrize(
    ("yes", "no", "outcome"), [(4, 3, Outcome.CARRIED), (3, 4, Outcome.NOT_CARRIED)]
)
def test_the_case_that_waits_is_told_what_was_decided(
    bureau: Desk, yes: int, no: int, outcome: Outcome
) -> None:
    # given a case whose matter is on the agenda
    next_day(bureau)
    case = ask(bureau, f"当事人{next(_names)}")
    key = int(str(variables(bureau, case)["committee_item"]))
    group = Group(bureau, 7)
    group.prepare(about_plan(f"计划{next(_names)}"))
    with group.sitting() as sitting:
        agenda.place(sitting, key)
    group.give_notice()
    group.call(7)
    with group.sitting() as sitting:
        meetings.open_meeting(sitting)
    # when it is decided
    group.discuss(key)
    assert group.begin_vote(key) is None
    group.votes(yes, no, key=key)
    assert end_of(bureau, case) is None
    group.close_vote(key)
    group.run_jobs()
    # then the case has gone on, and knows the rule and the figures
    found = variables(bureau, case)
    assert end_of(bureau, case) == "已议定"
    assert found["committee_result"] == outcome
    assert f"赞成{yes}票" in str(found["committee_words"])
    assert found["committee_rules_version"] == "2026-11，默认设定"


def test_an_item_the_office_sends_back_is_told_to_its_case(bureau: Desk) -> None:
    next_day(bureau)
    case = ask(bureau, f"当事人{next(_names)}")
    key = int(str(variables(bureau, case)["committee_item"]))
    with bureau.rooms.write() as tools:
        agenda.withdraw(tools, key, reason="材料不全", actor=SECRETARY, now=bureau.clock())
    Group(bureau, 1).run_jobs()
    assert variables(bureau, case)["committee_result"] == Outcome.RETURNED


def test_two_people_in_one_item_are_told_to_the_diagram(bureau: Desk) -> None:
    case = ask(bureau, "甲", "乙")
    assert end_of(bureau, case) == "没有上会"
    assert "一人一项" in str(variables(bureau, case)["committee_refusal"])


def test_of_a_secret_ballot_there_are_counts_alone(group: Group, bureau: Desk) -> None:
    group.discuss()
    group.begin_vote(method="secret")
    group.votes(5, 1, 1)
    with bureau.rooms.read() as session:
        seen = views.desk(session, group.key, actor=SECRETARY).open_item
    assert seen is not None
    assert {line.choice for line in seen.lines} == {""}
    item = group.close_vote()
    assert item.outcome == Outcome.CARRIED
    with bureau.rooms.read() as session:
        assert session.scalars(select(Vote).where(Vote.item_key == item.key)).all() == []
        assert session.scalars(select(BallotBox)).all() == []
        ballots = session.scalars(select(Ballot.username).where(Ballot.item_key == item.key))
        assert list(ballots) == sorted(actor_of(n).username for n in range(1, 8))


def test_nobody_gives_a_secret_vote_for_somebody_else(group: Group) -> None:
    group.discuss()
    group.begin_vote(method="secret")
    with pytest.raises(WrongState, match="只能由本人投"):
        group.vote_as(SECRETARY, 2, YES)


@pytest.mark.parametrize(
    ("paper", "outcome"),
    [(Tally(4, 2, 1), Outcome.CARRIED), (Tally(4, 2), None), (Tally(8), None)],
)
def test_paper_ballots_are_entered_as_counts_of_all_who_voted(
    group: Group, paper: Tally, outcome: Outcome | None
) -> None:
    group.discuss()
    group.begin_vote(method="secret")
    if outcome is None:
        with pytest.raises(Unfit, match="合计应为7"), group.sitting() as sitting:
            voting.close_vote(sitting, group.only, paper)
        return
    with group.sitting() as sitting:
        voting.close_vote(sitting, group.only, paper)
    assert group.item().outcome == outcome


def test_nothing_is_closed_before_all_have_voted(group: Group) -> None:
    group.discuss()
    group.begin_vote()
    group.vote(2, YES)
    with pytest.raises(NotAllVoted, match="党组成员01"):
        group.close_vote()


def test_of_two_secretaries_the_second_is_told_of_the_first(group: Group) -> None:
    seen = group.meeting().revision
    with group.sitting(OTHER_SECRETARY) as sitting:
        meetings.invite_observer(sitting, "纪检组长", "派驻纪检组")
    with pytest.raises(DeskChanged, match="会议秘书02"), group.desk.rooms.write() as tools:
        sit_down(tools, group.key, revision=seen, actor=SECRETARY, now=group.now)


def test_a_member_s_vote_does_not_make_the_desk_stale(group: Group) -> None:
    group.discuss()
    group.begin_vote()
    seen = group.meeting().revision
    group.vote(2, YES)
    assert group.meeting().revision == seen


@pytest.mark.parametrize(
    "actor", [actor_of(9), Actor("admin"), Actor("teacher001"), Actor("operator")]
)
def test_a_stranger_finds_no_meeting(group: Group, actor: Actor) -> None:
    with group.desk.rooms.read() as session:
        for look in (views.desk, views.seat):
            with pytest.raises(MeetingNotFound):
                look(session, group.key, actor=actor)
        assert views.meetings_of(session, actor=actor).rows == []


def test_who_is_recused_reads_nothing_of_the_item(group: Group) -> None:
    group.discuss(recuse=[3])
    with group.desk.rooms.read() as session:
        seen = views.seat(session, group.key, actor=actor_of(3))
    assert seen.mine is not None
    assert seen.mine.recused
    assert not seen.may_vote
    assert seen.kept_from == {group.only}


def test_the_minutes_are_written_signed_archived_and_locked(group: Group, bureau: Desk) -> None:
    # given a meeting with a recusal, a statement and dissent
    with group.sitting() as sitting:
        meetings.invite_observer(sitting, "某列席人", "派驻纪检组")
    group.discuss(recuse=[7])
    with group.sitting() as sitting:
        discussion.state(
            sitting, group.only, actor_of(2).username, "事实清楚，程序合规", written=False
        )
    group.begin_vote()
    group.votes(5, 1, voters=range(1, 7))
    group.close_vote()
    group.close()
    # when the secretary checks and the chair signs
    complete(bureau, group, "check_minutes", "ready", SECRETARY)
    complete(bureau, group, "sign_minutes", "sign", actor_of(1))
    # then they are archived, and their files say what was said
    with bureau.rooms.read() as session:
        kept = session.get_one(MinutesFile, group.key)
        assert verify(session, SECRET.encode()) == []
    text = "\n".join(p.text for p in Document(BytesIO(kept.docx)).paragraphs)
    for said in (
        "应到：7人", "列席：某列席人（派驻纪检组）", "回避：党组成员07", "事实清楚，程序合规",
        "党组成员02不同意", "党组成员01同意", "应到7人，实到7人，回避1人，赞成5票", "2026-11",
        "归档编号：党组纪要〔2026〕",
    ):  # fmt: skip
        assert said in text
    assert kept.pdf.startswith(b"%PDF-")
    assert archive.is_whole(kept)
    assert end_of(bureau, group.key) == "纪要已归档"
    # and nothing can be changed but by a correction
    with pytest.raises(Locked), group.sitting() as sitting:
        meetings.mark(sitting, actor_of(2).username, Presence.ABSENT, "更改")
    with group.sitting() as sitting:
        records.correct(sitting, None, text="地点应为二楼", reason="笔误")
    with bureau.rooms.read() as session:
        assert archive.is_whole(session.get_one(MinutesFile, group.key))
        corrections = records.corrections(session, group.key)
        assert [one.record.text for one in corrections] == ["地点应为二楼"]


def test_files_changed_behind_our_back_are_noticed(group: Group, bureau: Desk) -> None:
    group.close()
    with bureau.rooms.write() as tools:
        chair = group.meeting().chair
        archive.archive(tools.session, group.key, signed_by=chair, now=bureau.clock())
    with bureau.rooms.write() as tools:
        changed = update(MinutesFile).where(MinutesFile.meeting_key == group.key)
        tools.session.execute(changed.values(pdf=b"%PDF-1.4 other"))
    with bureau.rooms.read() as session:
        assert not archive.is_whole(session.get_one(MinutesFile, group.key))


def test_who_signed_but_did_not_chair_archives_nothing(group: Group, bureau: Desk) -> None:
    group.close()
    with pytest.raises(WrongState, match="变更后的签发人）签发"), bureau.rooms.write() as tools:
        archive.archive(
            tools.session, group.key, signed_by=actor_of(2).username, now=bureau.clock()
        )


def test_the_list_of_meetings_is_walked_page_by_page(bureau: Desk) -> None:
    next_day(bureau)
    for _ in range(3):
        Group(bureau, 3).prepare(about_plan(f"计划{next(_names)}"))
        next_day(bureau)
    seen: list[int] = []
    after: str | None = None
    with bureau.rooms.read() as session:
        for _ in range(40):
            page = views.meetings_of(session, actor=SECRETARY, after=after, limit=2)
            seen += [row.meeting.key for row in page.rows]
            after = page.next
            if after is None:
                break
        everything = views.meetings_of(session, actor=SECRETARY, limit=200).rows
    assert seen == [row.meeting.key for row in everything]
    assert len(seen) == len(set(seen)) >= 3


def test_a_meeting_that_is_cancelled_gives_its_items_back(bureau: Desk) -> None:
    next_day(bureau)
    group = Group(bureau, 5)
    group.prepare(about_plan(f"计划{next(_names)}"))
    with group.sitting() as sitting:
        meetings.cancel(sitting, "书记出差")
    group.run_jobs()
    assert end_of(bureau, group.key) == "会议取消"
    assert group.item().meeting_key is None
