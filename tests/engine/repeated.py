"""More diagrams as text: what repeats, what is called, what is chosen freely, what is undone."""

from itertools import count
from xml.sax.saxutils import escape, quoteattr

import pytest

from tests.engine.builders import (
    boundary,
    diagram,
    element,
    end,
    flows,
    multi,
    on,
    start,
    user,
)

BOTH = pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequence"])
"""Once with the items in parallel, once in sequence."""

_numbers = count(1)


def job(
    element_id: str, *, task_type: str = "work", extensions: str = "", inside: str = "", **more: str
) -> str:
    """A service task that may repeat."""
    definition = f"<zeebe:taskDefinition type={quoteattr(task_type)} />"
    return element("serviceTask", element_id, definition + extensions, inside, **more)


def standard_loop(condition: str = "", *, before: bool = False, most: str = "") -> str:
    """Standard loop characteristics."""
    text = (
        f'<bpmn:loopCondition xsi:type="bpmn:tFormalExpression">{escape(condition)}'
        "</bpmn:loopCondition>"
        if condition
        else ""
    )
    maximum = f' loopMaximum="{most}"' if most else ""
    return (
        f'<bpmn:standardLoopCharacteristics testBefore="{str(before).lower()}"{maximum}>'
        f"{text}</bpmn:standardLoopCharacteristics>"
    )


def call(
    element_id: str,
    process: str = "Other",
    *,
    extensions: str = "",
    inside: str = "",
    parent: bool = True,
    child: bool = True,
    **more: str,
) -> str:
    """A call activity."""
    called = (
        f"<zeebe:calledElement processId={quoteattr(process)}"
        f' propagateAllParentVariables="{str(parent).lower()}"'
        f' propagateAllChildVariables="{str(child).lower()}" />'
    )
    return element("callActivity", element_id, called + extensions, inside, **more)


def ad_hoc(
    element_id: str,
    *inside: str,
    chosen: str = "",
    outputs: str = "",
    output: str = "",
    until: str = "",
    rest: bool = True,
    extensions: str = "",
) -> str:
    """An ad-hoc subprocess; `rest` says whether what is left ends when the condition is met."""
    wanted = {
        "activeElementsCollection": chosen,
        "outputCollection": outputs,
        "outputElement": output,
    }
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in wanted.items() if value)
    condition = (
        f'<bpmn:completionCondition xsi:type="bpmn:tFormalExpression">{escape(until)}'
        "</bpmn:completionCondition>"
        if until
        else ""
    )
    return element(
        "adHocSubProcess",
        element_id,
        f"<zeebe:adHoc{attributes} />{extensions}",
        "".join(inside) + condition,
        cancelRemainingInstances=str(rest).lower(),
    )


def undone_by(host: str, handler: str) -> str:
    """A compensation boundary event and the way to its handler; the handler is an element."""
    name = handler.split('id="', 1)[1].split('"', 1)[0]
    marked = handler.replace(">", ' isForCompensation="true">', 1)
    number = next(_numbers)
    return (
        boundary(f"undo_{host}", host, on("compensate"))
        + marked
        + f'<bpmn:association id="association{number}" associationDirection="One"'
        f' sourceRef="undo_{host}" targetRef="{name}" />'
    )


def done_and_undone(name: str) -> str:
    """A user task, and another one called `un_…` that undoes it."""
    return user(name) + undone_by(name, user(f"un_{name}"))


def throw(event_id: str, definition: str, extensions: str = "") -> str:
    """An intermediate throw event."""
    return element("intermediateThrowEvent", event_id, extensions, definition)


def end_by(event_id: str, definition: str) -> str:
    """An end event of any kind."""
    return element("endEvent", event_id, inside=definition)


def start_by(event_id: str, definition: str, *, interrupting: bool = True) -> str:
    """The start event of an event subprocess."""
    return element(
        "startEvent", event_id, inside=definition, isInterrupting=str(interrupting).lower()
    )


def receive(element_id: str, message: str, *, extensions: str = "", inside: str = "") -> str:
    """A receive task."""
    return element("receiveTask", element_id, extensions, inside, messageRef=f"m_{message}")


def undo(activity: str = "", *, waits: bool = True) -> str:
    """The definition of a compensation throw event."""
    reference = f' activityRef="{activity}"' if activity else ""
    waiting = "" if waits else ' waitForCompletion="false"'
    return f"<bpmn:compensateEventDefinition{reference}{waiting} />"


def over_items(*, sequential: bool = False) -> str:
    """Once for each `item` of `items`; each leaves its `result` in `results`."""
    return multi("=items", item="item", outputs="results", output="=result", sequential=sequential)


def once_an_item(activity: str, name: str = "each", *, declared: str = "") -> bytes:
    """An activity between start and a user task `last`, so that the variables can be seen."""
    return diagram(
        start(),
        activity,
        user("last"),
        end(),
        flows("start", name, "last", "end"),
        declared=declared,
    )
