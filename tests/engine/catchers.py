"""Diagrams with something that catches: beside a task, at a border, behind an error."""

from tests.engine.builders import (
    boundary,
    call,
    declare,
    diagram,
    end,
    flows,
    inner,
    message,
    multi,
    on,
    receive,
    service,
    start,
    user,
)

DECLARED = (
    message("help")
    + message("order")
    + "".join(declare(kind, "x") for kind in ("signal", "error", "escalation"))
    + declare("error", "y")
)


def process(*elements: str) -> bytes:
    """A process with a task and these elements beside it."""
    way = flows("start", "work", "end")
    return diagram(start(), user("work"), end(), way, *elements, declared=DECLARED)


ACTIVITIES = {
    "user": user("act"),
    "service": service("act"),
    "receive": receive("act", "order"),
    "subprocess": inner("act", "work"),
    "call": call("act"),
    "multi_instance": inner("act", "work", more=multi("=[1,2,3]", item="i")),
    "sequence": inner("act", "work", more=multi("=[1,2,3]", item="i", sequential=True)),
}


def hosted(activity: str, definition: str, *, interrupting: bool = True) -> bytes:
    """An activity `act` with an event at its border that leads to a task."""
    return diagram(
        start(),
        activity,
        boundary("event", "act", definition, interrupting=interrupting),
        user("handler"),
        user("after"),
        end(),
        flows("start", "act", "after", "end") + flows("event", "handler", "end"),
        declared=DECLARED,
    )


def handled(*elements: str, ways: str = "", **handlers: str) -> bytes:
    """Elements in a process; each handler task is behind the boundary event of its name."""
    tasks = "".join(user(task) for task in handlers.values())
    paths = "".join(flows(event, task, "end") for event, task in handlers.items())
    return diagram(start(), *elements, tasks, end(), ways, paths, declared=DECLARED)


def box(code: str = "x", name: str = "box", more: str = "") -> str:
    """A subprocess that ends in an error once its task is done."""
    return inner(name, f"{name}_work", end_with=on("error", code), more=more)
