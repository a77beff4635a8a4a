"""What is half filled in survives: saved by itself, replaced, gone with the submission."""

from contextlib import AbstractContextManager

import pytest

from service.commands import drafts
from service.commands.rooms import Rooms
from service.commands.submissions import COMMENT_LIMIT
from service.domain.actors import Actor
from service.domain.errors import Invalid
from service.domain.user_tasks import TaskAlreadyCompleted, TaskHeldByOther, TaskNotFound
from service.domain.values import Variables
from service.store.tables import Draft
from tests.fixtures_commands import REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE
from tests.overtaken import never_writing


@pytest.fixture
def task(stage: Stage, deploy: Deploy) -> int:
    deploy(*REVIEW)
    return stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")


def save(
    stage: Stage, subject: int, data: Variables, actor: Actor | None = None, comment: str = ""
) -> None:
    with stage.rooms.write() as tools:
        drafts.save(
            tools,
            subject,
            data=data,
            comment=comment,
            actor=actor or stage.cast.officer,
            now=stage.clock.now,
        )


def test_the_last_save_wins(stage: Stage, task: int) -> None:
    save(stage, task, {"核对意见": "先"})
    stage.clock.forward(minutes=1)
    save(stage, task, {"核对意见": "后"}, comment="想想")

    draft = stage.row(Draft)
    assert (draft["data"], draft["comment"]) == ({"核对意见": "后"}, "想想")
    assert draft["saved_at"] == stage.clock.now


def test_it_goes_with_the_submission(stage: Stage, task: int) -> None:
    save(stage, task, {"核对意见": "属实"})

    stage.complete(task, stage.cast.officer, {"核对意见": "属实"}, outcome="approve")

    assert stage.rows(Draft) == []


def test_a_late_save_does_not_bring_it_back(stage: Stage, task: int) -> None:
    stage.complete(task, stage.cast.officer, outcome="approve")

    with pytest.raises(TaskAlreadyCompleted):
        save(stage, task, {"核对意见": "晚到"})
    assert stage.rows(Draft) == []


def test_half_a_form_is_no_mistake(stage: Stage, task: int) -> None:
    save(stage, task, {"核对意见": None, "没有的栏": [1, {"a": ""}]})

    assert stage.row(Draft)["data"] == {"核对意见": None, "没有的栏": [1, {"a": ""}]}


def test_a_start_form_has_one_a_person(stage: Stage, deploy: Deploy) -> None:
    [process] = deploy(*REVIEW).processes
    save(stage, process.key, {"姓名": "甲"}, stage.cast.applicant)
    save(stage, process.key, {"姓名": "乙"}, stage.cast.officer)

    stage.start("review", stage.cast.applicant, {"姓名": "甲"})

    assert stage.row(Draft)["username"] == "li.na"


def test_a_task_that_another_holds_takes_no_draft(stage: Stage, task: int, operator: Actor) -> None:
    stage.assign(task, "zhang.min", operator)

    with pytest.raises(TaskHeldByOther):
        save(stage, task, {})


def test_discarding_it_twice_is_no_mistake(stage: Stage, task: int) -> None:
    save(stage, task, {"核对意见": "算了"})
    for _ in range(2):
        with stage.rooms.write() as tools:
            drafts.discard(tools, task, actor=stage.cast.officer)

    assert stage.rows(Draft) == []


@pytest.mark.parametrize(
    "data",
    [
        {"a": float("nan")},
        {"a": "\ud800"},
        {"a": "零\x00字节"},
        {"a": "x" * 2_000_000},
        {"a-b": 1},
    ],
    ids=["nan", "half a character", "zero byte", "two megabytes", "no plain name"],
)
def test_what_no_draft_can_hold_is_refused_and_harms_nothing(
    stage: Stage, task: int, data: Variables
) -> None:
    with pytest.raises(Invalid):
        save(stage, task, data)

    kept = drafts.keep(stage.rooms, task, data=data, actor=stage.cast.officer, now=stage.clock.now)
    assert not kept
    assert stage.rows(Draft) == []


def test_what_its_writer_has_submitted_already_is_no_draft(stage: Stage, task: int) -> None:
    stage.complete(task, stage.cast.officer, {"核对意见": "属实"}, outcome="approve")

    for sent in ({"核对意见": "属实", "没填的栏": None}, {"核对意见": "属实"}):
        assert keep(stage, task, sent)
    assert stage.rows(Draft) == []
    assert keep(stage, task, {"核对意见": "另一个窗口里写的"})
    assert stage.row(Draft)["data"] == {"核对意见": "另一个窗口里写的"}


def test_the_same_words_of_another_person_are_a_draft(stage: Stage, task: int) -> None:
    stage.complete(task, stage.cast.officer, {"核对意见": "属实"}, outcome="approve")

    kept_by = Actor("sun.li", "孙丽", frozenset({OFFICE}))
    assert keep(stage, task, {"核对意见": "属实"}, kept_by)
    assert stage.row(Draft)["username"] == "sun.li"


def test_a_refusal_says_that_the_content_was_kept(stage: Stage, task: int) -> None:
    stage.complete(task, stage.cast.officer, outcome="approve")

    with pytest.raises(TaskAlreadyCompleted, match="办理") as refusal, kept(stage.rooms, task):
        stage.complete(task, stage.cast.officer, {"核对意见": "又写"}, outcome="approve")
    assert refusal.value.draft_kept is True
    assert refusal.value.message.endswith("你填写的内容已保留。")
    assert stage.row(Draft)["data"] == {"核对意见": "又写"}


def test_a_refusal_says_that_a_busy_database_did_not_keep_it(stage: Stage, task: int) -> None:
    stage.complete(task, stage.cast.officer, outcome="approve")
    busy = never_writing(stage.rooms)

    with pytest.raises(TaskAlreadyCompleted) as refusal, kept(busy, task):
        stage.complete(task, stage.cast.officer, {"核对意见": "又写"}, outcome="approve")
    assert refusal.value.draft_kept is False
    assert "没有存为草稿" in refusal.value.message
    assert stage.rows(Draft) == []


def test_a_stranger_keeps_nothing(stage: Stage, task: int) -> None:
    stranger = stage.cast.stranger

    with pytest.raises(TaskNotFound) as refusal, kept(stage.rooms, task, stranger):
        stage.complete(task, stranger, {"核对意见": "又写"}, outcome="approve")
    assert refusal.value.draft_kept is False
    assert stage.rows(Draft) == []


def kept(rooms: Rooms, task: int, actor: Actor | None = None) -> AbstractContextManager[None]:
    return drafts.kept_if_refused(
        rooms,
        task,
        data={"核对意见": "又写"},
        actor=actor or Actor("li.na", "李娜", frozenset({OFFICE})),
        now=rooms.clock(),
    )


def keep(stage: Stage, task: int, data: Variables, actor: Actor | None = None) -> bool:
    by = actor or stage.cast.officer
    return drafts.keep(stage.rooms, task, data=data, actor=by, now=stage.clock.now)


def test_an_opinion_that_is_too_long_is_cut_and_the_form_kept(stage: Stage, task: int) -> None:
    kept = drafts.keep(
        stage.rooms,
        task,
        data={"核对意见": "属实"},
        comment="长" * (COMMENT_LIMIT + 1),
        actor=stage.cast.officer,
        now=stage.clock.now,
    )

    assert kept
    draft = stage.row(Draft)
    assert (draft["data"], draft["comment"]) == ({"核对意见": "属实"}, "长" * COMMENT_LIMIT)
