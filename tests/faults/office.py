"""The procedures that the scenarios run, and the programs that run them.

`python -m tests.faults.office serve|worker`: what `jiaoyan serve` and `jiaoyan worker` start, with
these handlers instead of the bureau's.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text

from service import serving
from service.app import Bureau
from service.procedure import Procedure, TaskContext
from service.settings import Settings
from tests.engine.builders import (
    boundary,
    catch,
    diagram,
    end,
    flows,
    on,
    parallel,
    properties,
    service,
    start,
    user,
)

MODULE = "tests.faults.office"
LONGEST_WAIT = 300.0
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
ENTRIES = "fault_entry"
"""A register without any key: what is written twice is there twice."""

MAKE_ENTRIES = f"CREATE TABLE {ENTRIES} (element_instance_key BIGINT, instance_key BIGINT)"
_WRITE = text(f"INSERT INTO {ENTRIES} VALUES (:element, :instance)")  # noqa: S608 - a name of ours

procedure = Procedure("faults", title="故障演练")


@procedure.handler("entry")
def enter(context: TaskContext) -> None:
    """Enter the step in the register, in the transaction of the step."""
    values = {"element": context.element_instance_key, "instance": context.instance_key}
    context.session.execute(_WRITE, values)


@procedure.handler("entry.held")
def enter_when_let(context: TaskContext) -> None:
    """The same in the midst of its transaction: says where it is, and waits until it may go on."""
    enter(context)
    (Path(str(context.variables["folder"])) / f"reached-{os.getpid()}").touch()
    until = time.monotonic() + LONGEST_WAIT
    while not (Path(str(context.variables["folder"])) / "go-on").exists():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.02)


LATER = properties(**{"async": "true"})
ME = "=initiator"

DIAGRAMS: Mapping[str, bytes] = {
    "paper": diagram(
        start(), user("submit", assignee=ME), service("enter", task_type="entry", extensions=LATER),
        user("read", assignee=ME), end(), flows("start", "submit", "enter", "read", "end"),
        process_id="paper",
    ),
    "pair": diagram(
        start(), parallel("fork"), user("left", assignee=ME), user("right", assignee=ME),
        parallel("join"), service("enter", task_type="entry"), user("read", assignee=ME), end(),
        flows("start", "fork", "left", "join", "enter", "read", "end"),
        flows("fork", "right", "join"), process_id="pair",
    ),
    "clocks": diagram(
        start(), parallel("fork"), catch("left", on("timeDate", "=at")),
        catch("right", on("timeDate", "=at")), parallel("join"),
        service("enter", task_type="entry"), end(),
        flows("start", "fork", "left", "join", "enter", "end"), flows("fork", "right", "join"),
        process_id="clocks",
    ),
    "alarm": diagram(
        start(), catch("wait", on("timeDate", "=at")), end(), flows("start", "wait", "end"),
        process_id="alarm",
    ),
    "hourly": diagram(
        start(), user("submit", assignee=ME), boundary("tick", "submit", on("timeCycle", "R/PT1H"),
        interrupting=False), end("ticked"), end(), flows("start", "submit", "end"),
        flows("tick", "ticked"), process_id="hourly",
    ),
    "held": diagram(
        start(), service("enter", task_type="entry.held", extensions=LATER), end(),
        flows("start", "enter", "end"), process_id="held",
    ),
}  # fmt: skip


def main() -> None:
    """Run one of the programs until it is told to stop, or whoever started it is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    run = {"serve": serving.serve, "worker": serving.work}[sys.argv[1]]
    run(Settings.read(os.environ), Bureau(procedures=[procedure]))


if __name__ == "__main__":
    main()
