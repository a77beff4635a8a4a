"""The same events and gateways within each container. BPMN 2.0.2, 10.3.5 and 13.3.4."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from tests.engine.builders import diagram, end, flows, multi, start, sub
from tests.engine.conformance import events, gateways
from tests.engine.conformance.cells import DECLARED, Cell

OPENS, CLOSES = 'isExecutable="true">', "</bpmn:process>"


@dataclass(frozen=True, slots=True)
class Container:
    """What a process can be put into; `ends` are its elements in the order in which they end."""

    name: str
    tag: str
    ends: str
    characteristics: str = ""


LOOP = '<bpmn:standardLoopCharacteristics loopMaximum="1" />'

CONTAINERS = (
    Container("subprocess", "subProcess", "around"),
    Container("transaction", "transaction", "around"),
    Container("multi-instance", "subProcess", "around around", multi(times="1")),
    Container("loop", "subProcess", "around around", LOOP),
)


def within(cell: Cell, container: Container) -> Cell:
    """The cell's process as the content of the container."""
    text = cell.source.decode()
    content = text[text.index(OPENS) + len(OPENS) : text.index(CLOSES)]
    around = sub("around", container.characteristics, content, tag=container.tag)
    ways = flows("before", "around", "after")
    source = diagram(start("before"), around, end("after"), ways, declared=DECLARED)
    order = ("before", *cell.order, *container.ends.split(), "after") if cell.in_bpmn else ()
    table = f"{cell.table} within a {container.name}"
    return replace(cell, table=table, source=source, order=order)


def cells() -> Iterator[Cell]:
    """Every event and gateway within every container, but for what begins a process."""
    for container in CONTAINERS:
        for cell in chain(events.cells(), gateways.cells()):
            if cell.start_event is None and cell.place != events.PLACES[0].name:
                yield within(cell, container)
