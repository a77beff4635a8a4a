"""What decisions require: decisions, knowledge models, services. decision_requirements.dmn."""

import pytest

from service.domain.values import Json
from service.engine import DecisionFailure, check_dmn, decision_models, try_decision
from service.engine.errors import DecisionInputInvalid, DecisionValueInvalid
from service.feel import Budget, FeelBudgetSpent, FeelNameMissing, FeelPool
from tests.engine.player import NOW
from tests.engine.tables import asked, decision, dmn, models

FILE = "decision_requirements.dmn"


def test_a_diamond_evaluates_each_decision_once(feel: FeelPool) -> None:
    result = asked(feel, FILE, "top", {"Teaching_Years": 7})

    assert result.output == {"left": 15, "right": 16, "Base_Points": 31}
    assert [(one.decision_id, one.output) for one in result.evaluated[:-1]] == [
        ("base", 14),
        ("left", 15),
        ("right", 16),
    ]


def test_the_rules_of_a_required_decision_are_told_with_it(feel: FeelPool) -> None:
    result = asked(feel, FILE, "left", {"Teaching_Years": 3})

    base = result.evaluated[0]
    assert (base.name, base.rule_ids, base.inputs[0].value) == ("Base Points", ("base_less",), 3)
    assert result.rule_ids == ()


def test_a_date_stays_a_date_between_decisions(feel: FeelPool) -> None:
    result = asked(feel, FILE, "late", {"start": "2025-06-30"})

    assert result.output is True
    assert result.evaluated[0].output == "2026-06-30"


def test_a_failure_names_the_decision_and_keeps_what_went_before(feel: FeelPool) -> None:
    model = models(FILE)["top"]
    failed = try_decision(model, "top", {"Teaching_Years": "7"}, feel=feel, now=NOW)

    assert isinstance(failed, DecisionFailure)
    assert isinstance(failed.error, DecisionInputInvalid)
    assert (failed.decision_id, failed.name) == ("base", "Base Points")
    assert [one.decision_id for one in failed.evaluated] == ["base"]


def test_a_name_that_is_not_given_is_missing(feel: FeelPool) -> None:
    with pytest.raises(FeelNameMissing, match="Teaching_Years"):
        asked(feel, FILE, "top", {})


@pytest.mark.parametrize(("n", "output"), [(1, 1), (5, 120), (0, 1)])
def test_a_knowledge_model_may_call_itself(feel: FeelPool, n: int, output: int) -> None:
    assert asked(feel, FILE, "ask_factorial", {"n": n}).output == output


def test_a_call_that_goes_too_deep_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(DecisionValueInvalid, match=r"factorial.*100 层"):
        asked(feel, FILE, "ask_factorial", {"n": 500})


def test_an_endless_call_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(DecisionValueInvalid, match="factorial"):
        asked(feel, FILE, "ask_factorial", {"n": 1e300})


def test_an_invocation_calls_by_name_and_tells_the_rules(feel: FeelPool) -> None:
    result = asked(feel, FILE, "ask_grade", {"score": 70})

    assert (result.output, result.rule_ids) == ("合格", ("grade_good",))


def test_a_knowledge_model_may_call_another(feel: FeelPool) -> None:
    result = asked(feel, FILE, "ask_grades", {"scores": [70, 50]})

    assert (result.output, result.rule_ids) == (["合格", "不合格"], ("grade_good", "grade_bad"))


def test_an_argument_of_another_type_is_an_error(feel: FeelPool) -> None:
    with pytest.raises(DecisionValueInvalid, match=r"My_Score.*number"):
        asked(feel, FILE, "ask_grade", {"score": "70"})


def test_a_decision_service_evaluates_its_decisions_anew(feel: FeelPool) -> None:
    result = asked(feel, FILE, "ask_service", {})

    assert result.output == [{"左": 17, "twice": 32}, {"左": 1, "twice": 0}, 10]
    assert [one.decision_id for one in result.evaluated].count("base") == 2


def service_of(call: str, *, inside: str = "") -> bytes:
    """A decision that calls a service of two input decisions and, behind them, two input data.

    As test 0085 of the DMN TCK: what an input decision would come to itself is never asked.
    """
    inputs = "".join(
        f'<inputData id="i{n}" name="input {n}"><variable name="input {n}" typeRef="string" />'
        "</inputData>"
        for n in (1, 2)
    )
    requires = "".join(
        f'<informationRequirement><required{kind} href="#{one}" /></informationRequirement>'
        for kind, one in (("Decision", "d1"), ("Decision", "d2"), ("Input", "i1"), ("Input", "i2"))
    )
    return dmn(
        '<decisionService id="s" name="joined"><outputDecision href="#out" />'
        '<inputDecision href="#d1" /><inputDecision href="#d2" />'
        '<inputData href="#i1" /><inputData href="#i2" /></decisionService>',
        inputs,
        *(text_of("&quot;never asked&quot;", one) for one in ("d1", "d2")),
        text_of("input 1 + input 2 + d1 + d2", "out", requires),
        text_of(call, "ask", inside + CALLS_IT),
    )


CALLS_IT = '<knowledgeRequirement><requiredKnowledge href="#s" /></knowledgeRequirement>'


