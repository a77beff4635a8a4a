"""Every construct of BPMN at every place runs in order, is refused by name, or is not in BPMN."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import SpiffWorkflow.bpmn
from lxml import etree

from service.feel import FeelPool
from tests.engine.builders import on
from tests.engine.conformance.cells import Cell
from tests.engine.conformance.events import PLACES, Kind
from tests.engine.conformance.probe import FAULTS, Answer, Verdict, probe
from tests.engine.conformance.report import all_cells, answers, faulty, lines

CELLS = {cell.name: cell for cell in all_cells()}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell(feel: FeelPool, name: str) -> None:
    answer = probe(CELLS[name], feel)

    assert answer.verdict not in FAULTS, answer.why


UNDRAWN = {"event", "implicitThrowEvent"}
"""Elements of the schema that no diagram can hold or show."""


def test_no_cell_takes_the_place_of_another() -> None:
    assert len(CELLS) == len(all_cells())


def test_every_element_of_the_standard_s_schema_has_a_cell() -> None:
    folder = Path(SpiffWorkflow.bpmn.__file__).parent / "parser" / "schema"
    schema = etree.parse(folder / "Semantic.xsd")
    heads = ("flowElement", "eventDefinition", "loopCharacteristics", "gateway", "event")
    concrete = {
        element.get("name")
        for element in schema.iter("{*}element")
        if element.get("substitutionGroup") in heads and element.get("abstract") != "true"
    }
    shown = {
        name for cell in CELLS.values() for name in re.findall(r"<bpmn:(\w+)", cell.source.decode())
    }

    assert concrete - shown == UNDRAWN


def error_on(place: str, **more: str) -> Cell:
    """An error event at this place."""
    chosen = next(one for one in PLACES if one.name == place)
    source, order, steps = chosen.frame(Kind("error", on("error", "x"), ""))
    return replace(Cell("events", "error", place, source, tuple(order.split()), steps), **more)  # type: ignore[arg-type]


SOUND = error_on("boundary, interrupting")
UNHEARD_OF = error_on("intermediate catch")


def test_another_order_is_wrong(feel: FeelPool) -> None:
    cell = replace(SOUND, order=(*SOUND.order[:-1], "other"))

    answer = probe(cell, feel)

    assert answer.verdict is Verdict.WRONG
    assert "instead of" in answer.why
    assert probe(SOUND, feel) == Answer(Verdict.RUNS)


def test_a_run_that_does_not_end_is_wrong(feel: FeelPool) -> None:
    answer = probe(replace(SOUND, steps=SOUND.steps[:-1], order=SOUND.order[:-2]), feel)

    assert answer == Answer(Verdict.WRONG, "did not end; handler wait")


def test_a_step_that_cannot_be_taken_is_wrong(feel: FeelPool) -> None:
    assert probe(replace(SOUND, steps=SOUND.steps * 2), feel).verdict is Verdict.WRONG


def test_accepting_what_the_standard_forbids_is_wrong(feel: FeelPool) -> None:
    assert probe(replace(SOUND, order=()), feel) == Answer(Verdict.WRONG, "accepted")


def test_refusing_what_the_standard_allows_is_missing(feel: FeelPool) -> None:
    assert probe(UNHEARD_OF, feel).verdict is Verdict.MISSING
    assert probe(replace(UNHEARD_OF, order=()), feel).verdict is Verdict.NOT_IN_BPMN


def test_the_command_names_the_proof_and_fails_with_a_fault(feel: FeelPool) -> None:
    sound = answers([SOUND], feel)
    faults = answers([SOUND, UNHEARD_OF, replace(SOUND, order=())], feel)

    assert not faulty(sound)
    assert "runs         tests/engine/test_conformance.py::test_a_cell[" in "\n".join(lines(sound))
    assert list(lines(sound))[-1] == "silently wrong: 0"
    assert faulty(faults)
    assert list(lines(faults))[-2:] == ["MISSING: 1", "silently wrong: 1"]
