"""Diagrams are drawn to be read: no name lies over a shape, another name or a flow, no flow crosses
a shape."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.processes.builders import ROOT

DIAGRAMS = sorted((ROOT / "bpmn").glob("*.bpmn"))

_NAMES = {
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
_FRAMES = {"participant", "lane", "subProcess"}
_HAN, _LATIN, _LINE = 11, 6, 14
"""Pixels of a letter, and of a line, of the names beside shapes."""
_SLACK = 6
"""A name is as wide as its bounds, and a little more, before it goes on below."""


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    def meets(self, other: "Box", by: float = 2) -> bool:
        """Whether they share more than an edge."""
        return (
            self.x + by < other.x + other.width
            and other.x + by < self.x + self.width
            and self.y + by < other.y + other.height
            and other.y + by < self.y + self.height
        )


@dataclass(slots=True)
class Drawing:
    """What a diagram draws, by the ids of its elements."""

    names: dict[str, str] = field(default_factory=dict)
    frames: set[str] = field(default_factory=set)
    hosts: dict[str, str] = field(default_factory=dict)
    flows: dict[str, tuple[str, str]] = field(default_factory=dict)
    shapes: dict[str, Box] = field(default_factory=dict)
    texts: dict[str, Box] = field(default_factory=dict)
    lines: dict[str, list[Box]] = field(default_factory=dict)

    def faults(self) -> Iterator[str]:
        """Say what covers what."""
        for one, text in self.texts.items():
            yield from self._under(one, text)
        for one, other in combinations(self.texts, 2):
            if self.texts[one].meets(self.texts[other]):
                yield f"name of {one} over name of {other}"
        for flow, parts in self.lines.items():
            yield from self._crossed(flow, parts)

    def _under(self, one: str, text: Box) -> Iterator[str]:
        for other, shape in self.shapes.items():
            if other not in {one, *self.frames} and text.meets(shape):
                yield f"name of {one} over {other}"
        for flow, parts in self.lines.items():
            if any(text.meets(part) for part in parts):
                yield f"name of {one} over flow {flow}"

    def _crossed(self, flow: str, parts: Sequence[Box]) -> Iterator[str]:
        ends = self.flows[flow]
        near = {*self.frames, *ends, *(self.hosts.get(end, "") for end in ends)}
        for one, shape in self.shapes.items():
            apart = one not in near and self.hosts.get(one) not in ends
            if apart and any(shape.meets(part) for part in parts):
                yield f"flow {flow} through {one}"


def read(path: Path) -> Drawing:
    root = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    drawn = Drawing()
    for one in root.iter():
        key, tag = one.get("id", ""), one.tag.rpartition("}")[2]
        drawn.names[key] = one.get("name", "")
        if tag in _FRAMES:
            drawn.frames.add(key)
        if host := one.get("attachedToRef"):
            drawn.hosts[key] = host
        if tag == "sequenceFlow":
            drawn.flows[key] = (one.get("sourceRef", ""), one.get("targetRef", ""))
    for one in root.iterfind(".//bpmndi:BPMNShape", _NAMES):
        drawn.shapes[one.get("bpmnElement", "")] = _box(one.find("dc:Bounds", _NAMES))
    for one in root.iterfind(".//bpmndi:BPMNEdge", _NAMES):
        if (flow := one.get("bpmnElement", "")) in drawn.flows:
            points = [
                (_n(each, "x"), _n(each, "y")) for each in one.iterfind("di:waypoint", _NAMES)
            ]
            drawn.lines[flow] = [_line(*a, *b) for a, b in pairwise(points)]
    for one in root.iterfind(".//*[bpmndi:BPMNLabel]", _NAMES):
        key, bounds = one.get("bpmnElement", ""), one.find("bpmndi:BPMNLabel/dc:Bounds", _NAMES)
        if bounds is not None and drawn.names.get(key):
            drawn.texts[key] = _text(drawn.names[key], _box(bounds))
    return drawn


def _text(name: str, bounds: Box) -> Box:
    """Where a name is written: in the middle of its bounds, from their top."""
    wide = sum(_HAN if ord(letter) > 255 else _LATIN for letter in name)
    room = bounds.width + _SLACK
    width = min(wide, room)
    lines = math.ceil(wide / room)
    return Box(bounds.x + (bounds.width - width) / 2, bounds.y, width, lines * _LINE)


def _line(x: float, y: float, to_x: float, to_y: float) -> Box:
    """A straight part of a flow, thick enough to meet what it crosses."""
    return Box(min(x, to_x) - 2, min(y, to_y) - 2, abs(x - to_x) + 4, abs(y - to_y) + 4)


def _box(bounds: ElementTree.Element | None) -> Box:
    assert bounds is not None
    return Box(*(_n(bounds, name) for name in ("x", "y", "width", "height")))


def _n(one: ElementTree.Element, name: str) -> float:
    return float(one.get(name, "nan"))


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_nothing_covers_what_is_to_be_read(path: Path) -> None:
    assert list(read(path).faults()) == []


def test_a_name_over_a_flow_and_a_flow_through_a_shape_are_found() -> None:
    drawn = read(ROOT / "bpmn" / "recruitment_checks.bpmn")
    name, flow = next(iter(drawn.texts)), next(iter(drawn.lines))
    drawn.lines[flow] = [drawn.texts[name]]
    assert f"name of {name} over flow {flow}" in list(drawn.faults())
    shape = next(one for one in drawn.shapes if one not in {*drawn.frames, *drawn.flows[flow]})
    drawn.lines[flow] = [drawn.shapes[shape]]
    assert f"flow {flow} through {shape}" in list(drawn.faults())
