"""Work that is handed out: handlers, jobs and what becomes of them."""

import pytest

from service.domain.events import (
    ElementActivated,
    ElementCompleted,
    Failure,
    IncidentType,
    JobNeeded,
    JobOver,
    SequenceFlowTaken,
    VariableSet,
)
from service.engine import HandlerDue, NotWaiting
from service.feel import NameNotPlain
from tests.engine.builders import diagram, end, flows, properties, service, start
from tests.engine.conftest import Play
from tests.engine.player import ROOT

FAILED = Failure(IncidentType.JOB_NO_RETRIES, "登记簿暂时不可写")


def test_the_handler_is_given_what_the_task_says_and_sees(play: Play) -> None:
    asked: list[HandlerDue] = []
    play("jobs.bpmn", work=asked.append, seat="数学")

    [due] = asked
    assert due.task_type == "register"
    assert due.headers == (("scope", "准入"),)
    assert (due.retries, due.backoff, due.asynchronous) == (3, (30, 120), False)
    assert due.variables == {"seat": "数学"}


def test_its_results_become_variables_and_the_token_goes_on(play: Play) -> None:
    player = play("jobs.bpmn", work=lambda due: {"number": 17})

    assert player.variables == {"number": 17}
    assert player.waiting == ["read"]
    assert player.jobs == {}


def test_a_parked_job_is_completed_after_the_instance_was_stored(play: Play) -> None:
    player = play("jobs.bpmn")
    [job] = player.jobs.values()
    assert (job.task_type, job.retries, job.backoff) == ("register", 3, (30, 120))

    player.complete("grant", number=17)

    assert player.variables == {"number": 17}
    assert player.waiting == ["read"]


def test_the_events_come_in_the_order_in_which_things_happened(play: Play) -> None:
    player = play("jobs.bpmn")
    before = len(player.events)

    player.complete("grant", number=17)

    kinds = [type(event) for event in player.events]
    assert kinds[:before][-3:] == [SequenceFlowTaken, ElementActivated, JobNeeded]
    assert kinds[before : before + 4] == [JobOver, VariableSet, ElementCompleted, SequenceFlowTaken]


def test_the_same_work_is_due_until_it_is_answered(play: Play) -> None:
    player = play("jobs.bpmn")
    execution = player.engine.start(
        player.model, instance_key=ROOT, variables={}, keys=player.keys, now=player.now
    )

    first, second = execution.advance(), execution.advance()

    assert first is second
    assert first is not None
    execution.complete(first.element_instance_key, {})
    assert execution.advance() is None


def test_work_that_failed_for_good_is_an_incident_and_a_retry_hands_it_out_again(
    play: Play,
) -> None:
    answers = iter([FAILED, FAILED, {"number": 17}])
    asked: list[int] = []

    def work(due: HandlerDue) -> Failure | dict[str, int]:
        asked.append(due.element_instance_key)
        return next(answers)  # type: ignore[return-value]

    player = play("jobs.bpmn", work=work)
    assert player.stuck == ["grant"]
    player.retry("grant")
    assert player.stuck == ["grant"]
    player.retry("grant")

    assert player.stuck == []
    assert player.variables == {"number": 17}
    assert len(set(asked)) == 1, "the key is kept over retries"


def test_a_parked_job_may_fail_and_wait_again_after_a_retry(play: Play) -> None:
    player = play("jobs.bpmn")
    execution = player.resume()
    execution.fail(player.key_of("grant"), FAILED)
    player.play(execution)
    assert player.stuck == ["grant"]

    player.retry("grant")

    assert player.stuck == []
    assert player.waiting == ["grant"]


def test_what_is_not_waiting_cannot_be_answered(play: Play) -> None:
    player = play("jobs.bpmn")
    key = player.key_of("grant")
    player.complete("grant")
    execution = player.resume()

    for answer in (
        lambda: execution.complete(key, {}),
        lambda: execution.fail(key, FAILED),
        lambda: execution.park(key),
        lambda: execution.retry(key),
        lambda: execution.visible(key),
        lambda: execution.park(player.key_of("read")),
        lambda: execution.fail(player.key_of("read"), FAILED),
    ):
        with pytest.raises(NotWaiting):
            answer()
    assert execution.take_events() == []
    assert execution.save() == player.state


def test_a_job_held_by_an_incident_cannot_be_completed(play: Play) -> None:
    player = play("jobs.bpmn", work=lambda due: FAILED)
    [key] = player.incidents

    with pytest.raises(NotWaiting):
        player.resume().complete(key, {})


def test_results_with_names_that_feel_cannot_read_are_refused_whole(play: Play) -> None:
    player = play("jobs.bpmn")
    execution = player.resume()

    with pytest.raises(NameNotPlain):
        execution.complete(player.key_of("grant"), {"ok": 1, "rows": [{"a-b": 1}]})

    assert execution.take_events() == []


def test_type_and_retries_may_be_expressions(play: Play) -> None:
    source = diagram(
        start(),
        service("send", task_type='="mail-" + kind').replace("/>", 'retries="=n + 1" />', 1),
        end(),
        flows("start", "send", "end"),
    )
    player = play(source, kind="sms", n=4)

    [job] = player.jobs.values()
    assert (job.task_type, job.retries) == ("mail-sms", 5)


def test_an_expression_without_a_type_is_an_incident(play: Play) -> None:
    player = play(
        diagram(start(), service("send", task_type="=kind"), end(), flows("start", "send", "end")),
        kind=None,
    )

    assert player.stuck == ["send"]


def test_a_task_may_ask_for_a_job_row_from_the_start(play: Play) -> None:
    asked: list[HandlerDue] = []
    marked = service("send", extensions=properties(**{"async": "true"}))
    play(diagram(start(), marked, end(), flows("start", "send", "end")), work=asked.append)

    assert asked[0].asynchronous
