"""What people read of a form or a diagram: Chinese, no code, no long number, no day of programs."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.processes.builders import ROOT, components

FORMS = sorted((ROOT / "forms").glob("*.form"))
DIAGRAMS = sorted((ROOT / "bpmn").glob("*.bpmn"))

_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_ADDRESS = re.compile(r"\]\([^)]*\)")
_RULE = re.compile(r"\b[A-Z]{1,2}-[A-Z0-9-]+[a-d]?\b|\b[A-Z]\d[a-z]?\b|[A-C]\d{4}(?:-\d\d){1,2}")
_NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
}
_KNOWN = re.compile(r"DOCX|PDF|JPG|PNG|OFD|MB|Excel")
_CODE = re.compile(r"[A-Za-z]{2,}|\d{17,}|\d{4}-\d\d-\d\d|_")


def of_form(path: Path) -> Iterator[str]:
    """All texts of a form that are shown as they are."""
    for one in components(json.loads(path.read_text("utf-8"))):
        yield from (str(one.get(name) or "") for name in ("label", "description", "text"))
        for name in ("values", "columns"):
            rows = one.get(name)
            if isinstance(rows, list):
                yield from (str(row.get("label", "")) for row in rows if isinstance(row, dict))


def of_diagram(path: Path) -> Iterator[str]:
    """The names of a diagram's elements, what their tasks explain, what their buttons say.

    What a procedure says of itself is read by people where they may start it; else by designers.
    """
    root = ElementTree.parse(path).getroot()  # noqa: S314 - our own file
    starts = root.find(".//bpmn:startEvent//zeebe:formDefinition", _NAMES) is not None
    for one in [*root.iterfind(".//bpmn:userTask", _NAMES), *root.iterfind("bpmn:process", _NAMES)]:
        if starts or not one.tag.endswith("process"):
            yield one.findtext("bpmn:documentation", "", _NAMES)
    for one in root.iter():
        tag = one.tag.rpartition("}")[2]
        if tag == "property" and one.get("name") == "jiaoyan.outcomes":
            yield from (row.partition("=")[2] for row in str(one.get("value")).split(";"))
        elif tag not in {"message", "error", "escalation", "signal", "property"}:
            yield one.get("name") or ""


def left_over(text: str) -> list[str]:
    """What of a text only a program understands."""
    if text.lstrip().startswith("="):
        return []
    for known in (_EXPRESSION, _ADDRESS, _RULE, _KNOWN):
        text = known.sub("", text)
    return _CODE.findall(text)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_written_for_people(path: Path) -> None:
    assert [(text, left_over(text)) for text in of_form(path) if left_over(text)] == []


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_diagram_is_written_for_people(path: Path) -> None:
    assert [(text, left_over(text)) for text in of_diagram(path) if left_over(text)] == []


@pytest.mark.parametrize(
    "text", ["结论：no_quorum", "有效期至2030-08-03", "议题913844630240060417", "Remove row"]
)
def test_what_only_a_program_understands_is_found(text: str) -> None:
    assert left_over(text)
