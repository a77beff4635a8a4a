"""Diagrams with one event whose definitions contradict each other. BPMN 2.0.2, 10.3.5, 10.5.4."""

from tests.engine.builders import boundary, flows, on, parallel, start, sub, user
from tests.engine.everything import catch, ending, throw
from tests.engine.faults_elements import Fault
from tests.engine.faults_flows import row

COMBINED: dict[str, Fault] = {
    "a link that is waited for beside a signal": (
        row(
            user("it"),
            throw("from", on("link", "x")),
            catch("to", on("link", "x"), on("signal", "alarm")),
            parallel("fork"), flows("start", "fork", "from"), flows("fork", "to", "end"),
        ),
        "event-combination",
        "to",
    ),
    "a border that undoes beside a signal": (
        row(
            user("it"),
            boundary("b", "it", on("compensate") + on("signal", "alarm")),
            user("undone", isForCompensation="true"),
            '<bpmn:association id="b_undone" sourceRef="b" targetRef="undone" />',
        ),
        "event-combination",
        "b",
    ),
    "an end that cancels and fails": (
        row(
            sub("it", start("in"), ending("out", on("cancel"), on("error", "broken")),
                flows("in", "out"), tag="transaction"),
            boundary("b", "it", on("cancel")), flows("b", "end"),
        ),
        "event-combination",
        "out",
    ),
}  # fmt: skip
