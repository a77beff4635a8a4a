"""A form with files that is sent twice at the same moment: once done, and the second learns it."""

import io

import pytest

from service.commands import documents
from service.commands.process_instances import Started
from service.domain.actors import Actor
from service.domain.errors import FieldsInvalid
from service.domain.user_tasks import TaskAlreadyCompleted
from service.domain.values import Variables
from service.store.tables import Document, ProcessInstance
from tests.commands.test_two_at_once import COLLEAGUE, at_once
from tests.fixtures_commands import EVIDENCE, Deploy, Stage

ROUNDS = 12
"""Often enough that the second was caught at each place on its way in trials without the cure."""


@pytest.fixture
def definition(deploy: Deploy) -> int:
    [process] = deploy(*EVIDENCE).processes
    return process.key


def uploaded(stage: Stage, subject: int, actor: Actor | None = None) -> Variables:
    """A submission that names a file of its own."""
    receipt = documents.upload(
        stage.rooms,
        subject,
        field="证明",
        file_name="证明.pdf",
        stream=io.BytesIO(b"%PDF-1.7\n1 0 obj"),
        actor=actor or stage.cast.applicant,
        now=stage.clock.now,
    )
    return {"证明": [str(receipt.key)]}


def start(stage: Stage, sent: Variables, request_id: str) -> Started:
    return stage.start("evidence", variables=sent, request_id=request_id)


def checked(stage: Stage, definition: int) -> int:
    """A task of a case without files."""
    return stage.task(start(stage, {}, "r0").instance_key, "check")


def test_a_start_sent_twice_at_once_gives_the_same_case_to_both(
    stage: Stage, definition: int
) -> None:
    for number in range(ROUNDS):
        sent = uploaded(stage, definition)

        first, second = at_once(*[lambda s=sent, n=number: start(stage, s, f"r{n}")] * 2)

        assert isinstance(first, Started), first
        assert isinstance(second, Started), second
        assert first.instance_key == second.instance_key
        assert first.again is not second.again
    assert len(stage.rows(ProcessInstance)) == ROUNDS


def test_the_files_may_be_taken_while_the_second_is_being_checked(
    stage: Stage, definition: int
) -> None:
    sent = uploaded(stage, definition)
    slower = stage.while_the_form_is_checked(lambda: start(stage, sent, "r1"))

    answer = start(slower, sent, "r1")

    assert answer.again
    assert answer.instance_key == stage.key(ProcessInstance)


def test_a_wrong_form_of_a_request_that_has_started_gives_its_case_too(
    stage: Stage, definition: int
) -> None:
    sent = uploaded(stage, definition)
    slower = stage.while_the_form_is_checked(lambda: start(stage, sent, "r1"))

    assert start(slower, {"说明": ["不是文字"]}, "r1").again


def test_files_that_another_request_has_taken_are_still_refused(
    stage: Stage, definition: int
) -> None:
    sent = uploaded(stage, definition)
    slower = stage.while_the_form_is_checked(lambda: start(stage, sent, "r1"))

    with pytest.raises(FieldsInvalid):
        start(slower, sent, "r2")


def test_a_completion_sent_twice_at_once_is_refused_with_who_and_when(
    stage: Stage, definition: int
) -> None:
    for number in range(ROUNDS):
        task = stage.task(start(stage, {}, f"r{number}").instance_key, "check")
        sent = uploaded(stage, task)

        answers = at_once(
            *[lambda t=task, s=sent: stage.complete(t, stage.cast.applicant, s, revision=1)] * 2
        )

        [refusal] = [one for one in answers if isinstance(one, Exception)]
        assert isinstance(refusal, TaskAlreadyCompleted), refusal
        assert (refusal.who, refusal.when) == ("张敏", stage.clock.now)


@pytest.mark.parametrize("wrong", [{"说明": ["不是文字"]}, {"证明": ["7"]}], ids=["form", "file"])
def test_that_somebody_was_faster_comes_before_what_is_wrong_with_the_form(
    stage: Stage, definition: int, wrong: Variables
) -> None:
    task = checked(stage, definition)
    theirs = uploaded(stage, task)
    slower = stage.while_the_form_is_checked(
        lambda: stage.complete(task, stage.cast.applicant, theirs)
    )

    with pytest.raises(TaskAlreadyCompleted, match="张敏"):
        slower.complete(task, COLLEAGUE, wrong)


def test_two_people_with_files_of_their_own_at_once(stage: Stage, definition: int) -> None:
    task = checked(stage, definition)
    mine, theirs = uploaded(stage, task), uploaded(stage, task, stage.cast.officer)

    answers = at_once(
        lambda: stage.complete(task, stage.cast.applicant, mine),
        lambda: stage.complete(task, stage.cast.officer, theirs),
    )

    [refusal] = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(refusal, TaskAlreadyCompleted)
    assert len([one for one in stage.rows(Document) if one["instance_key"] is None]) == 1
