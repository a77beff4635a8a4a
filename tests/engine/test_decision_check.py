"""Rules about decision files."""

import pytest

from service.domain.problems import Problem
from service.engine import check_dmn
from service.feel import FeelPool
from tests.engine.tables import DMN_13, column, decision, dmn, table

RULES = [([">= 60"], ['"合格"'])]
SOUND = table(RULES)


def check(content: bytes, feel: FeelPool) -> list[Problem]:
    """The problems of a decision file."""
    return check_dmn(content, resource="test.dmn", feel=feel)


REFUSED = {
    "no DMN": (b"<a/>", "dmn-definitions", ""),
    "DMN 1.1": (
        dmn(decision(SOUND), namespace="http://www.omg.org/spec/DMN/20151101/dmn.xsd"),
        "dmn-definitions",
        "",
    ),
    "no decision": (dmn(), "dmn-decision", ""),
    "a decision twice": (dmn(decision(SOUND), decision(SOUND)), "dmn-decision", "grade"),
    "a decision without logic": (dmn(decision("")), "dmn-logic", "grade"),
    "two logics": (dmn(decision(SOUND + SOUND)), "dmn-logic", "grade"),
    "a function as the result": (
        dmn(decision("<functionDefinition><literalExpression><text>1</text></literalExpression>"
                     "</functionDefinition>")),
        "dmn-logic",
        "grade",
    ),
    "PRIORITY without allowed values": (
        dmn(decision(table(RULES, policy="PRIORITY"))),
        "dmn-priority",
        "table",
    ),
    "OUTPUT ORDER without allowed values": (
        dmn(decision(table(RULES, policy="OUTPUT ORDER"))),
        "dmn-priority",
        "table",
    ),
    "PRIORITY over values that are not listed": (
        dmn(decision(table(RULES, policy="PRIORITY", columns=column("input", 1, "score")
                           + column("output", 1, allowed='not("差")')))),
        "dmn-priority",
        "output1",
    ),
    "an unknown hit policy": (
        dmn(decision(table(RULES, policy="BEST"))),
        "dmn-hit-policy",
        "table",
    ),
    "an aggregation of FIRST": (
        dmn(decision(table(RULES, policy="FIRST", more=' aggregation="SUM"'))),
        "dmn-hit-policy",
        "table",
    ),
    "a sum of two columns": (
        dmn(decision(table([(["-"], ["1", "2"])], outputs=("a", "b"), policy="COLLECT",
                           more=' aggregation="SUM"'))),
        "dmn-hit-policy",
        "table",
    ),
    "a sum of texts": (
        dmn(decision(table(RULES, policy="COLLECT", more=' aggregation="SUM"',
                           columns=column("input", 1, "score")
                           + column("output", 1, type="string")))),
        "dmn-hit-policy",
        "output1",
    ),
    "a count with a default": (
        dmn(decision(table(RULES, policy="COLLECT", more=' aggregation="COUNT"',
                           columns=column("input", 1, "score")
                           + column("output", 1, default="1")))),
        "dmn-hit-policy",
        "output1",
    ),
    "an input without an expression": (
        dmn(decision(table(RULES, inputs=("",)))),
        "dmn-input",
        "input1",
    ),
    "an unknown type": (
        dmn(
            decision(
                table(
                    RULES,
                    columns=column("input", 1, "score", type="money") + column("output", 1),
                )
            )
        ),
        "dmn-type",
        "input1",
    ),
    "two outputs of one name": (
        dmn(decision(table([(["-"], ["1", "2"])], outputs=("a", "a")))),
        "dmn-output",
        "output2",
    ),
    "an output whose name is no name": (
        dmn(decision(table([(["-"], ["1", "2"])], outputs=("a", "b-c")))),
        "dmn-output",
        "output2",
    ),
    "no rule": (dmn(decision(table([]))), "dmn-rule", "table"),
    "a row that misses a cell": (dmn(decision(table([([], ["1"])]))), "dmn-rule", "rule1"),
    "another language": (
        dmn(decision(SOUND)).replace(
            b"<inputEntry>", b'<inputEntry id="c" expressionLanguage="juel">'
        ),
        "dmn-language",
        "c",
    ),
    "a condition that is no FEEL": (
        dmn(decision(table([(["> 5,"], ["1"])]))),
        "feel-syntax",
        "rule1",
    ),
    "a conclusion that is no FEEL": (
        dmn(decision(table([(["-"], ["1 +"])]))),
        "feel-syntax",
        "rule1",
    ),
    "an input that is no FEEL": (
        dmn(decision(table(RULES, inputs=("score +",)))),
        "feel-syntax",
        "input1",
    ),
    "a function that does not exist": (
        dmn(decision(table([(["-"], ["sume([1])"])]))),
        "feel-function",
        "rule1",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_run_is_refused_where_it_is(feel: FeelPool, name: str) -> None:
    content, rule, element_id = REFUSED[name]

    problems = check(content, feel)

    assert (rule, element_id) in {(p.rule, p.element_id) for p in problems}


@pytest.mark.parametrize("policy", ["", "UNIQUE", "FIRST", "ANY", "COLLECT", "RULE ORDER"])
def test_the_hit_policies_that_run_are_fine(feel: FeelPool, policy: str) -> None:
    assert check(dmn(decision(table(RULES, policy=policy))), feel) == []


@pytest.mark.parametrize("version", ["20191111", "20211108", "20230324"])
def test_dmn_1_3_to_1_5_is_fine(feel: FeelPool, version: str) -> None:
    namespace = DMN_13.replace("20191111", version)

    assert check(dmn(decision(SOUND), namespace=namespace), feel) == []


def test_inputs_sources_and_drawings_are_fine(feel: FeelPool) -> None:
    content = dmn(
        '<inputData id="score_data" name="score" /><knowledgeSource id="plan" name="方案" />',
        decision(
            SOUND,
            inside='<informationRequirement id="r"><requiredInput href="#score_data" />'
            "</informationRequirement>",
        ),
    )

    assert check(content, feel) == []
