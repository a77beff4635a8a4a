"""What the tests of the deploy check share: what exists around a diagram, and short findings."""

from service.domain.problems import Problem, Severity
from service.engine import Known, check_bpmn
from service.feel import FeelPool
from tests.engine.builders import diagram, end, flows, service, start, user

KNOWN = Known(
    forms={"application": frozenset({"name", "score"}), "greedy": frozenset({"initiator"})},
    decisions=frozenset({"grade"}),
    task_types=frozenset({"work"}),
)

Found = tuple[str, str]
"""A rule's id and an element's id."""


def check(content: bytes, feel: FeelPool) -> list[Problem]:
    """The problems of a diagram among what is known."""
    return check_bpmn(content, resource="test.bpmn", known=KNOWN, feel=feel)


def errors(problems: list[Problem]) -> set[Found]:
    """Rule and element of each error."""
    return found(problems, Severity.ERROR)


def found(problems: list[Problem], severity: Severity) -> set[Found]:
    """Rule and element of each problem of this severity."""
    return {(p.rule, p.element_id) for p in problems if p.severity is severity}


def with_user_task(task: str, **more: str) -> bytes:
    """Start with a form, the user task `check`, end."""
    return diagram(start(form="application"), task, end(), flows("start", "check", "end"), **more)


def with_service_task(extensions: str, *, task_type: str = "work") -> bytes:
    """Start with a form, the service task `send`, end."""
    return diagram(
        start(form="application"),
        service("send", task_type=task_type, extensions=extensions),
        end(),
        flows("start", "send", "end"),
    )


def sound() -> bytes:
    """A diagram without fault."""
    return with_user_task(user("check", form="application"))


def around(*nodes: str) -> bytes:
    """Start with a form, the element `it` among these, end."""
    return diagram(start(form="application"), *nodes, end(), flows("start", "it", "end"))
