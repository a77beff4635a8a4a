"""Decisions over HTTP: what an evaluation answers, in the words of Camunda's client."""

from camunda_orchestration_sdk.models import (
    DecisionEvaluationByID,
    DecisionEvaluationByIdVariables,
)
from camunda_orchestration_sdk.semantic_types import DecisionDefinitionId

from tests.api.conftest import LEAVE, Client, deployed
from tests.fixtures_store import Cast


def test_a_decision_is_asked_by_itself(client: Client, cast: Cast) -> None:
    office = client(cast.officer)
    deployed(office, *LEAVE)

    def ask(**given: object) -> tuple[str, str | None]:
        sent = DecisionEvaluationByIdVariables.from_dict(given)
        result = office.evaluate_decision(
            data=DecisionEvaluationByID(DecisionDefinitionId("leave_kind"), sent)
        )
        return result.output, result.failure_message

    assert ask(days=3) == ('"短假"', None)
    assert ask(days=4) == ('"长假"', None)
    output, failure = ask(day=4)
    assert output == "null"
    assert failure is not None
    assert "days" in failure


def test_an_evaluation_tells_every_decision_and_rule(client: Client, cast: Cast) -> None:
    office = client(cast.officer)
    deployed(office, "subsidy.dmn")
    sent = DecisionEvaluationByIdVariables.from_dict({"years": 8, "limit": 5})

    result = office.evaluate_decision(
        data=DecisionEvaluationByID(DecisionDefinitionId("subsidy_kind"), sent)
    )

    points, kind = result.evaluated_decisions
    assert (points.decision_definition_id, points.output) == ("subsidy_points", "9")
    assert (points.decision_definition_type, kind.decision_definition_type) == (
        "DECISION_TABLE",
        "LITERAL_EXPRESSION",
    )
    [given] = points.evaluated_inputs
    assert (given.input_id, given.input_name, given.input_value) == ("years_input", "教龄", "8")
    assert [
        (rule.rule_id, rule.rule_index, rule.evaluated_outputs[0].output_value)
        for rule in points.matched_rules
    ] == [("points_six", 1, "8"), ("points_all", 2, "1")]
    assert (kind.output, result.output) == ('"高"', '"高"')
    assert points.decision_definition_key != kind.decision_definition_key


def test_a_failed_evaluation_names_the_decision(client: Client, cast: Cast) -> None:
    office = client(cast.officer)
    deployed(office, "subsidy.dmn")
    sent = DecisionEvaluationByIdVariables.from_dict({"years": 8})

    result = office.evaluate_decision(
        data=DecisionEvaluationByID(DecisionDefinitionId("subsidy_kind"), sent)
    )

    assert result.failed_decision_definition_id == "subsidy_kind"
    assert "limit" in str(result.failure_message)
    assert [one.output for one in result.evaluated_decisions] == ["9", "null"]
