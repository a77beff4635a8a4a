"""A tie that is found one moment before or after each act that cannot be taken back (R-VOID)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from processes.committee import agenda
from processes.committee.rules import Outcome
from processes.committee.tables import Item, ItemState
from processes.recruitment.tables import CandidacyState, PostState
from service.domain.actors import SYSTEM
from service.domain.values import Json
from service.feel import FeelPool
from service.jobs.runner import JobRunner
from tests.processes.desk import OFFICER, Desk
from tests.processes.recruitment.deciding import settle_waiting, start
from tests.processes.recruitment.marking import STAYS, TURNS, Marked, marked
from tests.processes.recruitment.reconsidering import decide_again, take_up
from tests.processes.recruitment.selecting_bureau import open_bureau, tie
from tests.processes.recruitment.selection_cast import HEAD, SUBJECTS
from tests.processes.stages import Stages


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("borders")


@pytest.fixture(scope="module")
def bureau(sqlite_template: Path, folder: Path, feel: FeelPool) -> Iterator[Desk]:
    with open_bureau(sqlite_template, folder, feel) as desk:
        desk.clock.now = datetime.fromisoformat("2026-03-02T09:30+08:00")
        yield desk


@pytest.fixture
def put_up(bureau: Desk, folder: Path, stages: Stages) -> tuple[Marked, Marked]:
    """Two posts whose item waits for the Party group: one whose order turns, one that stays."""

    def walk() -> tuple[Marked, Marked]:
        found = (marked(bureau, SUBJECTS[0], TURNS), marked(bureau, SUBJECTS[1], STAYS))
        for each in found:
            each.one.examine()
        return found

    return stages.reach("put-up", bureau, folder / "files", walk)


@pytest.fixture
def posted(
    put_up: tuple[Marked, Marked], bureau: Desk, folder: Path, stages: Stages
) -> tuple[Marked, Marked]:
    """The same two, decided and in their 公示."""

    def walk() -> tuple[Marked, Marked]:
        for each in put_up:
            each.carry()
        return put_up

    return stages.reach("posted", bureau, folder / "files", walk)


@pytest.fixture
def filing(
    posted: tuple[Marked, Marked], bureau: Desk, folder: Path, stages: Stages
) -> tuple[Marked, Marked]:
    """The same two, whose 公示 ended without an objection: they wait for the filing."""

    def walk() -> tuple[Marked, Marked]:
        posted[0].end_notice()
        for each in posted:
            assert each.state(each.first) == CandidacyState.FILING
        return posted

    return stages.reach("filing", bureau, folder / "files", walk)


def test_an_item_that_waits_is_taken_back_and_another_person_put_up(
    put_up: tuple[Marked, Marked],
) -> None:
    post, _ = put_up
    post.tie()
    # it is off the list, and nothing was decided
    (item,) = post.items()
    assert (item.state, item.subject) == (ItemState.WITHDRAWN, post.first.username)
    assert item.reason == "评分以后查明考官应当回避，成绩要重新计算"
    assert post.order()[0] == (post.second.display_name, "84.80")
    assert post.published() == ["成绩", "成绩"]
    assert post.state(post.first) == CandidacyState.ADMITTED
    # who is first now goes through all of it
    assert post.one.open_elements() == ["inspection", "medical", "record"]
    post.one.examine()
    (_, again) = post.items()
    assert (again.state, again.subject) == (ItemState.WAITING, post.second.username)
    assert "总成绩84.80，第1名" in again.text
    post.carry()
    (shown,) = post.shown()
    assert post.second.display_name in shown.content
    post.end_notice()
    post.one.file(post.one.candidacy(post.second).key)
    post.one.appoint(post.second)
    post.one.pass_days(93)
    post.one.do("trial_review", "pass", {"trial_opinion": "胜任"}, files=["trial_document"])
    post.one.transfer(post.one.candidacy(post.second).key)
    assert post.state(post.second) == CandidacyState.APPOINTED
    assert post.state(post.first) == CandidacyState.PASSED_OVER
    assert post.one.post.state == PostState.FILLED


def test_where_the_order_stays_the_item_is_put_up_anew_with_the_corrected_marks(
    put_up: tuple[Marked, Marked],
) -> None:
    _, post = put_up
    post.tie()
    (before, again) = post.items()
    assert (before.state, again.state) == (ItemState.WITHDRAWN, ItemState.WAITING)
    assert "总成绩85.00" in before.text
    assert "总成绩84.80，第1名" in again.text
    assert post.published() == ["成绩", "更正后的成绩"]
    post.carry()
    assert "总成绩84.80" in post.shown()[-1].content


def test_what_the_group_has_come_to_is_decided_and_then_taken_up_again(
    put_up: tuple[Marked, Marked],
) -> None:
    post, _ = put_up
    post.set_item(ItemState.DISCUSSED)
    post.tie()
    assert post.one.open_elements() == []
    assert post.items()[0].state == ItemState.DISCUSSED
    post.set_item(ItemState.WAITING)
    post.carry()
    # carried by marks that are void: nothing is shown, nobody let go of, the office has to act
    assert post.one.open_elements() == ["take_up"]
    assert post.shown() == []
    assert post.state(post.first) == CandidacyState.PROPOSED
    assert post.order()[0] == (post.first.display_name, "85.00")
    post.one.do("take_up", "look")
    assert post.one.open_elements() == ["take_up"], "the decision holds"
    post.confirm()
    assert post.one.open_elements() == ["take_up"], "nobody is shown by a void order"
    post.overturn()
    assert post.state(post.first) == CandidacyState.ADMITTED
    assert post.order()[0] == (post.second.display_name, "84.80")
    assert post.one.open_elements() == ["inspection", "medical", "record"]
    assert post.state(post.second) == CandidacyState.PROPOSED


def test_a_tie_that_was_declared_wrongly_lets_the_decision_be_carried_out(
    put_up: tuple[Marked, Marked],
) -> None:
    post, _ = put_up
    post.set_item(ItemState.VOTING)
    post.tie()
    post.set_item(ItemState.WAITING)
    post.carry()
    post.untie()
    post.one.do("take_up", "look")
    (shown,) = post.shown()
    assert post.first.display_name in shown.content
    assert "总成绩85.00" in shown.content


def test_decided_and_not_yet_told_the_order_that_stays_is_shown_corrected(
    put_up: tuple[Marked, Marked], bureau: Desk
) -> None:
    _, post = put_up
    post.set_item(ItemState.DECIDED, Outcome.CARRIED)
    post.tie()
    # the decision is there: nothing is taken back, and it is about the person
    post.set_item(ItemState.WAITING)
    settle_waiting(bureau, post.one.case)
    post.one.run()
    (shown,) = post.shown()
    assert "总成绩84.80" in shown.content
    assert post.published() == ["成绩", "更正后的成绩"]


def test_a_notice_is_not_posted_by_marks_that_are_void_by_then(
    put_up: tuple[Marked, Marked], bureau: Desk
) -> None:
    for post in put_up:
        item = post.set_item(ItemState.DECIDED, Outcome.CARRIED)
        again = take_up(bureau, item)
        content: dict[str, Json] = {
            "name": post.first.display_name, "unit": "示例小学01", "post": "教研员",
        }  # fmt: skip
        # it waits for the 复议 behind the look, and the tie comes in between
        case = start(
            bureau, "public_notice", channel="selection", content=content,
            committee_item=str(item), post_code=post.one.post.code, actor=SYSTEM,
        )  # fmt: skip
        post.one.run()
        tie(bureau, HEAD.username, post.first.username)
        decide_again(bureau, again, Outcome.CARRIED)
        post.one.run()
        assert bureau.instance(case).end_event == "没有公示，先核对评分"
        assert bureau.variables(case)["notice_result"] == "marks"


def test_not_posted_the_marks_are_looked_at_and_then_it_is(
    put_up: tuple[Marked, Marked], bureau: Desk
) -> None:
    _, post = put_up
    key = post.set_item(ItemState.DECIDED, Outcome.CARRIED)
    with bureau.rooms.write() as tools:
        agenda.tell_case(tools, tools.session.get_one(Item, key), meeting=None, now=bureau.clock())

    def called() -> bool:
        return bool(post.one.called("public_notice"))

    while not called():
        JobRunner(bureau.rooms, owner="worker-1").run_due(stopped=called)
    again = take_up(bureau, post.items()[0].key)
    assert post.shown() == []
    post.tie()
    decide_again(bureau, again, Outcome.CARRIED)
    post.one.run()
    (shown,) = post.shown()
    assert "总成绩84.80" in shown.content


def test_in_the_notice_nothing_is_appointed_by_a_void_order(
    posted: tuple[Marked, Marked],
) -> None:
    post, _ = posted
    post.tie()
    assert post.shown()[0].closed_at is None, "its days and its objections are the public's"
    post.end_notice()
    assert post.one.open_elements() == ["take_up"]
    assert post.state(post.first) == CandidacyState.PROPOSED
    post.overturn()
    assert post.state(post.first) == CandidacyState.ADMITTED
    assert post.state(post.second) == CandidacyState.PROPOSED


def test_taken_up_again_in_the_notice_who_was_shown_is_among_the_others(
    posted: tuple[Marked, Marked],
) -> None:
    post, _ = posted
    post.tie()
    post.overturn()
    (shown,) = post.shown()
    assert "本公示撤回" in str(shown.conclusion)
    assert post.state(post.first) == CandidacyState.ADMITTED, "not dropped: they may still move up"
    assert post.state(post.second) == CandidacyState.PROPOSED


def test_taken_up_again_for_another_reason_who_was_shown_falls_out(
    posted: tuple[Marked, Marked],
) -> None:
    post, _ = posted
    post.overturn()
    assert post.one.candidacy(post.first).reason == "落选：局党组复议改变了决定，不再聘用"
    assert post.state(post.second) == CandidacyState.PROPOSED


def test_where_the_order_stays_the_corrected_marks_are_shown_for_their_days(
    posted: tuple[Marked, Marked],
) -> None:
    _, post = posted
    post.tie()
    post.end_notice()
    (_, again) = post.shown()
    assert again.closed_at is None
    assert "总成绩84.80" in again.content
    assert post.state(post.first) == CandidacyState.PROPOSED
    post.end_notice()
    assert post.state(post.first) == CandidacyState.FILING


def test_behind_the_notice_nobody_is_entered_by_a_void_order(
    filing: tuple[Marked, Marked],
) -> None:
    post, _ = filing
    post.tie()
    post.one.file(post.one.candidacy(post.first).key)
    post.one.appoint(post.first)
    assert post.one.open_elements() == ["take_up"]
    assert post.state(post.first) == CandidacyState.FILING
    post.overturn()
    assert post.state(post.first) == CandidacyState.ADMITTED
    assert post.state(post.second) == CandidacyState.PROPOSED
    assert post.one.post.state == PostState.OPEN
    # the second fails: the first is put up anew by what is new, and filed anew
    post.one.examine(medical_result="不合格")
    post.one.examine()
    assert post.one.open_elements() == ["after_committee"]
    new: dict[str, Json] = {
        "item_new_evidence": "评分更正后原第二名递补", "item_new_materials": "更正后的成绩排名",
    }  # fmt: skip
    post.one.do("after_committee", "again", new)
    post.carry()
    post.end_notice()
    assert post.state(post.first) == CandidacyState.FILING
    post.one.file(post.one.candidacy(post.first).key)
    assert post.one.open_elements() == ["appoint"]


def test_between_the_look_and_the_register_it_is_looked_at_again(
    filing: tuple[Marked, Marked], bureau: Desk
) -> None:
    post, _ = filing
    post.one.file(post.one.candidacy(post.first).key)
    given: dict[str, Json] = {
        "person_type": "selected", "began_on": post.one.later(0), "contract_years": 3,
        "trial_months": 3, "employment_basis": None, "appointee": post.first.username,
        "appointment_number": "乌教人〔2026〕5号",
    }  # fmt: skip
    before = post.one.called("committee_standing")

    def asked() -> bool:
        """Whether the decision is looked at, which comes behind the marks."""
        return post.one.called("committee_standing") != before

    bureau.complete(post.one.task("appoint"), "submit", given, actor=OFFICER)
    while not asked():
        JobRunner(bureau.rooms, owner="worker-1").run_due(stopped=asked)
    again = take_up(bureau, post.items()[0].key)
    post.tie()
    assert post.one.open_elements() == []
    decide_again(bureau, again, Outcome.CARRIED)
    post.one.run()
    assert post.one.open_elements() == ["take_up"]
    assert post.state(post.first) == CandidacyState.FILING


def test_behind_the_notice_an_order_that_stays_is_corrected_and_carried_out(
    filing: tuple[Marked, Marked],
) -> None:
    _, post = filing
    post.tie()
    post.one.file(post.one.candidacy(post.first).key)
    post.one.appoint(post.first)
    assert post.state(post.first) == CandidacyState.ON_TRIAL
    assert post.published() == ["成绩", "更正后的成绩"]
