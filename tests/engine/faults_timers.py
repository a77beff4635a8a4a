"""Diagrams with one timer that is wrong, or that nobody can have meant. BPMN 2.0.2, 10.5.5."""

from tests.engine.builders import boundary, flows, on, properties, user
from tests.engine.everything import begin
from tests.engine.faults_elements import Fault
from tests.engine.faults_events import bordered, caught, started, within
from tests.engine.faults_flows import row

TIMERS: dict[str, Fault] = {
    "a timer without a time": (
        caught("<bpmn:timerEventDefinition />"), "timer-definition", "it",
    ),
    "an empty timer": (caught(on("timeDuration", " ")), "timer-definition", "it"),
    "a duration that is none": (caught(on("timeDuration", "1h")), "timer-value", "it"),
    "a date that is none": (caught(on("timeDate", "tomorrow")), "timer-value", "it"),
    "a cycle that never comes": (
        bordered(on("timeCycle", "R0/PT1H"), interrupting=False), "timer-value", "b",
    ),
    "a cron that is none": (started(on("timeCycle", "0 99 * * *")), "timer-value", "second"),
    "a case a second": (
        started(on("timeCycle", "R/PT1S")), "timer-frequent", "second",
    ),
    "a case each ten seconds by the calendar": (
        started(on("timeCycle", "*/10 * * * * *")), "timer-frequent", "second",
    ),
    "a property of missed timers that is neither": (
        row(
            user("it"),
            boundary("b", "it", on("timeCycle", "R/P1D"), interrupting=False).replace(
                ">", ">" + "<bpmn:extensionElements>" + properties(timer_all_missed="some")
                + "</bpmn:extensionElements>", 1),
            flows("b", "end"),
        ),
        "timer-value",
        "b",
    ),
    "a property of missed timers without a cycle": (
        row(user("it"), begin("second", on("signal", "alarm"),
                              extensions=properties(timer_all_missed="true")),
            flows("second", "it")),
        "property-place",
        "second",
    ),
}  # fmt: skip

WARNINGS: dict[str, Fault] = {
    "a late date": (caught(on("timeDate", "9999-12-31T00:00:00Z")), "timer-far", "it"),
    "a duration of ages": (caught(on("timeDuration", "P9000Y")), "timer-far", "it"),
    "a cycle in the middle": (caught(on("timeCycle", "R3/PT1H")), "timer-cycle-place", "it"),
    "a cycle that interrupts": (bordered(on("timeCycle", "R3/PT1H")), "timer-cycle-place", "b"),
    "a cycle of an interrupting event subprocess": (
        within(on("timeCycle", "R/PT1H")),
        "timer-cycle-place",
        "in",
    ),
    "some cases within a minute": (
        started(on("timeCycle", "R3/PT10S")),
        "timer-frequent",
        "second",
    ),
    "a branch a second": (
        bordered(on("timeCycle", "R/PT1S"), interrupting=False),
        "timer-frequent",
        "b",
    ),
}
