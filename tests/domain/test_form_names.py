"""What a form is called: its name, its first heading, or nothing."""

import pytest

from service.domain.form_names import form_name
from service.domain.values import Json


def text(content: Json) -> Json:
    return {"type": "text", "text": content}


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ({"name": " 请假单 ", "components": [text("# 别的")]}, "请假单"),
        ({"name": "", "components": [text("说明\n\n## **请假**单")]}, "请假单"),
        ({"components": [text("没有标题"), text("### 出差单"), text("# 以后")]}, "出差单"),
        ({"components": [text("# {{who}}的申请"), text('="# " + who'), text("# 申请")]}, "申请"),
        ({"name": "请\n假\u0000单", "components": []}, "请 假单"),
        ({"name": "字" * 300}, "字" * 200),
        ({"name": "<b>&", "components": []}, "<b>&"),
    ],
    ids=["name", "heading", "first", "templates", "one line", "length", "marks"],
)
def test_a_form_is_called(schema: Json, name: str) -> None:
    assert form_name(schema) == name


@pytest.mark.parametrize(
    "schema",
    [
        None,
        [],
        {},
        {"name": 3, "components": "x"},
        {"name": [], "components": [3, {"text": 4}, text("#没有空格"), text("# ")]},
    ],
)
def test_a_form_that_says_nothing_has_no_name(schema: Json) -> None:
    assert form_name(schema) == ""
