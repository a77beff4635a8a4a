"""The parts of a file, as they are compared."""

import pytest

from service.domain.design_changes import Part, design_changes
from service.domain.values import Json
from service.engine import form_parts, model_parts
from tests.fixtures_commands import DIAGRAMS

RATING = (DIAGRAMS / "rating.bpmn").read_bytes()
LEVEL = (DIAGRAMS / "level.dmn").read_bytes()


def changed(old: bytes, new: bytes) -> list[tuple[str, str, str | None, str | None]]:
    first, second = model_parts(old), model_parts(new)
    assert first is not None
    assert second is not None
    found = design_changes(first, second).parts
    return [(one.id, value.place, value.old, value.new) for one in found for value in one.values]


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("=level = &quot;", "=x = &quot;", []),
        ('=level = "合格"', '=level = "优"', [("pass_passed", "conditionExpression")]),
        ('formId="score"', 'formId="points"', [("score", "formDefinition@formId")]),
        ('name="打分"', 'name="评分"', [("score", "@name")]),
        ('targetRef="rate"/', 'targetRef="pass"/', [("score_rate", "@targetRef")]),
        ("<bpmn:incoming>score_rate</bpmn:incoming>", "", []),
    ],
)
def test_of_a_diagram_each_element_says_what_differs(
    old: str, new: str, change: list[tuple[str, str]]
) -> None:
    other = RATING.decode().replace(old, new).encode()
    assert [(id, place) for id, place, *_ in changed(RATING, other)] == change


def test_of_a_table_each_rule_says_what_differs() -> None:
    other = LEVEL.replace(b"&gt;= 60", b"&gt;= 70")
    assert changed(LEVEL, other) == [("level_good", "inputEntry/text", ">= 60", ">= 70")]
    parts = model_parts(LEVEL)
    assert parts is not None
    assert parts.by_id["level_bad"].name == "第 2 行"
    assert parts.by_id["level_result"].kind == "output"


def test_moved_shapes_are_another_picture_and_ids_of_shapes_are_not() -> None:
    first = model_parts(LEVEL)
    moved = model_parts(LEVEL.replace(b'x="', b'x="1'))
    renamed = model_parts(LEVEL.replace(b"levels_diagram", b"drawing"))
    assert first is not None
    assert moved is not None
    assert renamed is not None
    assert first.picture != moved.picture
    assert first == renamed


def test_mappings_and_properties_are_told_apart() -> None:
    content = b"""<a xmlns="u" id="a"><t id="t"><extensionElements><ioMapping>
        <input source="=1" target="x"/><input source="=2" target="y"/></ioMapping>
        <properties><property name="p" value="1"/><property name="p" value="2"/></properties>
        </extensionElements></t></a>"""
    parts = model_parts(content)
    assert parts is not None
    assert parts.by_id["t"] == Part(
        "t",
        "",
        {
            "ioMapping/input[x]@source": "=1",
            "ioMapping/input[y]@source": "=2",
            "properties/property[p]@value": "1",
            "properties/property[p][2]@value": "2",
        },
    )


def test_of_a_form_each_field_says_what_differs() -> None:
    field: Json = {"id": "f", "type": "textfield", "label": "姓名", "validate": {"required": True}}
    schema: Json = {
        "id": "leave",
        "name": "请假单",
        "components": [{"type": "group", "id": "g", "components": [field, 3]}],
    }
    parts = form_parts(schema)
    assert parts is not None
    assert list(parts.by_id) == ["", "g", "f"]
    assert parts.by_id["f"].values == {"id": "f", "label": "姓名", "validate.required": "true"}
    assert parts.by_id[""].name == "请假单"


@pytest.mark.parametrize("content", [b"", b"<a", b"{}", b"<!DOCTYPE a><a/>"])
def test_what_is_no_file_has_no_parts(content: bytes) -> None:
    assert model_parts(content) is None
    assert form_parts([]) is None
