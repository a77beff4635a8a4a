"""The same events with a second way out: a token on each. BPMN 2.0.2, 8.4.13 and 13.3.1."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from tests.engine.builders import end, flows, user
from tests.engine.conformance import events
from tests.engine.conformance.cells import Cell, do
from tests.engine.conformance.containers import OPENS

BESIDE = user("beside") + end("beside_end") + flows("it", "beside", "beside_end")


def with_second_way(cell: Cell) -> Cell:
    """The cell with a task on a second flow out of its event, done when all else is."""
    source = cell.source.decode().replace(OPENS, OPENS + BESIDE, 1).encode()
    order = (*cell.order, "beside", "beside_end")
    table = f"{cell.table} with two flows out"
    return replace(
        cell, table=table, source=source, order=order, steps=(*cell.steps, *do("beside"))
    )


def goes_on(cell: Cell) -> bool:
    """Whether its event is one of the process itself, and leads on."""
    process = etree.fromstring(cell.source).find("{*}process")
    flow_ends = {flow.get("sourceRef") for flow in process.iterfind("{*}sequenceFlow")}
    return "it" in flow_ends


def cells() -> Iterator[Cell]:
    """Every event that the standard allows and that has a flow out."""
    for cell in events.cells():
        if cell.in_bpmn and goes_on(cell):
            yield with_second_way(cell)
