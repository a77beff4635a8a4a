"""What of a decision file beyond its tables is refused, by name and where it is."""

from pathlib import Path

import pytest

from service.domain.problems import Problem, Severity
from service.engine import check_dmn
from service.feel import FeelPool
from tests.engine.tables import decision, dmn

ONE = "<literalExpression><text>1</text></literalExpression>"
DIAGRAMS = Path(__file__).parent / "diagrams"


def check(content: bytes, feel: FeelPool) -> list[Problem]:
    """The problems of a decision file."""
    return check_dmn(content, resource="test.dmn", feel=feel)


def literal(text: str) -> str:
    """A text as a boxed expression."""
    return f"<literalExpression><text>{text}</text></literalExpression>"


def needs(kind: str, href: str, node_id: str = "needs") -> str:
    """A requirement of a decision."""
    holder = "knowledge" if kind == "requiredKnowledge" else "information"
    return f'<{holder}Requirement id="{node_id}"><{kind} href="{href}" /></{holder}Requirement>'


def knowledge(body: str, name: str = "f", inside: str = "") -> str:
    """A knowledge model `m` of one parameter `a`."""
    return (
        f'<businessKnowledgeModel id="m" name="{name}">{inside}<encapsulatedLogic>'
        f'<formalParameter name="a" />{body}</encapsulatedLogic></businessKnowledgeModel>'
    )


def item(inside: str, name: str = "t") -> str:
    """An item definition `item`."""
    return f'<itemDefinition id="item" name="{name}">{inside}</itemDefinition>'


def entry(name: str, value: str = ONE) -> str:
    """An entry of a context."""
    return f'<contextEntry id="entry"><variable name="{name}" />{value}</contextEntry>'


def service(inside: str, name: str = "s") -> str:
    """A decision service."""
    return f'<decisionService id="service" name="{name}">{inside}</decisionService>'


def invocation(*names: str) -> str:
    """A call of `f` that gives these parameters."""
    given = "".join(f'<binding><parameter name="{n}" />{ONE}</binding>' for n in names)
    return f'<invocation id="call">{literal("f")}{given}</invocation>'


def two(first: str, second: str, more: str = "") -> bytes:
    """Two decisions, `one` and `two`, that hold these requirements."""
    return dmn(
        decision(ONE, decision_id="one", inside=first),
        decision(ONE, decision_id="two", inside=second),
        more,
    )


KNOWS = needs("requiredKnowledge", "#m")