def text_of(text: str, decision_id: str, inside: str = "") -> str:
    """A decision of one text."""
    logic = f"<literalExpression><text>{text}</text></literalExpression>"
    named = f'<variable name="{decision_id}" />'
    return decision(logic, decision_id=decision_id, inside=named + inside)


def called(feel: FeelPool, call: str, *, inside: str = "", **variables: str) -> Json:
    model = decision_models(service_of(call, inside=inside))[-1]
    result = try_decision(model, "ask", variables, feel=feel, now=NOW)
    assert not isinstance(result, DecisionFailure), result.error
    return result.output


@pytest.mark.parametrize(
    "call",
    [
        'joined("A", "B", "C", "D")',
        'joined(d1: "C", input 1: "A", d2: "D", input 2: "B")',
    ],
)
def test_a_service_takes_its_input_data_first_and_then_its_input_decisions(
    feel: FeelPool, call: str
) -> None:
    """DMN 1.5, 10.4: function(input data …, input decisions …), in whatever order they stand."""
    assert called(feel, call) == "ABCD"


def test_what_a_service_is_given_is_nobody_else_s(feel: FeelPool) -> None:
    given = (
        '<informationRequirement><requiredDecision href="#d1" /></informationRequirement>'
        '<informationRequirement><requiredInput href="#i1" /></informationRequirement>'
    )
    call = '[joined("A", "B", "C", "D"), input 1, d1]'

    assert called(feel, call, inside=given, input_1="own") == ["ABCD", "own", "never asked"]


def test_a_knowledge_model_does_not_see_variables(feel: FeelPool) -> None:
    content = dmn(
        '<businessKnowledgeModel id="m" name="f"><encapsulatedLogic><formalParameter name="a" />'
        "<literalExpression><text>a + outside</text></literalExpression></encapsulatedLogic>"
        "</businessKnowledgeModel>",
        decision(
            "<literalExpression><text>f(1)</text></literalExpression>",
            inside='<knowledgeRequirement><requiredKnowledge href="#m" /></knowledgeRequirement>',
        ),
    )
    [model] = decision_models(content)

    failed = try_decision(model, "grade", {"outside": 1}, feel=feel, now=NOW)

    assert isinstance(failed, DecisionFailure)
    assert isinstance(failed.error, FeelNameMissing)


def test_a_decision_may_be_a_library_of_functions_for_others(feel: FeelPool) -> None:
    library = (
        '<context><contextEntry><variable name="twice" /><functionDefinition>'
        '<formalParameter name="n" /><literalExpression><text>2 * n</text></literalExpression>'
        '</functionDefinition></contextEntry><contextEntry><variable name="limit" />'
        "<literalExpression><text>[1..9]</text></literalExpression></contextEntry></context>"
    )
    top = decision(
        "<literalExpression><text>library.twice(4) in library.limit</text></literalExpression>",
        inside='<informationRequirement><requiredDecision href="#library" />'
        "</informationRequirement>",
    )
    content = dmn(decision(library, decision_id="library"), top)
    under, over = decision_models(content)

    result = try_decision(over, "grade", {}, feel=feel, now=NOW)
    alone = try_decision(under, "library", {}, feel=feel, now=NOW)

    assert check_dmn(content, resource="x.dmn", feel=feel) == []
    assert not isinstance(result, DecisionFailure)
    assert result.output is True
    assert result.evaluated[0].output == {"twice": None, "limit": None}
    assert isinstance(alone, DecisionFailure)


@pytest.mark.parametrize(("href", "found"), [("#d0", 1), ("jiaoyan#d0", 1), ("other#d0", 0)])
def test_a_reference_may_name_the_namespace_of_its_file(href: str, found: int) -> None:
    content = chain(2).replace(b"#d0", href.encode())

    assert len(decision_models(content)[1].graph.decisions["d1"].decisions[0]) == 2 * found


def chain(length: int) -> bytes:
    """Decisions d0, d1, … each one more than the one before."""
    first = "<literalExpression><text>n</text></literalExpression>"
    decisions = [decision(first, decision_id="d0")]
    decisions += [
        decision(
            f"<literalExpression><text>d{i - 1} + 1</text></literalExpression>",
            decision_id=f"d{i}",
            inside=f'<informationRequirement><requiredDecision href="#d{i - 1}" />'
            "</informationRequirement>",
        )
        for i in range(1, length)
    ]
    return dmn(*decisions)


def test_a_long_chain_is_one_round_trip(feel: FeelPool) -> None:
    model = decision_models(chain(800))[-1]

    result = try_decision(model, "d799", {"n": 1}, feel=feel, now=NOW)

    assert not isinstance(result, DecisionFailure)
    assert (result.output, len(result.evaluated)) == (800, 800)


def test_an_endless_loop_spends_the_budget_and_no_more(feel: FeelPool) -> None:
    loop = (
        "<literalExpression><text>count(for a in 1..100000, b in 1..100000 return a)</text>"
        "</literalExpression>"
    )
    [model] = decision_models(dmn(decision(loop)))
    budget = Budget(seconds=0.3)

    with pytest.raises(FeelBudgetSpent):
        try_decision(model, "grade", {}, feel=feel, now=NOW, budget=budget)
    assert budget.seconds <= 0
