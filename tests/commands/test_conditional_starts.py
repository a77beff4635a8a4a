"""A condition of a start event is asked with the variables that somebody sends."""

import pytest

from service.commands import conditional_starts
from service.commands.conditional_starts import Evaluation
from service.domain.actors import Actor
from service.domain.messages import EventsForbidden
from service.domain.submissions import VariablesReserved
from service.domain.values import Json
from service.engine import StartUnclear
from service.store.tables import ProcessInstance
from tests.engine.builders import diagram, element, end, flows, on, user
from tests.fixtures_commands import Stage
from tests.fixtures_events import Bring, RunDue

WHEN = diagram(
    element("startEvent", "shortage", inside=on("conditional", "=vacancies > 2")), user("plan"),
    end(), flows("shortage", "plan", "end"), process_id="recruit",
)  # fmt: skip
UNCLEAR = WHEN.replace(b"vacancies &gt; 2", b"vacancies")


def evaluate(stage: Stage, actor: Actor, **variables: Json) -> Evaluation:
    with stage.rooms.write() as tools:
        return conditional_starts.evaluate(tools, variables, actor=actor, now=stage.rooms.clock())


def test_a_condition_that_is_true_starts_an_instance_with_the_variables(
    stage: Stage, bring: Bring, run_due: RunDue, operator: Actor
) -> None:
    bring(WHEN)
    [begun] = evaluate(stage, operator, vacancies=3).begun
    run_due()
    assert stage.variables(begun.instance_key) == {"vacancies": 3}
    assert stage.row(ProcessInstance, key=begun.instance_key)["started_by"] == "system"


@pytest.mark.parametrize("variables", [{"vacancies": 2}, {"other": 9}, {}])
def test_one_that_is_false_or_lacks_its_variables_starts_nothing(
    stage: Stage, bring: Bring, operator: Actor, variables: dict[str, Json]
) -> None:
    bring(WHEN)
    assert evaluate(stage, operator, **variables).begun == ()
    assert stage.rows(ProcessInstance) == []


def test_one_without_an_answer_starts_nothing_and_says_so(
    stage: Stage, bring: Bring, operator: Actor
) -> None:
    bring(UNCLEAR)
    with pytest.raises(StartUnclear):
        evaluate(stage, operator, vacancies=3)
    assert stage.rows(ProcessInstance) == []


def test_the_service_s_own_names_are_not_taken(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(WHEN)
    with pytest.raises(VariablesReserved):
        evaluate(stage, operator, initiator="kim")


def test_only_the_newest_version_is_asked(stage: Stage, bring: Bring, operator: Actor) -> None:
    bring(WHEN)
    bring(WHEN.replace(b"&gt; 2", b"&gt; 5"))
    assert evaluate(stage, operator, vacancies=3).begun == ()
    assert len(evaluate(stage, operator, vacancies=6).begun) == 1


def test_a_stranger_s_variables_reach_no_process(stage: Stage, bring: Bring) -> None:
    bring(WHEN)
    with pytest.raises(EventsForbidden):
        evaluate(stage, stage.cast.stranger, vacancies=3)
    assert stage.rows(ProcessInstance) == []