REFUSED = {
    "an import": (
        dmn('<import id="i" namespace="x" name="x" />', decision(ONE)),
        "dmn-supported",
        "i",
    ),
    "an imported value": (
        dmn(decision('<literalExpression id="l"><importedValues id="v" /></literalExpression>')),
        "dmn-supported",
        "v",
    ),
    "a function type": (
        dmn(item('<functionItem id="fi" />'), decision(ONE)),
        "dmn-supported",
        "fi",
    ),
    "an element that DMN does not have": (
        dmn('<wish id="w" />', decision(ONE)),
        "dmn-supported",
        "w",
    ),
    "a function in Java": (
        dmn(
            '<businessKnowledgeModel id="m" name="f"><encapsulatedLogic id="java" kind="Java">'
            f"{ONE}</encapsulatedLogic></businessKnowledgeModel>",
            decision(ONE),
        ),
        "dmn-supported",
        "java",
    ),
    "another language of types": (
        dmn(decision(ONE)).replace(b"<definitions ", b'<definitions typeLanguage="xsd" '),
        "dmn-language",
        "grades",
    ),
    "an empty text": (dmn(decision('<literalExpression id="l" />')), "dmn-expression", "l"),
    "a conditional without else": (
        dmn(decision(f'<conditional id="c"><if>{ONE}</if><then>{ONE}</then></conditional>')),
        "dmn-expression",
        "c",
    ),
    "a filter without a list": (
        dmn(decision(f'<filter id="fi"><in id="in" /><match>{ONE}</match></filter>')),
        "dmn-expression",
        "in",
    ),
    "a loop whose variable is no name": (
        dmn(
            decision(
                f'<for id="l" iteratorVariable="a-b"><in>{ONE}</in><return>{ONE}</return></for>'
            )
        ),
        "dmn-name",
        "l",
    ),
    "an entry without a name in the middle": (
        dmn(decision(f'<context id="c"><contextEntry>{ONE}</contextEntry>{entry("a")}</context>')),
        "dmn-expression",
        "c",
    ),
    "an entry whose name is no name": (
        dmn(decision(f'<context id="c">{entry("a or b")}</context>')),
        "dmn-name",
        "entry",
    ),
    "two entries of one name": (
        dmn(decision(f'<context id="c">{entry("a b")}{entry("a_b")}</context>')),
        "dmn-name",
        "c",
    ),
    "a row of a relation that misses a cell": (
        dmn(
            decision(
                '<relation id="r"><column name="a" /><column name="b" />'
                f'<row id="row">{ONE}</row></relation>'
            )
        ),
        "dmn-relation",
        "row",
    ),
    "a required decision that is not there": (
        dmn(decision(ONE, inside=needs("requiredDecision", "#other"))),
        "dmn-reference",
        "needs",
    ),
    "a required decision of another file": (
        dmn(decision(ONE, inside=needs("requiredDecision", "other.dmn#grade"))),
        "dmn-reference",
        "needs",
    ),
    "a required input that is a decision": (
        two("", needs("requiredInput", "#one")),
        "dmn-reference",
        "needs",
    ),
    "a required knowledge model that is not there": (
        dmn(decision(ONE, inside=KNOWS)),
        "dmn-reference",
        "needs",
    ),
    "decisions that require each other": (
        two(needs("requiredDecision", "#two"), needs("requiredDecision", "#one")),
        "dmn-cycle",
        "one",
    ),
    "a decision that requires itself": (
        dmn(decision(ONE, inside=needs("requiredDecision", "#grade"))),
        "dmn-cycle",
        "grade",
    ),
    "a decision in a service that it calls": (
        dmn(
            decision(ONE, inside=needs("requiredKnowledge", "#service")),
            service('<outputDecision href="#grade" />'),
        ),
        "dmn-cycle",
        "grade",
    ),
    "a required decision without any name": (
        dmn(
            decision(ONE, decision_id="a-1").replace("定级", "定级（一）"),
            decision(ONE, decision_id="two", inside=needs("requiredDecision", "#a-1")),
        ),
        "dmn-name",
        "two",
    ),
    "two requirements of one name": (
        two(
            "",
            needs("requiredDecision", "#one") + needs("requiredInput", "#i"),
            '<inputData id="i" name="定级" />',
        ),
        "dmn-name",
        "two",
    ),
    "a knowledge model that is called and not required": (
        dmn(knowledge(ONE), decision(literal("f(1)"))),
        "dmn-name",
        "grade",
    ),
    "a knowledge model that names a variable": (
        dmn(knowledge(literal("a + outside")), decision(literal("f(1)"), inside=KNOWS)),
        "dmn-name",
        "m",
    ),
    "two functions of one name": (
        dmn(
            knowledge(ONE, inside=needs("requiredKnowledge", "#service")),
            service('<outputDecision href="#grade" />', name="f"),
            decision(ONE),
        ),
        "dmn-name",
        "m",
    ),
    "a knowledge model without logic": (
        dmn('<businessKnowledgeModel id="m" name="f" />', decision(ONE)),
        "dmn-expression",
        "m",
    ),
    "a call that gives too little": (
        dmn(knowledge(ONE), decision(invocation(), inside=KNOWS)),
        "dmn-invocation",
        "call",
    ),
    "a call that gives another parameter": (
        dmn(knowledge(ONE), decision(invocation("b"), inside=KNOWS)),
        "dmn-invocation",
        "call",
    ),
    "an item of a type that is not there": (
        dmn(item("<typeRef>money</typeRef>"), decision(ONE)),
        "dmn-type",
        "item",
    ),
    "an item that refers to itself": (
        dmn(item("<typeRef>t</typeRef>"), decision(ONE)),
        "dmn-item",
        "item",
    ),
    "an item named like a type of FEEL": (
        dmn(item("<typeRef>string</typeRef>", name="number"), decision(ONE)),
        "dmn-item",
        "item",
    ),
    "a component whose name is no name": (
        dmn(item('<itemComponent id="part" name="a.b" />'), decision(ONE)),
        "dmn-name",
        "part",
    ),
    "allowed values that name a variable": (
        dmn(
            item("<typeRef>number</typeRef><allowedValues><text>&lt; limit</text></allowedValues>"),
            decision(ONE),
        ),
        "dmn-name",
        "",
    ),
    "a service without outputs": (dmn(service(""), decision(ONE)), "dmn-service", "service"),
    "a service that leaves out what it needs": (
        two(
            "",
            needs("requiredDecision", "#one"),
            service('<outputDecision href="#two" />'),
        ),
        "dmn-service",
        "service",
    ),
    "a name with a space that is looked up as text": (
        dmn(decision(f'<context id="c">{entry("a b")}</context>', decision_id="one"),
            decision(literal('get value({}, "a b")'), decision_id="two")),
        "dmn-name",
        "two",
    ),
    "boxes too deep in each other": (
        dmn(decision("<list>" * 60 + ONE + "</list>" * 60)),
        "dmn-size",
        "",
    ),
    "too many decisions": (
        dmn(*(decision(ONE, decision_id=f"d{i}") for i in range(1_001))),
        "dmn-size",
        "",
    ),
    "more than the helper takes at once": (
        dmn(*(decision(literal(f'"{"长" * 9_000}"'), decision_id=f"d{i}") for i in range(20))),
        "dmn-size",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_run_is_refused_where_it_is(feel: FeelPool, name: str) -> None:
    content, rule, element_id = REFUSED[name]

    problems = check(content, feel)

    assert (rule, element_id) in {
        (p.rule, p.element_id) for p in problems if p.severity is Severity.ERROR
    }
    assert all(p.message and p.remedy for p in problems)


@pytest.mark.parametrize(
    "file",
    [
        *("boxed_expressions.dmn", "decision_requirements.dmn", "decision_types.dmn"),
        "hit_policies.dmn",
    ],
)
def test_what_the_other_tests_evaluate_may_be_deployed(feel: FeelPool, file: str) -> None:
    problems = check((DIAGRAMS / file).read_bytes(), feel)

    assert [p for p in problems if p.severity is Severity.ERROR] == []
