"""Who may do what with a user task in which state."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.domain.actors import Actor
from service.domain.user_tasks import (
    AssignmentForbidden,
    CommentRequired,
    OutcomeUnknown,
    Standing,
    TaskAlreadyCompleted,
    TaskCanceled,
    TaskFacts,
    TaskHeldByOther,
    TaskNotYours,
    TaskWithoutCandidates,
    require_assignable,
    require_completable,
    require_outcome,
    require_releasable,
    standing,
)

LI = Actor("li.na", "李娜", frozenset({"office"}))
SUN = Actor("sun.li", "孙丽", frozenset({"office"}))
WANG = Actor("wang.wei", "王伟")
CLAIMED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ENDED = datetime(2026, 3, 2, 16, 5, tzinfo=UTC)

OPEN = TaskFacts("CREATED", None, candidate_users=["zhang.min"], candidate_groups=["office"])
HELD = replace(OPEN, assignee="li.na", assignee_name="李娜", held_since=CLAIMED)
DONE = replace(HELD, state="COMPLETED", ended_at=ENDED, ended_by_name="李娜")
CANCELED = replace(HELD, state="CANCELED", ended_at=ENDED)
PERSONAL = TaskFacts("CREATED", "li.na", candidate_users=[], candidate_groups=[])


@pytest.mark.parametrize(
    ("facts", "actor", "place"),
    [
        (OPEN, LI, Standing.CANDIDATE),
        (OPEN, Actor("zhang.min"), Standing.CANDIDATE),
        (OPEN, WANG, Standing.ONLOOKER),
        (HELD, LI, Standing.HOLDER),
        (HELD, SUN, Standing.OUTRUN),
        (HELD, WANG, Standing.ONLOOKER),
        (replace(PERSONAL, held_before=True), WANG, Standing.OUTRUN),
        (replace(OPEN, candidate_groups=[]), LI, Standing.ONLOOKER),
    ],
)
def test_what_an_actor_is_to_a_task(facts: TaskFacts, actor: Actor, place: Standing) -> None:
    assert standing(facts, actor) is place


@pytest.mark.parametrize(
    ("facts", "actor", "refusal"),
    [
        (OPEN, WANG, TaskNotYours),
        (HELD, SUN, TaskHeldByOther),
        (DONE, SUN, TaskAlreadyCompleted),
        (DONE, LI, TaskAlreadyCompleted),
        (DONE, WANG, TaskNotYours),
        (CANCELED, LI, TaskCanceled),
    ],
)
def test_completing_is_refused(facts: TaskFacts, actor: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        require_completable(facts, actor)


@pytest.mark.parametrize(("facts", "actor"), [(OPEN, LI), (HELD, LI), (OPEN, SUN)])
def test_holder_and_candidates_may_complete(facts: TaskFacts, actor: Actor) -> None:
    assert require_completable(facts, actor) in {Standing.HOLDER, Standing.CANDIDATE}


def test_the_refusal_says_who_and_when_in_beijing_time() -> None:
    with pytest.raises(TaskAlreadyCompleted, match="李娜于 2026年3月3日 00:05"):
        require_completable(DONE, SUN)


def test_who_holds_it_is_told_with_since_when() -> None:
    with pytest.raises(TaskHeldByOther, match="自 2026年3月2日 09:30 起由李娜办理") as refusal:
        require_completable(HELD, SUN)
    assert (refusal.value.who, refusal.value.when) == ("李娜", CLAIMED)


def release(facts: TaskFacts, actor: Actor, *, may_assign: bool = False) -> Callable[[], None]:
    return lambda: require_releasable(facts, actor, may_assign=may_assign)


def test_who_may_release() -> None:
    release(HELD, LI)()
    release(HELD, WANG, may_assign=True)()
    for refused, refusal in (
        (release(HELD, SUN), TaskNotYours),
        (release(PERSONAL, LI), TaskWithoutCandidates),
        (release(DONE, LI), TaskAlreadyCompleted),
    ):
        with pytest.raises(refusal):
            refused()


@pytest.mark.parametrize(
    ("facts", "actor", "assignee", "may_assign", "override", "refusal"),
    [
        (OPEN, WANG, "li.na", False, True, AssignmentForbidden),
        (OPEN, LI, "sun.li", False, True, AssignmentForbidden),
        (HELD, SUN, "sun.li", False, True, TaskHeldByOther),
        (HELD, WANG, "sun.li", True, False, TaskHeldByOther),
        (DONE, WANG, "sun.li", True, True, TaskAlreadyCompleted),
    ],
)
def test_assigning_is_refused(
    facts: TaskFacts,
    actor: Actor,
    assignee: str,
    may_assign: bool,
    override: bool,
    refusal: type[Exception],
) -> None:
    with pytest.raises(refusal):
        require_assignable(
            facts, actor, assignee=assignee, may_assign=may_assign, allow_override=override
        )


@pytest.mark.parametrize(
    ("facts", "actor", "assignee", "may_assign"),
    [(OPEN, LI, "li.na", False), (HELD, WANG, "sun.li", True), (HELD, LI, "li.na", False)],
)
def test_who_may_assign(facts: TaskFacts, actor: Actor, assignee: str, may_assign: bool) -> None:
    require_assignable(facts, actor, assignee=assignee, may_assign=may_assign, allow_override=True)


CHOICES = {"approve": False, "reject": True}


def test_outcomes_are_those_of_the_step() -> None:
    require_outcome(CHOICES, "approve", "")
    require_outcome(CHOICES, "reject", "缺件")
    require_outcome({}, None, "")
    for choices, outcome, refusal in (
        (CHOICES, None, OutcomeUnknown),
        (CHOICES, "abstain", OutcomeUnknown),
        ({}, "approve", OutcomeUnknown),
        (CHOICES, "reject", CommentRequired),
    ):
        with pytest.raises(refusal):
            require_outcome(choices, outcome, " ")
