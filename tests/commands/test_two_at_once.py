"""Two people at once, a form sent twice, a stale page: who did it and when, nothing broken."""

import threading
from collections.abc import Callable

import pytest

from service.commands import drafts, user_tasks
from service.domain.actors import Actor
from service.domain.errors import JiaoyanError
from service.domain.user_tasks import (
    TaskAlreadyCompleted,
    TaskCanceled,
    TaskChanged,
    TaskHeldByOther,
)
from service.store.tables import Draft, UserTask
from tests.fixtures_commands import PARALLEL, REVIEW, Deploy, Stage
from tests.fixtures_store import OFFICE

COLLEAGUE = Actor("sun.li", "孙丽", frozenset({OFFICE}))


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave or raised, all begun at the same moment in threads of their own."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)
    gathered: list[object] = list(answers)

    def run(index: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            gathered[index] = call()
        except JiaoyanError as error:
            gathered[index] = error

    threads = [threading.Thread(target=run, args=one) for one in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return gathered


def test_of_two_colleagues_one_gets_it_and_the_other_learns_who(
    stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    officer = stage.cast.officer

    answers = at_once(
        lambda: stage.complete(task, officer, {"核对意见": "甲"}, outcome="approve"),
        lambda: stage.complete(task, COLLEAGUE, {"核对意见": "乙"}, outcome="approve"),
    )

    [refusal] = [answer for answer in answers if isinstance(answer, Exception)]
    assert isinstance(refusal, TaskAlreadyCompleted)
    assert refusal.when == stage.clock.now
    assert refusal.who in {"李娜", "sun.li"}
    assert [row["element_id"] for row in stage.rows(UserTask, state="CREATED")] == ["confirm"]


def test_both_branches_before_a_join_completed_at_once_go_on_together(
    stage: Stage, deploy: Deploy
) -> None:
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key
    left, right = stage.task(key, "left"), stage.task(key, "right")

    answers = at_once(
        lambda: stage.complete(left, stage.cast.applicant, {"左": "甲"}),
        lambda: stage.complete(right, stage.cast.officer, {"右": "乙"}),
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert stage.open_tasks(key) == ["sum_up"]
    assert stage.variables(key) == {"左": "甲", "右": "乙"}
    assert stage.acts(key).count("user-task.completed") == 2


def test_a_form_sent_twice_is_done_once(stage: Stage, deploy: Deploy) -> None:
    deploy("errand.bpmn")
    key = stage.start("errand").instance_key
    task = stage.task(key, "ask")
    stage.complete(task, stage.cast.applicant, revision=1)
    stage.clock.forward(seconds=1)

    with pytest.raises(TaskAlreadyCompleted) as refusal:
        stage.complete(task, stage.cast.applicant, revision=1)

    assert refusal.value.message == (
        "这项任务已由张敏于 2026年3月2日 09:30 办理，流程没有改动。请刷新后查看结果。"
    )
    assert stage.open_tasks(key) == ["read"]


def test_a_page_from_before_the_claim_is_stale(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)

    with pytest.raises(TaskChanged) as refusal:
        stage.complete(task, stage.cast.officer, outcome="approve", revision=1)

    assert (refusal.value.who, refusal.value.when) == ("李娜", stage.clock.now)


def test_a_colleagues_claim_keeps_others_from_completing(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    with stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=stage.cast.officer, now=stage.clock.now)

    claimed_at = stage.clock.now
    stage.clock.forward(minutes=7)

    with pytest.raises(TaskHeldByOther, match="自 2026年3月2日 09:30 起由李娜办理") as refusal:
        stage.complete(task, COLLEAGUE, outcome="approve")
    assert refusal.value.when == claimed_at


def test_who_claimed_it_again_holds_it_since_then(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    for act in (user_tasks.claim, user_tasks.release, user_tasks.claim):
        stage.clock.forward(minutes=1)
        with stage.rooms.write() as tools:
            act(tools, task, actor=stage.cast.officer, now=stage.clock.now)
    again = stage.clock.now
    stage.clock.forward(minutes=1)

    with pytest.raises(TaskHeldByOther) as refusal, stage.rooms.write() as tools:
        user_tasks.claim(tools, task, actor=COLLEAGUE, now=stage.clock.now)
    assert refusal.value.when == again


def test_a_task_that_ended_with_its_instance_says_so(
    stage: Stage, deploy: Deploy, operator: Actor
) -> None:
    deploy("errand.bpmn")
    started = stage.start("errand")
    task = stage.task(started.instance_key, "ask")
    stage.cancel(started.instance_key, operator)

    with pytest.raises(TaskCanceled):
        stage.complete(task, stage.cast.applicant)


def test_what_was_refused_is_kept_as_a_draft(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")
    stage.complete(task, stage.cast.officer, outcome="approve")
    sent = {"核对意见": "写了很久的意见"}
    with pytest.raises(TaskAlreadyCompleted):
        stage.complete(task, COLLEAGUE, sent, outcome="reject", comment="不行")

    kept = drafts.keep(
        stage.rooms, task, data=sent, comment="不行", actor=COLLEAGUE, now=stage.clock.now
    )

    assert kept
    draft = stage.row(Draft, username="sun.li")
    assert (draft["data"], draft["comment"]) == (sent, "不行")


def test_a_claim_by_two_gives_it_to_one(stage: Stage, deploy: Deploy) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")

    def claim(actor: Actor) -> None:
        with stage.rooms.write() as tools:
            user_tasks.claim(tools, task, actor=actor, now=stage.clock.now)

    answers = at_once(lambda: claim(stage.cast.officer), lambda: claim(COLLEAGUE))

    assert sorted(type(answer).__name__ for answer in answers) == ["NoneType", "TaskHeldByOther"]


def test_what_the_form_saw_is_checked_again_when_somebody_was_faster(
    stage: Stage, deploy: Deploy
) -> None:
    """Between the check and the lock the other branch goes on; this one neither fails nor loses."""
    deploy(*PARALLEL)
    key = stage.start("parallel").instance_key
    left, right = stage.task(key, "left"), stage.task(key, "right")

    faster = stage.after_the_check(
        lambda: stage.complete(right, stage.cast.officer, {"右": "先到"})
    )
    faster.complete(left, stage.cast.applicant, {"左": "后到"})

    assert stage.variables(key) == {"左": "后到", "右": "先到"}
    assert stage.open_tasks(key) == ["sum_up"]


def test_a_task_that_is_completed_between_check_and_lock_is_refused(
    stage: Stage, deploy: Deploy
) -> None:
    deploy(*REVIEW)
    task = stage.task(stage.start("review", variables={"姓名": "王小明"}).instance_key, "check")

    slower = stage.after_the_check(lambda: stage.complete(task, COLLEAGUE, outcome="approve"))

    with pytest.raises(TaskAlreadyCompleted):
        slower.complete(task, stage.cast.officer, outcome="approve")
