"""Small decision files, written as text or lying in `diagrams/`, and how to ask them."""

from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from service.domain.values import Variables
from service.engine import DecisionModel, DecisionResult, decision_models, evaluate_decision
from service.feel import FeelPool
from tests.engine.player import NOW

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


@cache
def models(file: str) -> dict[str, DecisionModel]:
    """The decisions of a file in `diagrams/`, by id."""
    content = (Path(__file__).parent / "diagrams" / file).read_bytes()
    return {model.decision_id: model for model in decision_models(content)}


def asked(feel: FeelPool, file: str, decision_id: str, variables: Variables) -> DecisionResult:
    """The answer of one decision of a file."""
    return evaluate_decision(models(file)[decision_id], decision_id, variables, feel=feel, now=NOW)


def column(tag: str, number: int, text: str = "", **more: str) -> str:
    """An input or output column; `type` becomes its typeRef, `allowed` its allowed values."""
    allowed = more.pop("allowed", "")
    type_ref = f" typeRef={quoteattr(more.pop('type'))}" if "type" in more else ""
    default = more.pop("default", "")
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in more.items())
    inside = ""
    if tag == "input":
        inside = f"<inputExpression{type_ref}><text>{escape(text)}</text></inputExpression>"
        type_ref = ""
    if allowed:
        inside += f"<{tag}Values><text>{escape(allowed)}</text></{tag}Values>"
    if default:
        inside += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>"
    return f'<{tag} id="{tag}{number}"{type_ref}{attributes}>{inside}</{tag}>'


def row(number: int, tests: list[str], conclusions: list[str]) -> str:
    """A rule `rule<number>`."""
    cells = "".join(f"<inputEntry><text>{escape(t)}</text></inputEntry>" for t in tests)
    cells += "".join(f"<outputEntry><text>{escape(t)}</text></outputEntry>" for t in conclusions)
    return f'<rule id="rule{number}">{cells}</rule>'


def table(
    rules: list[tuple[list[str], list[str]]],
    *,
    policy: str = "",
    inputs: tuple[str, ...] = ("score",),
    outputs: tuple[str, ...] = ("grade",),
    columns: str = "",
    more: str = "",
) -> str:
    """A decision table; `columns` replaces the columns made from `inputs` and `outputs`."""
    made = "".join(column("input", i, text) for i, text in enumerate(inputs, 1))
    made += "".join(column("output", i, name=name) for i, name in enumerate(outputs, 1))
    rows = "".join(row(i, *rule) for i, rule in enumerate(rules, 1))
    hit = f" hitPolicy={quoteattr(policy)}" if policy else ""
    return f'<decisionTable id="table"{hit}{more}>{columns or made}{rows}</decisionTable>'


def decision(logic: str, *, decision_id: str = "grade", inside: str = "") -> str:
    """A decision of this logic."""
    return f'<decision id="{decision_id}" name="定级">{inside}{logic}</decision>'


def dmn(*inside: str, namespace: str = DMN_13) -> bytes:
    """A decision file."""
    return (
        f'<definitions xmlns="{namespace}" id="grades" name="定级表" namespace="jiaoyan">'
        f"{''.join(inside)}</definitions>"
    ).encode()
