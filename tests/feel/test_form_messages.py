"""Every text that form-js can show has its Chinese."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORM_JS = ROOT / "node_modules/@bpmn-io/form-js-viewer/dist/index.es.js"
TEXTS = ROOT / "service/feel/helper/form-zh.json"

TEMPLATE = re.compile(r"""\b_?translate\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""")
CONDITIONAL = re.compile(r"""\b_?translate\([^'"()]*\?[^)]*\)""")
FIELD = re.compile(r"{\w+}")


def templates() -> set[str]:
    source = FORM_JS.read_text("utf-8")
    return {single or double for single, double in TEMPLATE.findall(source)} - {"HELLO {you}"}


def chinese() -> dict[str, str]:
    texts: dict[str, str] = json.loads(TEXTS.read_text("utf-8"))
    return texts


def test_every_template_of_form_js_has_its_chinese() -> None:
    found = templates()

    assert len(found) > 35
    assert found - chinese().keys() == set()


def test_no_template_is_chosen_in_a_way_this_test_does_not_see() -> None:
    assert CONDITIONAL.findall(FORM_JS.read_text("utf-8")) == []


def test_no_text_is_left_over_from_an_older_form_js() -> None:
    assert chinese().keys() - templates() == set()


def test_the_chinese_has_the_fields_of_its_template() -> None:
    for template, text in chinese().items():
        assert sorted(FIELD.findall(text)) == sorted(FIELD.findall(template)), template


def test_the_chinese_is_chinese() -> None:
    assert all(re.search(r"[\u4e00-\u9fff]", text) for text in chinese().values())
